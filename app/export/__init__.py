"""Sinks of frame results: context managers, one module per format."""
