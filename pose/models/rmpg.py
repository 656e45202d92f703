"""RMPG: recursive part grouping as a module for any feature map (our reading of arXiv 2501.11069).

What the authors state: the map is split along its channels into a tree; relations among sibling sub-maps give each of
them context; sub-maps with context are joined again, upwards, into a map of the same shape; some sub-maps may be
supervised with parts of the body. Where their text leaves freedom, this is *our reading*: siblings attend to each
other pixel by pixel, space is mixed by the 3x3 convolutions of query, key and value, and the context enters with a
learned weight that starts at zero, so that attaching the module to a trained network changes nothing at first.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod, sqrt
from typing import cast

import torch
from torch import Tensor, nn

from pose.skeleton import Skeleton

SPLITS = (2, 2, 2)
SUPERVISED_LEVELS = 2


def _projection(width: int, lite: bool) -> nn.Sequential:
    """Width → width over 3x3 pixels: dense, or depthwise and 1x1."""
    if not lite:
        return nn.Sequential(nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width))
    depthwise = nn.Conv2d(width, width, 3, padding=1, groups=width, bias=False)
    return nn.Sequential(depthwise, nn.Conv2d(width, width, 1, bias=False), nn.BatchNorm2d(width))


class SiblingContext(nn.Module):
    """What each of `children` equal groups of channels learns from all of them, pixel by pixel.

    (B, C, H, W) → (B, C, H, W): out_i = sum_j softmax_j(<q_i, k_j> / sqrt(C / children)) v_j.
    """

    def __init__(self, width: int, children: int, lite: bool) -> None:
        super().__init__()
        self.siblings, self.scale = children, 1 / sqrt(width / children)
        self.query, self.key, self.value = (_projection(width, lite) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        queries, keys, values = (f(x).chunk(self.siblings, dim=1) for f in (self.query, self.key, self.value))
        context = []
        for query in queries:
            likeness = torch.cat([(query * key).sum(1, keepdim=True) for key in keys], dim=1)
            weights = torch.softmax(likeness * self.scale, dim=1).chunk(self.siblings, dim=1)
            weighted = [weight * value for weight, value in zip(weights, values, strict=True)]
            total = weighted[0]
            for other in weighted[1:]:
                total = total + other
            context.append(total)
        return torch.cat(context, dim=1)


class RMPGNode(nn.Module):
    """One node of the tree: its children first, then what they learn from each other."""

    def __init__(self, width: int, splits: Sequence[int], lite: bool) -> None:
        super().__init__()
        self.splits = splits[0]
        deeper = [RMPGNode(width // splits[0], splits[1:], lite) for _ in range(splits[0])] if len(splits) > 1 else []
        self.nodes = nn.ModuleList(deeper)
        self.context = SiblingContext(width, splits[0], lite)
        self.gamma = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        return self.levels(x)[0][0]

    def levels(self, x: Tensor) -> list[list[Tensor]]:
        """The refined sub-maps, level by level: this node's, its children's, … (leaves, which nothing refines, not)."""
        below: list[list[Tensor]] = []
        if len(self.nodes):
            chunks = x.chunk(self.splits, dim=1)
            nodes = cast("list[RMPGNode]", list(self.nodes))
            trees = [node.levels(chunk) for node, chunk in zip(nodes, chunks, strict=True)]
            below = [[feature for tree in trees for feature in tree[n]] for n in range(len(trees[0]))]
            x = torch.cat(below[0], dim=1)
        return [[x + self.gamma * self.context(x)], *below]


class RMPG(nn.Module):
    """(B, width, H, W) → the same shape.

    splits: into how many groups of channels the map, its groups, and so on are split; width is a multiple of their
            product.
    lite:   depthwise and 1x1 instead of dense 3x3 convolutions.
    parts:  also heads for part supervision, see `with_parts`; training only.
    """

    def __init__(self, width: int, splits: Sequence[int] = SPLITS, lite: bool = False, parts: bool = False) -> None:
        super().__init__()
        if not splits or width % prod(splits):
            raise ValueError(f"a map of {width} channels cannot be split by {list(splits)}")
        self.root = RMPGNode(width, splits, lite)
        self.part_heads = nn.ModuleList()
        if parts:
            if tuple(splits[:SUPERVISED_LEVELS]) != (2, 2) or len(splits) <= SUPERVISED_LEVELS:
                raise ValueError(f"part supervision needs splits (2, 2, …), not {list(splits)}")
            for level in range(1, SUPERVISED_LEVELS + 1):
                self.part_heads.extend(nn.Conv2d(width >> level, 1, 1) for _ in range(2**level))

    def forward(self, x: Tensor) -> Tensor:
        return self.root(x)

    def with_parts(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The refined map and (B, 6, H, W) part heatmaps in the order of `body_parts`."""
        levels = self.root.levels(x)
        features = [feature for level in levels[1 : 1 + SUPERVISED_LEVELS] for feature in level]
        maps = [head(feature) for head, feature in zip(self.part_heads, features, strict=True)]
        return levels[0][0], torch.cat(maps, dim=1)


def body_parts(skeleton: Skeleton) -> list[list[int]]:
    """Joints of the parts that the sub-maps of a tree of halves are supervised with (our reading).

    Level 1: upper body, lower body. Level 2: head and arm of the left and of the right side, left leg, right leg.
    """
    lower = [any(limb in name for limb in ("hip", "knee", "ankle")) for name in skeleton.keypoint_names]
    joints = range(skeleton.num_keypoints)
    halves = [[j for j in joints if not lower[j]], [j for j in joints if lower[j]]]
    sides = [[j for j in half if skeleton.side(j) in (side, "centre")] for half in halves for side in ("left", "right")]
    return [*halves, *sides]
