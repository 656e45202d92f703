"""A teacher that sees every view, on the device that trains: its maps stand in where labels are silent."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from pose.codec import TARGET_SIGMA
from pose.models.litepose import LitePose, upsample_and_average
from pose.skeleton import Skeleton
from pose.training.widening import REACH

_MULTIPLE = 32


def batch_teacher(
    network: LitePose, skeleton: Skeleton, factor: float, flip: bool, largest: int = 448
) -> Callable[[Tensor], Tensor]:
    """Views (V, 3, S, S) as networks read them → heatmaps (V, K, S/2, S/2) with Gaussians of TARGET_SIGMA.

    The network sees the views at `factor` times their size (it finds more where people are larger), but not enlarged
    beyond `largest` pixels; with `flip` also mirrored.
    """
    network.eval().requires_grad_(False)
    mirror = list(skeleton.flip_index)

    @torch.no_grad()
    def teach(views: Tensor) -> Tensor:
        size = views.shape[2]
        seen_size = min(round(size * factor / _MULTIPLE) * _MULTIPLE, max(size, largest))
        seen = views if seen_size == size else F.interpolate(views, size=seen_size, mode="bilinear", antialias=True)
        with torch.autocast(views.device.type, torch.bfloat16, enabled=views.device.type == "cuda"):
            maps = _maps(network, seen)
            if flip:
                maps = (maps + _maps(network, seen.flip(3))[:, mirror].flip(3)) / 2
        maps = widen_batch(maps, seen_size / size)
        return maps if seen_size == size else F.interpolate(maps, size=size // 2, mode="bilinear", antialias=True)

    return teach


def _maps(network: LitePose, views: Tensor) -> Tensor:
    coarse, fine = network(views.contiguous(memory_format=torch.channels_last))
    return upsample_and_average(coarse.float(), fine.float())[0]


def widen_batch(maps: Tensor, factor: float) -> Tensor:
    """`pose.training.widening.widen` for maps (V, K, h, w) on any device."""
    if factor <= 1:
        return maps
    variance = (factor**2 - 1) * TARGET_SIGMA**2
    maps = maps.clamp(min=0)
    for axis in (2, 3):
        widened = maps.clone()
        for shift in range(1, int(REACH * variance**0.5) + 2):
            lowered = maps * float(torch.exp(torch.tensor(-(shift**2) / (2 * variance))))
            length = maps.shape[axis] - shift
            after, before = widened.narrow(axis, shift, length), widened.narrow(axis, 0, length)
            torch.maximum(after, lowered.narrow(axis, 0, length), out=after)
            torch.maximum(before, lowered.narrow(axis, shift, length), out=before)
        maps = widened
    return maps
