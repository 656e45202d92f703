"""A training job for any machine with a graphics card: photos and labels in one file, a time, and nothing else.

Needs PyTorch, NumPy, OpenCV, SciPy and safetensors. `python -m pose.training.kit --help`; see docs/training.md.
"""
