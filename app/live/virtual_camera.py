"""The annotated frame as a webcam for calls and streams, where the system has a virtual camera."""

from __future__ import annotations

import sys
from typing import Any

import cv2
import numpy as np

from app.live.address import optional_module
from app.live.frame import LiveFrame, LiveRun
from app.render.overlay import OverlayStyle, draw_overlay
from pose.errors import MediaError
from pose.sentence import Sentence
from pose.skeleton import SKELETONS


class VirtualCameraOutput:
    """Raises MediaError if pyvirtualcam or the system's virtual camera is missing. device: None = any."""

    def __init__(self, run: LiveRun, style: OverlayStyle | None = None, device: str | None = None) -> None:
        module = optional_module("pyvirtualcam", "pyvirtualcam", "The virtual camera")
        self._size = run.width - run.width % 2, run.height - run.height % 2  # what webcams can be
        self._skeleton, self._style = SKELETONS[run.skeleton], style or OverlayStyle()
        try:
            self._camera: Any = module.Camera(
                *self._size, fps=max(1.0, run.fps), fmt=module.PixelFormat.BGR, device=device, print_fps=False
            )
        except (RuntimeError, OSError) as error:
            if device:
                raise MediaError("{device} is no virtual camera of this system.", device=device) from error
            if sys.platform == "linux":
                raise MediaError(
                    "This system has no virtual camera; load the kernel module v4l2loopback (modprobe v4l2loopback)."
                ) from error
            raise MediaError("This system has no virtual camera; OBS brings one.") from error
        self.name = Sentence("Virtual camera {device}", device=self._camera.device)
        self.warning = ""
        self._closed = False

    def send(self, frame: LiveFrame) -> None:
        result = frame.result
        image = draw_overlay(result.frame.image_bgr, result.tracks, self._skeleton, self._style)
        if image.shape[1::-1] != self._size:
            image = np.asarray(cv2.resize(image, self._size, interpolation=cv2.INTER_AREA), np.uint8)
        try:
            self._camera.send(np.ascontiguousarray(image))
        except RuntimeError as error:
            raise MediaError(str(error)) from error

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._camera.close()
