"""opencv-python bundles its own Qt on Linux and, at import, points Qt's environment at it: undo that.

Call `forget_opencv_qt()` after cv2 was imported and before QApplication is made; otherwise PyQt6 loads OpenCV's
Qt 5 platform plug-in and aborts.
"""

from __future__ import annotations

import os

_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


def forget_opencv_qt() -> None:
    """Remove the variables that importing cv2 has set; values that point elsewhere are the user's and stay."""
    import cv2  # imported here so that no later import of it can set them again

    package = os.path.dirname(cv2.__file__)  # noqa: PTH120 - compared with what cv2 itself has joined as strings
    for name in _VARIABLES:
        if os.environ.get(name, "").startswith(package):
            del os.environ[name]
