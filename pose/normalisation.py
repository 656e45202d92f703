"""The statistics that LitePose's inputs are normalised with, in RGB order on a 0-1 scale (ImageNet)."""

MEAN_RGB = (0.485, 0.456, 0.406)
STD_RGB = (0.229, 0.224, 0.225)
