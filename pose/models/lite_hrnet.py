"""Lite-HRNet: a light high-resolution network for top-down pose (arXiv 2104.06403).

Module names follow the official release, so that official and MMPose checkpoints load strictly. The network is
described once, here: engines read the graph that `pose.models.export` makes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

STEM = 32
CROSS_RATIO, SPATIAL_RATIO = 8, 4
BLOCKS_PER_MODULE = 2


@dataclass(frozen=True)
class LiteHRNetConfig:
    """One member of the family.

    modules:   modules in each of the three stages, which have two, three and four branches.
    widths:    channels of the branches, at 1/4, 1/8, 1/16 and 1/32 of the input.
    weighting: conditional channel weighting ("Lite"), or the 1x1 convolutions of shuffle blocks ("naive").
    """

    modules: tuple[int, int, int]
    widths: tuple[int, int, int, int] = (40, 80, 160, 320)
    weighting: bool = True


LITE_HRNET = {
    "lite-hrnet-18": LiteHRNetConfig((2, 4, 2)),
    "lite-hrnet-30": LiteHRNetConfig((3, 8, 3)),
    "naive-lite-hrnet-18": LiteHRNetConfig((2, 4, 2), (30, 60, 120, 240), weighting=False),
    "wider-naive-lite-hrnet-18": LiteHRNetConfig((2, 4, 2), weighting=False),
}


class ConvBN(nn.Module):
    """Convolution and batch normalisation, under the names `conv` and `bn`, and what follows them."""

    def __init__(
        self, inp: int, out: int, kernel: int = 1, stride: int = 1, groups: int = 1, act: nn.Module | None = None
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inp, out, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(out)
        self.act = act or nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.bn(self.conv(x)))


class MeanPool(nn.Module):
    """Averages cells of `cell` x `cell` pixels: what adaptive pooling is when the sides are its multiples."""

    def __init__(self, cell: int) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, x: Tensor) -> Tensor:
        return functional.avg_pool2d(x, self.cell)


class GlobalMean(nn.Module):
    """(B, C, H, W) → (B, C, 1, 1)."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3), keepdim=True)


class Upsample(nn.Module):
    """Nearest neighbour, or bilinear with corners aligned, by a whole factor."""

    def __init__(self, factor: int, mode: str = "nearest") -> None:
        super().__init__()
        self.factor, self.mode = factor, mode

    def forward(self, x: Tensor) -> Tensor:
        corners = None if self.mode == "nearest" else True
        return functional.interpolate(x, scale_factor=self.factor, mode=self.mode, align_corners=corners)


def depthwise_pointwise(inp: int, out: int, stride: int, act: bool = True) -> nn.Sequential:
    """Depthwise 3x3, BN, 1x1, BN and, unless told otherwise, ReLU."""
    layers = [
        nn.Conv2d(inp, inp, 3, stride, 1, groups=inp, bias=False),
        nn.BatchNorm2d(inp),
        nn.Conv2d(inp, out, 1, bias=False),
        nn.BatchNorm2d(out),
    ]
    return nn.Sequential(*layers, nn.ReLU()) if act else nn.Sequential(*layers)


class Stem(nn.Module):
    """(B, 3, H, W) → (B, 32, H/4, W/4)."""

    def __init__(self) -> None:
        super().__init__()
        half = STEM // 2
        self.conv1 = ConvBN(3, STEM, 3, stride=2, act=nn.ReLU())
        self.branch1 = nn.Sequential(ConvBN(half, half, 3, stride=2, groups=half), ConvBN(half, half, act=nn.ReLU()))
        self.expand_conv = ConvBN(half, STEM, act=nn.ReLU())
        self.depthwise_conv = ConvBN(STEM, STEM, 3, stride=2, groups=STEM)
        self.linear_conv = ConvBN(STEM, half, act=nn.ReLU())
        self.shuffle = nn.ChannelShuffle(2)

    def forward(self, image: Tensor) -> Tensor:
        first, second = self.conv1(image).chunk(2, dim=1)
        second = self.linear_conv(self.depthwise_conv(self.expand_conv(second)))
        return self.shuffle(torch.cat([self.branch1(first), second], dim=1))


class CrossResolutionWeighting(nn.Module):
    """Weights for every channel of every branch from all branches, at the coarsest resolution."""

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        total = sum(widths)
        self.widths = list(widths)
        self.conv1 = ConvBN(total, total // CROSS_RATIO, act=nn.ReLU())
        self.conv2 = ConvBN(total // CROSS_RATIO, total, act=nn.Sigmoid())
        steps = range(len(widths) - 1, 0, -1)
        self.pools = nn.ModuleList([MeanPool(2**n) for n in steps])
        self.upsamples = nn.ModuleList([Upsample(2**n) for n in steps])

    def forward(self, branches: list[Tensor]) -> list[Tensor]:
        pooled = [pool(x) for pool, x in zip(self.pools, branches, strict=False)]
        weights = self.conv2(self.conv1(torch.cat([*pooled, branches[-1]], dim=1))).split(self.widths, dim=1)
        larger = [up(w) for up, w in zip(self.upsamples, weights, strict=False)]
        return [x * w for x, w in zip(branches, [*larger, weights[-1]], strict=True)]


class _BiasedConv(nn.Module):
    """A 1x1 convolution with a bias, under the name `conv`."""

    def __init__(self, inp: int, out: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inp, out, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


class SpatialWeighting(nn.Module):
    """Squeeze and excitation: one weight per channel from the mean over the map."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = _BiasedConv(width, width // SPATIAL_RATIO)
        self.conv2 = _BiasedConv(width // SPATIAL_RATIO, width)
        self.pool, self.relu, self.sigmoid = GlobalMean(), nn.ReLU(), nn.Sigmoid()

    def forward(self, x: Tensor) -> Tensor:
        return x * self.sigmoid(self.conv2(self.relu(self.conv1(self.pool(x)))))


class ConditionalChannelWeighting(nn.Module):
    """The block of Lite-HRNet, over all branches of a stage; one half of each branch passes untouched."""

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        halves = [width // 2 for width in widths]
        self.cross_resolution_weighting = CrossResolutionWeighting(halves)
        self.depthwise_convs = nn.ModuleList([ConvBN(half, half, 3, groups=half) for half in halves])
        self.spatial_weighting = nn.ModuleList([SpatialWeighting(half) for half in halves])
        self.shuffle = nn.ChannelShuffle(2)

    def forward(self, branches: list[Tensor]) -> list[Tensor]:
        halves = [x.chunk(2, dim=1) for x in branches]
        weighted = self.cross_resolution_weighting([second for _, second in halves])
        layers = zip(self.depthwise_convs, self.spatial_weighting, weighted, strict=True)
        changed = [weighting(conv(x)) for conv, weighting, x in layers]
        return [self.shuffle(torch.cat([first, x], dim=1)) for (first, _), x in zip(halves, changed, strict=True)]


class ShuffleBlock(nn.Module):
    """The block of the naive network, over one branch."""

    def __init__(self, width: int) -> None:
        super().__init__()
        half = width // 2
        self.branch2 = nn.Sequential(
            ConvBN(half, half, act=nn.ReLU()), ConvBN(half, half, 3, groups=half), ConvBN(half, half, act=nn.ReLU())
        )
        self.shuffle = nn.ChannelShuffle(2)

    def forward(self, x: Tensor) -> Tensor:
        first, second = x.chunk(2, dim=1)
        return self.shuffle(torch.cat([first, self.branch2(second)], dim=1))


class LiteHRModule(nn.Module):
    """Two blocks on every branch, then an exchange between the branches.

    The released weights were trained with an exchange that counts the first branch twice and adds to it before the
    others read it. In closed form, with f_ij from branch j to branch i:
        s = 2 x_0 + sum_j f_0j(x_j);  out_0 = relu(s);  out_i = relu(2 f_i0(s) + x_i + sum_{j != 0, i} f_ij(x_j)).
    """

    def __init__(self, widths: Sequence[int], weighting: bool) -> None:
        super().__init__()
        self.weighting = weighting
        if weighting:
            blocks = [ConditionalChannelWeighting(widths) for _ in range(BLOCKS_PER_MODULE)]
            self.layers: nn.Sequential | nn.ModuleList = nn.Sequential(*blocks)
        else:
            rows = [[ShuffleBlock(width) for _ in range(BLOCKS_PER_MODULE)] for width in widths]
            self.layers = nn.ModuleList([nn.Sequential(*row) for row in rows])
        n = range(len(widths))
        # None, where a branch stays as it is, is what the released names leave room for.
        exchanges: Any = [nn.ModuleList([_exchange(widths, i, j) for j in n]) for i in n]  # type: ignore[misc]
        self.fuse_layers: Any = nn.ModuleList(exchanges)
        self.relu, self.enlarge = nn.ReLU(), Upsample(2)

    def forward(self, branches: list[Tensor]) -> list[Tensor]:
        if self.weighting:
            x = self.layers(branches)
        else:
            x = [layer(branch) for layer, branch in zip(self.layers, branches, strict=True)]
        return self.exchange(x)

    def exchange(self, x: list[Tensor]) -> list[Tensor]:
        first = self._with_coarser(0, 2 * x[0], x)
        out = [self.relu(first)]
        for i in range(1, len(x)):
            total = 2 * self.fuse_layers[i][0](first) + x[i]
            for j in range(1, i):
                total = total + self.fuse_layers[i][j](x[j])
            out.append(self.relu(self._with_coarser(i, total, x)))
        return out

    def _with_coarser(self, i: int, total: Tensor, x: list[Tensor]) -> Tensor:
        """The total and f_ij of all coarser branches, added from the coarsest on: enlarging twice by 2 is enlarging
        by 4, so only one map has to be enlarged to each size."""
        coarser: Tensor | None = None
        for j in range(len(x) - 1, i, -1):
            conv, bn, _ = self.fuse_layers[i][j]
            term = bn(conv(x[j]))
            coarser = self.enlarge(term if coarser is None else term + coarser)
        return total if coarser is None else total + coarser


def _exchange(widths: Sequence[int], to: int, source: int) -> nn.Module | None:
    inp, out = widths[source], widths[to]
    if source > to:
        factor = 2 ** (source - to)
        return nn.Sequential(nn.Conv2d(inp, out, 1, bias=False), nn.BatchNorm2d(out), Upsample(factor))
    if source == to:
        return None
    steps = to - source
    return nn.Sequential(
        *(depthwise_pointwise(inp, inp if n < steps - 1 else out, 2, act=n < steps - 1) for n in range(steps))
    )


class _Project(nn.Module):
    def __init__(self, inp: int, out: int) -> None:
        super().__init__()
        self.depthwise_conv = ConvBN(inp, inp, 3, groups=inp)
        self.pointwise_conv = ConvBN(inp, out, act=nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        return self.pointwise_conv(self.depthwise_conv(x))


class IterativeHead(nn.Module):
    """From the coarsest branch to the finest: project, enlarge, add. Returns the finest map, (B, widths[0], …)."""

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        coarse_first = list(widths)[::-1]
        pairs = [*pairwise(coarse_first), (coarse_first[-1], coarse_first[-1])]
        self.projects = nn.ModuleList([_Project(inp, out) for inp, out in pairs])
        self.upsample = Upsample(2, "bilinear")

    def forward(self, branches: list[Tensor]) -> Tensor:
        x = self.projects[0](branches[-1])
        for project, branch in zip(self.projects[1:], branches[-2::-1], strict=True):
            x = project(branch + self.upsample(x))
        return x


class LiteHRNetBackbone(nn.Module):
    """(B, 3, H, W), normalised RGB, H and W multiples of 32 → (B, widths[0], H/4, W/4)."""

    def __init__(self, config: LiteHRNetConfig) -> None:
        super().__init__()
        self.stem = Stem()
        before: tuple[int, ...] = (STEM,)
        for stage, count in enumerate(config.modules):
            widths = config.widths[: stage + 2]
            self.add_module(f"transition{stage}", _transition(before, widths))
            modules = [LiteHRModule(widths, config.weighting) for _ in range(count)]
            self.add_module(f"stage{stage}", nn.Sequential(*modules))
            before = widths
        self.head_layer = IterativeHead(config.widths)

    def forward(self, image: Tensor) -> Tensor:
        branches = [self.stem(image)]
        for stage in range(3):
            transition, modules = getattr(self, f"transition{stage}"), getattr(self, f"stage{stage}")
            entered = [x if layer is None else layer(x) for layer, x in zip(transition, branches, strict=False)]
            branches = modules([*entered, transition[-1](branches[-1])])
        return self.head_layer(branches)


def _transition(before: Sequence[int], widths: Sequence[int]) -> nn.ModuleList:
    """Existing branches change their width if they have to; one branch is new, at half the lowest resolution."""
    layers: list[Any] = [
        None if old == new else depthwise_pointwise(old, new, stride=1)
        for old, new in zip(before, widths, strict=False)
    ]
    return nn.ModuleList([*layers, nn.Sequential(depthwise_pointwise(before[-1], widths[-1], stride=2))])


class HeatmapHead(nn.Module):
    """One 1x1 convolution with a bias, feature map → K heatmaps."""

    def __init__(self, width: int, num_keypoints: int) -> None:
        super().__init__()
        self.final_layer = nn.Conv2d(width, num_keypoints, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.final_layer(x)


class LiteHRNet(nn.Module):
    """A crop of one person (B, 3, H, W), normalised RGB, H and W multiples of 32 → heatmaps (B, K, H/4, W/4).

    neck: a module that keeps the shape of the map before the head, such as `pose.models.rmpg.RMPG`.
    """

    def __init__(self, config: LiteHRNetConfig, num_keypoints: int, neck: nn.Module | None = None) -> None:
        super().__init__()
        self.config = config
        self.num_keypoints = num_keypoints
        self.backbone = LiteHRNetBackbone(config)
        self.neck = neck or nn.Identity()
        self.keypoint_head = HeatmapHead(config.widths[0], num_keypoints)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.normal_(module.weight, std=0.001)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, image: Tensor) -> Tensor:
        return self.keypoint_head(self.neck(self.backbone(image)))
