"""What views of labelled photos train, made in batches on the device: heatmaps, where they count, and tags."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pose.codec import TARGET_SIGMA
from pose.training.bank import PhotoBank
from pose.training.targets import COARSE_STRIDE, FINE_STRIDE, read_tags
from pose.training.views import Placement, photo_grid, stitch

# The decoded map is the mean of the maps at 1/4 and 1/2, each with peaks of TARGET_SIGMA: so is what it is trained for.
# (A Gaussian of the finer width alone took LitePose-M 4 points of AP, docs/experiments/labels.md.)
_SIGMAS = (TARGET_SIGMA, TARGET_SIGMA * COARSE_STRIDE / FINE_STRIDE)
_RADIUS = int(3 * max(_SIGMAS) + 1)
_NEAR = 0.1  # height of a labelled joint's Gaussian from which its label decides, whatever region it lies in


@dataclass(frozen=True)
class LabelledJoints:
    """People of V views. keypoints: (P, K, 2), pixels from the view's edge: a pixel's middle is at its number + 1/2.
    weights: (P, K), 0 = not labelled or not shown; views: (P,), the view of each person."""

    keypoints: NDArray[np.float32]
    weights: NDArray[np.float32]
    views: NDArray[np.int64]


@dataclass(frozen=True)
class ViewTargets:
    """heatmaps, weights: (V, K, S/2, S/2) of the decoded map; weight 0 = the labels are silent there.

    tag_cells, tag_people, person_images: as in `Batch`.
    """

    heatmaps: Tensor
    weights: Tensor
    tag_cells: Tensor
    tag_people: Tensor
    person_images: Tensor


def find_joints(bank: PhotoBank, placement: Placement) -> LabelledJoints:
    """The labelled people of the views, with the joints outside of them dropped."""
    mirror = list(bank.skeleton.flip_index)
    rows, views = bank.people_of(placement.photos)
    matrices = placement.matrices[views]
    keypoints = np.einsum("pij,pkj->pki", matrices[:, :, :2], bank.keypoints[rows]) + matrices[:, None, :, 2]
    weights = bank.weights[rows]
    mirrored = placement.mirrored[views]
    keypoints[mirrored] = keypoints[mirrored][:, mirror]
    weights[mirrored] = weights[mirrored][:, mirror]
    inside = ((keypoints >= 0) & (keypoints < placement.size)).all(axis=2)
    return LabelledJoints(keypoints.astype(np.float32), weights * inside, views)


def silent(bank: PhotoBank, placement: Placement, device: torch.device) -> Tensor:
    """(V, K, S/2, S/2) bool: where the labels say nothing: unknown regions, joints that the labeller does not know,
    and joints without a label within the box of their person."""
    k, n, mirror = bank.skeleton.num_keypoints, len(placement.photos), list(bank.skeleton.flip_index)
    cells = placement.size // FINE_STRIDE
    places = photo_grid(placement, cells, device)
    rows, views = bank.regions_of(placement.photos)
    region = torch.zeros((n, cells, cells), dtype=torch.uint8, device=device)
    region.index_add_(0, _tensor(views, device), _within(places, views, bank.regions[rows], device).byte())
    known = bank.joints[placement.photos]
    known = np.where(placement.mirrored[:, None], known[:, mirror], known)
    result = (region[:, None] > 0) | ~_tensor(known, device)[:, :, None, None]
    rows, views = bank.people_of(placement.photos)
    missing = bank.weights[rows] == 0
    mirrored = placement.mirrored[views]
    missing[mirrored] = missing[mirrored][:, mirror]
    boxes = _within(places, views, bank.boxes[rows], device).byte()
    people, joints = np.nonzero(missing)
    unseen = torch.zeros((n * k, cells, cells), dtype=torch.uint8, device=device)
    unseen.index_add_(0, _tensor(views[people] * k + joints, device), boxes[_tensor(people, device)])
    return result | (unseen.reshape(result.shape) > 0)


def render(joints: LabelledJoints, num_views: int, size: int, silent_at: Tensor) -> tuple[Tensor, Tensor]:
    """`heatmaps` and `weights` of ViewTargets. Cell i stands for the middle of pixel 2 (i + 1/2): so the decoder reads
    it, and so images are fitted to the network."""
    device, k, cells = silent_at.device, joints.keypoints.shape[1], size // FINE_STRIDE
    people, kinds = np.nonzero(joints.weights > 0)
    centres = (joints.keypoints[people, kinds] - 0.5) / FINE_STRIDE - 0.5
    corner = np.round(centres).astype(np.int64)
    span = np.arange(-_RADIUS, _RADIUS + 1)
    offsets = _tensor(span - (centres - corner)[..., None], device).float()  # (M, 2, window)
    squared = (offsets[:, 1, :, None].square() + offsets[:, 0, None, :].square()) / 2
    heights = torch.stack([torch.exp(-squared / sigma**2) for sigma in _SIGMAS]).mean(dim=0)
    columns, rows = (_tensor(corner[:, i, None] + span, device) for i in (0, 1))
    first = _tensor((joints.views[people] * k + kinds) * cells * cells, device)
    places = first[:, None, None] + rows[:, :, None] * cells + columns[:, None, :]
    inside = ((rows >= 0) & (rows < cells))[:, :, None] & ((columns >= 0) & (columns < cells))[:, None]
    places, heights, inside = places.reshape(-1), heights.reshape(-1), inside.reshape(-1)
    sure = _tensor(joints.weights[people, kinds], device)[:, None].expand(-1, len(span) ** 2).reshape(-1)
    flat = torch.zeros(num_views * k * cells * cells, device=device)
    heatmaps = flat.scatter_reduce(0, places[inside], heights[inside], "amax")
    weighted = flat.scatter_reduce(0, places[inside], (heights * sure)[inside], "amax")
    weights = torch.where(heatmaps > _NEAR, weighted / heatmaps.clamp(min=_NEAR), (~silent_at).reshape(-1).float())
    shape = (num_views, k, cells, cells)
    return heatmaps.reshape(shape), weights.reshape(shape)


def make_view_targets(
    bank: PhotoBank, single: Placement | None, quarters: Placement | None, device: torch.device
) -> ViewTargets:
    """Targets of views that show one photo each, then of those that show four, in the order of `stitch`."""
    parts, masks, count, size = [], [], 0, 0
    if single is not None:
        parts.append(find_joints(bank, single))
        masks.append(silent(bank, single, device))
        count, size = len(single.photos), single.size
    if quarters is not None:
        found = find_joints(bank, quarters)
        view, place = np.divmod(found.views, 4)
        shift = np.stack([place % 2, place // 2], axis=1).astype(np.float32) * quarters.size
        parts.append(LabelledJoints(found.keypoints + shift[:, None], found.weights, view + count))
        masks.append(stitch(silent(bank, quarters, device)))
        count, size = count + len(quarters.photos) // 4, 2 * quarters.size
    joints = LabelledJoints(
        *(np.concatenate([getattr(p, f) for p in parts]) for f in ("keypoints", "weights", "views"))
    )
    heatmaps, weights = render(joints, count, size, torch.cat(masks))
    shown = joints.weights.max(axis=1, initial=0) > 0
    cells, people = read_tags(joints.keypoints[shown], joints.weights[shown] > 0, (size, size))
    owners = joints.views[shown]
    kinds = np.nonzero(joints.weights[shown] > 0)[0]
    cells = cells + owners[kinds] * bank.skeleton.num_keypoints * (size // COARSE_STRIDE) ** 2
    return ViewTargets(heatmaps, weights, _tensor(cells, device), _tensor(people, device), _tensor(owners, device))


def _within(places: Tensor, views: NDArray[np.int64], boxes: NDArray[np.float32], device: torch.device) -> Tensor:
    """(R, h, w) bool: which cells lie in each box, given in parts of the photo that its view shows."""
    at = places[_tensor(views, device)]
    low, high = (_tensor(part, device)[:, None, None] for part in (boxes[:, :2], boxes[:, 2:]))
    return ((at >= low) & (at < high)).all(dim=-1)


def _tensor(values: NDArray[np.generic], device: torch.device) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values)).to(device, non_blocking=True)
