"""Nothing leaves this machine: the usage reporting of third-party libraries is off before they are imported."""

from __future__ import annotations

import os
import sys


def switch_off_telemetry() -> None:
    """Call before the first import of openvino or onnxruntime; calling it again is harmless.

    OpenVINO writes a client id below the home folder and reports its import through the package
    openvino_telemetry; it falls back to a stub when that package cannot be imported.
    ONNX Runtime writes a device id and an event file unless its environment variable says no.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # None in sys.modules makes `import openvino_telemetry` raise ImportError.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
