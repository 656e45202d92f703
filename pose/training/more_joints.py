"""A network that learns further joints while what it gives for those it knows stays as it is.

The output layers are linear in features that do not change: rows for the further joints are added to them, and what
is best in these rows is solved for, by weighted least squares over views of labelled photos.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pose.models.litepose import LitePose
from pose.skeleton import Skeleton
from pose.training.fit_batches import ViewBatch

_RIDGE = 1e-4  # of the mean square of the features
_TAG_RIDGE = 1e-2


def with_more_joints(model: LitePose, known: Skeleton, wanted: Skeleton, batches: Iterable[ViewBatch]) -> LitePose:
    """A copy of `model` for the joints of `wanted`, whose first are those of `known`; their maps stay bit-identical.

    batches: views with targets of `wanted`. A further joint's tags are fitted to the tag that `model` gives the person.
    Raises ValueError unless `wanted` begins with the joints of `known`.
    """
    k, extra = known.num_keypoints, wanted.num_keypoints - known.num_keypoints
    if wanted.keypoint_names[:k] != known.keypoint_names or extra < 0:
        raise ValueError(f"{wanted.name} does not begin with the joints of {known.name}")
    model = model.eval()
    maps, tags = _Solver(_width(model, 0) + _width(model, 1), extra), _Solver(_width(model, 0), extra)
    with torch.no_grad():
        for batch in batches:
            coarse, fine, tag_maps = _features(model, batch.images)
            _add_maps(maps, coarse, fine, batch, k)
            _add_tags(tags, coarse, tag_maps, batch, k)
    return _widened(model, k, extra, maps.solve(_RIDGE), tags.solve(_TAG_RIDGE))


class _Solver:
    """Weighted least squares for several outputs, each with its own weights, from sums over rows."""

    def __init__(self, features: int, outputs: int) -> None:
        self._gram = torch.zeros(outputs, features, features, dtype=torch.float64)
        self._right = torch.zeros(outputs, features, dtype=torch.float64)

    def add(self, output: int, rows: Tensor, goal: Tensor, weight: Tensor) -> None:
        """rows: (N, features); goal and weight: (N,)."""
        weighted = rows * weight[:, None]
        self._gram[output] += (weighted.T @ rows).double()
        self._right[output] += (weighted.T @ goal).double()

    def solve(self, ridge: float) -> Tensor:
        """(outputs, features) float32; 0 for outputs without rows."""
        mean_square = self._gram.diagonal(dim1=1, dim2=2).mean(dim=1).clamp(min=1e-12)
        damping = (ridge * mean_square)[:, None, None] * torch.eye(self._gram.shape[1], dtype=torch.float64)
        return torch.linalg.solve(self._gram + damping, self._right).float()


def _outputs(model: LitePose, level: int) -> tuple[nn.Conv2d, nn.Conv2d]:
    """The output layers of the refined and the raw features at 1/4 (level 0) or 1/2 (level 1)."""
    refined: Any = model.final_refined[level]
    raw: Any = model.final_raw[level]
    return refined.conv[3], raw.conv[3]


def _width(model: LitePose, level: int) -> int:
    refined, raw = _outputs(model, level)
    return refined.in_channels + raw.in_channels


def _features(model: LitePose, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """What the output layers read at 1/4 and 1/2, (B, C, h, w) each, and the tag maps (B, K, h/4, w/4)."""
    read: dict[tuple[int, int], Tensor] = {}
    handles = []
    for level in (0, 1):
        for i, layer in enumerate(_outputs(model, level)):

            def keep(_: object, inputs: tuple[Tensor, ...], key: tuple[int, int] = (level, i)) -> None:
                read[key] = inputs[0]

            handles.append(layer.register_forward_pre_hook(keep))
    coarse, _ = model(images)
    for handle in handles:
        handle.remove()
    joined = [torch.cat([read[level, 0], read[level, 1]], dim=1) for level in (0, 1)]
    return joined[0], joined[1], coarse[:, model.num_keypoints :]


def _add_maps(solver: _Solver, coarse: Tensor, fine: Tensor, batch: ViewBatch, known: int) -> None:
    """The decoded map is the mean of the upsampled coarse one and the fine one."""
    up = F.interpolate(coarse, size=fine.shape[2:], mode="bilinear", align_corners=False)
    rows = (torch.cat([up, fine], dim=1) / 2).movedim(1, -1).flatten(0, 2)
    for output in range(batch.targets.heatmaps.shape[1] - known):
        goal = batch.targets.heatmaps[:, known + output].reshape(-1)
        weight = batch.targets.weights[:, known + output].reshape(-1) * (1 + 10 * goal)
        used = weight > 0
        solver.add(output, rows[used], goal[used], weight[used])


def _add_tags(solver: _Solver, coarse: Tensor, tag_maps: Tensor, batch: ViewBatch, known: int) -> None:
    targets = batch.targets
    count, (h, w) = targets.heatmaps.shape[1], coarse.shape[2:]
    view, rest = targets.tag_cells // (count * h * w), targets.tag_cells % (count * h * w)
    joint, cell = rest // (h * w), rest % (h * w)
    is_known = joint < known
    people = len(targets.person_images)
    read = tag_maps[view, joint.clamp(max=known - 1), cell // w, cell % w]
    total = torch.zeros(people).index_add(0, targets.tag_people[is_known], read[is_known])
    counts = torch.zeros(people).index_add(0, targets.tag_people[is_known], torch.ones_like(read[is_known]))
    wanted = ~is_known & (counts[targets.tag_people] > 0)
    goal = (total / counts.clamp(min=1))[targets.tag_people]
    rows = coarse[view, :, cell // w, cell % w]
    for output in range(count - known):
        used = wanted & (joint == known + output)
        solver.add(output, rows[used], goal[used], torch.ones_like(goal[used]))


def _widened(model: LitePose, known: int, extra: int, maps: Tensor, tags: Tensor) -> LitePose:
    result = LitePose(model.config, known + extra)
    state = dict(model.state_dict())
    at = 0
    for level in (0, 1):
        for group in ("final_refined", "final_raw"):
            name = f"{group}.{level}.conv.3.weight"
            old = state[name]
            width = old.shape[1]
            rows = maps[:, at : at + width, None, None]
            if level == 0:  # heatmaps, then tags
                more = tags[:, at : at + width, None, None]
                state[name] = torch.cat([old[:known], rows, old[known:], more])
            else:
                state[name] = torch.cat([old, rows])
            at += width
    result.load_state_dict(state)
    return result.eval()
