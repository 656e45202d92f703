"""Weights: which there are (`library`), one file (`file`), foreign checkpoints (`checkpoint`)."""
