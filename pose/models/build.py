"""Names of architectures → torch networks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from torch import nn

from pose.models.architectures import ARCHITECTURES
from pose.models.config import LITEPOSE
from pose.models.lite_hrnet import LITE_HRNET, LiteHRNet
from pose.models.litepose import build_litepose
from pose.models.rmpg import RMPG
from pose.models.simple_baseline import DECONV_WIDTH, SimpleBaseline


def build_network(arch: str, num_keypoints: int, parts: bool = False) -> nn.Module:
    """A randomly initialised network; `arch` is a key of ARCHITECTURES.

    parts: with the heads of part supervision, if it has an RMPG.
    """
    if arch in LITEPOSE:
        return build_litepose(arch, num_keypoints)
    host, _, neck = arch.partition("+")
    lite = neck.endswith("lite")
    if host in LITE_HRNET:
        config = LITE_HRNET[host]
        module = RMPG(config.widths[0], lite=lite, parts=parts) if neck else None
        return LiteHRNet(config, num_keypoints, module)
    return SimpleBaseline(num_keypoints, RMPG(DECONV_WIDTH, lite=lite, parts=parts) if neck else None)


def builders() -> dict[str, Callable[[int], nn.Module]]:
    """For every architecture: number of keypoints → network."""
    return {name: partial(build_network, name) for name in ARCHITECTURES}
