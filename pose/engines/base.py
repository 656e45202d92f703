"""What every inference engine is, and the check of its input that all of them share."""

from __future__ import annotations

import os
from typing import Literal, Protocol, Self

import numpy as np
from numpy.typing import NDArray

EngineName = Literal["auto", "openvino", "onnxruntime", "torch"]
Device = Literal["auto", "cpu", "cuda", "mps"]
Precision = Literal["auto", "fp32", "bf16", "fp16", "int8"]
Maps = tuple[NDArray[np.float32], NDArray[np.float32]]

STRIDE = 32  # height and width of a network input are multiples of this
MAX_THREADS = 8  # beyond this, networks of this size gain nothing and take cores from the rest


class Engine(Protocol):
    """Runs one network.

    engine(images) takes (N, H, W, 3) uint8 BGR, H and W multiples of 32, and returns heatmaps
    (N, K, H/2, W/2) float32, the mean of the upsampled coarse and the fine map, and tags
    (N, K, H/4, W/4) float32. Raises EngineError if the device fails or runs out of memory.
    At most `streams` threads may call it at a time.
    """

    @property
    def name(self) -> str: ...

    @property
    def device(self) -> str: ...

    @property
    def precision(self) -> str: ...

    @property
    def reason(self) -> str:
        """One sentence that says why this engine, device and precision were taken."""
        ...

    @property
    def streams(self) -> int: ...

    def with_streams(self, streams: int) -> Engine:
        """The same network for up to so many calls at a time, each on its share of the cores.

        More frames per second, but each takes longer; the maps are the same. An engine that would gain nothing by it
        stays as it is, with one stream.
        """
        ...

    def __call__(self, images: NDArray[np.uint8]) -> Maps: ...


class OneAtATime:
    """For engines that one call keeps busy."""

    streams = 1

    def with_streams(self, streams: int) -> Self:
        return self


def check_images(images: NDArray[np.uint8]) -> None:
    """Raises ValueError unless `images` is (N, H, W, 3) uint8 with H and W multiples of 32."""
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] != 3:
        raise ValueError(f"images must be (N, H, W, 3) uint8, got {images.shape} {images.dtype}")
    n, h, w, _ = images.shape
    if n == 0 or h == 0 or w == 0 or h % STRIDE or w % STRIDE:
        raise ValueError(f"the sides of network inputs must be multiples of {STRIDE}, got {images.shape}")


def thread_count(threads: int | None) -> int:
    """`threads`, or if None the cores this process may use, at most MAX_THREADS."""
    if threads is not None:
        return max(1, threads)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MAX_THREADS)
