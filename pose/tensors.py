"""Names of what goes into networks and comes out of them, and the version of ONNX in which their graphs are written."""

PIXELS, HEATMAPS, TAGS = "image_bgr", "heatmaps", "tags"
OPSET = 17
IR_VERSION = 8  # what OPSET came with; newer ones shut out older runtimes for nothing
