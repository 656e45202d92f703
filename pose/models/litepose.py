"""LitePose: a single-branch network for bottom-up multi-person pose (arXiv 2205.01271).

Module names follow the official release, so that official checkpoints load strictly.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from pose.models.config import KERNEL, LITEPOSE, STAGE_STRIDES, LitePoseConfig, hidden_channels

__all__ = ["LITEPOSE", "LitePose", "LitePoseConfig"]


def conv_bn_relu6(inp: int, out: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inp, out, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(out),
        nn.ReLU6(inplace=True),
    )


def conv_bn(inp: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inp, out, 1, bias=False), nn.BatchNorm2d(out))


class InvertedBottleneck(nn.Module):
    """1x1 expand, depthwise 7x7, 1x1 project; identity added when shapes allow."""

    def __init__(self, inp: int, out: int, stride: int) -> None:
        super().__init__()
        hidden = hidden_channels(inp)
        self.inv = conv_bn_relu6(inp, hidden, 1)
        self.depth_conv = conv_bn_relu6(hidden, hidden, KERNEL, stride, groups=hidden)
        self.point_conv = conv_bn(hidden, out)
        self.residual = stride == 1 and inp == out

    def forward(self, x: Tensor) -> Tensor:
        y = self.point_conv(self.depth_conv(self.inv(x)))
        return x + y if self.residual else y


class SepConv(nn.Module):
    """Depthwise 5x5 and a 1x1 that maps features to output maps."""

    def __init__(self, inp: int, out: int) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(inp, inp, 5, 1, 2, groups=inp, bias=False),
            nn.BatchNorm2d(inp),
            nn.ReLU(inplace=True),
            nn.Conv2d(inp, out, 1, bias=False),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


class LitePose(nn.Module):
    """Image (B, 3, H, W), normalised RGB, H and W multiples of 32 → two maps.

    Returns `(coarse, fine)`: coarse (B, 2K, H/4, W/4) holds K heatmaps and K tag maps,
    fine (B, K, H/2, W/2) holds K heatmaps. neck: a module that keeps the shape of the deepest map, config.stages[3]
    channels at 1/16, such as `pose.models.rmpg.RMPG`.
    """

    def __init__(self, config: LitePoseConfig, num_keypoints: int, neck: nn.Module | None = None) -> None:
        super().__init__()
        self.config = config
        self.num_keypoints = k = num_keypoints
        self.first = nn.Sequential(
            conv_bn_relu6(3, 32, 3, stride=2),
            conv_bn_relu6(32, 32, 3, groups=32),
            *conv_bn(32, config.stem),
        )
        stages, inp = [], config.stem
        for width, depth, stride in zip(config.stages, config.blocks, STAGE_STRIDES, strict=True):
            blocks = [
                InvertedBottleneck(inp if i == 0 else width, width, stride if i == 0 else 1) for i in range(depth)
            ]
            stages.append(nn.Sequential(*blocks))
            inp = width
        self.stage = nn.ModuleList(stages)
        self.neck = neck or nn.Identity()

        s0, s1, s2, s3 = config.stages
        d0, d1, d2 = config.deconvs

        def deconv(inp: int, out: int) -> nn.ConvTranspose2d:
            return nn.ConvTranspose2d(inp, out, 4, 2, 1, bias=False)

        self.deconv_refined = nn.ModuleList([deconv(s3, d0), deconv(d0, d1), deconv(d1, d2)])
        self.deconv_raw = nn.ModuleList([deconv(s2, d0), deconv(s1, d1), deconv(s0, d2)])
        self.deconv_bnrelu = nn.ModuleList(
            [nn.Sequential(nn.BatchNorm2d(d), nn.ReLU(inplace=True)) for d in config.deconvs]
        )
        self.final_refined = nn.ModuleList([SepConv(d1, 2 * k), SepConv(d2, k)])
        self.final_raw = nn.ModuleList([SepConv(s0, 2 * k), SepConv(config.stem, k)])

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        stem = self.first(image)
        features = [stem]
        for stage in self.stage:
            features.append(stage(features[-1]))
        _, raw0, raw1, raw2, deepest = features
        refined = self.neck(deepest)
        outputs = []
        for i, raw in enumerate((raw2, raw1, raw0)):
            refined = self.deconv_bnrelu[i](self.deconv_refined[i](refined) + self.deconv_raw[i](raw))
            if i > 0:
                skip = (raw0, stem)[i - 1]
                outputs.append(self.final_refined[i - 1](refined) + self.final_raw[i - 1](skip))
        return outputs[0], outputs[1]


def build_litepose(size: str, num_keypoints: int) -> LitePose:
    """A randomly initialised network; `size` is a key of LITEPOSE such as "litepose-m"."""
    return LitePose(LITEPOSE[size], num_keypoints)


def upsample_and_average(coarse: Tensor, fine: Tensor) -> tuple[Tensor, Tensor]:
    """Network outputs → heatmaps (B, K, H/2, W/2), tags (B, K, H/4, W/4)."""
    heatmaps, tags = coarse.chunk(2, 1)
    up = torch.nn.functional.interpolate(heatmaps, size=fine.shape[2:], mode="bilinear", align_corners=False)
    return (up + fine) * 0.5, tags
