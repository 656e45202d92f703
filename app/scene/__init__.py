"""A rendered scene of articulated people with exact ground truth, drawn with NumPy and OpenCV alone."""
