"""Choosing, loading and measuring models on this machine."""
