"""Training losses: weighted squared error of heatmaps, and associative embedding of tags."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from pose.models.litepose import upsample_and_average
from pose.training.data import Batch


@dataclass(frozen=True, slots=True)
class LossSettings:
    """foreground: extra weight of pixels where target or prediction is high (0 = the paper's plain mean).
    pull, push: factors of the tag losses."""

    foreground: float = 0.0
    pull: float = 1e-3
    push: float = 1e-3


@dataclass(frozen=True, slots=True)
class Losses:
    """Scalars on the graph; `total` is what is minimised."""

    heatmap: Tensor
    pull: Tensor
    push: Tensor
    total: Tensor


def heatmap_loss(predicted: Tensor, target: Tensor, foreground: float, mask: Tensor | None = None) -> Tensor:
    """Mean over (B, K, h, w) of weight * (predicted - target)². mask: (B, h, w), 0 = ignore."""
    error = (predicted - target).square()
    if foreground:
        error = error * (1 + foreground * torch.maximum(target, predicted.detach()).clamp(0, 1))
    if mask is not None:
        error = error * mask[:, None]
    return error.mean()


def tag_losses(tags: Tensor, people: Tensor, images: Tensor, batch: int) -> tuple[Tensor, Tensor]:
    """Pull and push of associative embedding (arXiv 1611.05424), means over the images of a batch.

    tags: (M,) float32, the tag of every labelled joint. people: (M,) int64, its person, numbered without gaps over
    the whole batch. images: (P,) int64, the image of every person. Any number of people; adding a constant to all
    tags of an image, or renumbering people, changes nothing.
    pull: mean over an image's people of the mean squared distance of their tags to their mean.
    push: ½ · mean over ordered pairs of different people of exp(-(difference of means)²); 0 for a lone person.
    """
    num_people = len(images)
    if num_people == 0:
        zero = tags.sum() * 0
        return zero, zero
    counts = torch.zeros(num_people).to(tags).index_add(0, people, torch.ones_like(tags))
    means = torch.zeros(num_people).to(tags).index_add(0, people, tags) / counts
    deviation = torch.zeros(num_people).to(tags).index_add(0, people, (tags - means[people]).square()) / counts
    per_image = torch.zeros(batch).to(tags).index_add(0, images, torch.ones_like(means))
    pull = (deviation / per_image[images]).sum() / batch
    different = (images[:, None] == images[None]) & ~torch.eye(num_people, dtype=torch.bool, device=tags.device)
    closeness = torch.exp(-(means[:, None] - means[None]).square()) * different
    pairs = (per_image * (per_image - 1)).clamp(min=1)[images]
    push = 0.5 * (closeness.sum(dim=1) / pairs).sum() / batch
    return pull, push


def pose_losses(coarse: Tensor, fine: Tensor, batch: Batch, settings: LossSettings) -> Losses:
    """All losses of the network's outputs for a batch: of both heatmaps or, without a coarse target, the decoded."""
    k = fine.shape[1]
    if batch.coarse is None:
        decoded, _ = upsample_and_average(coarse, fine)
        heatmap = heatmap_loss(decoded, batch.fine, settings.foreground, batch.fine_mask)
    else:
        heatmap = heatmap_loss(coarse[:, :k], batch.coarse, settings.foreground, batch.coarse_mask)
        heatmap = heatmap + heatmap_loss(fine, batch.fine, settings.foreground, batch.fine_mask)
    tags = coarse[:, k:].reshape(-1)[batch.tag_cells]
    pull, push = tag_losses(tags, batch.tag_people, batch.person_images, len(coarse))
    return Losses(heatmap, pull, push, heatmap + settings.pull * pull + settings.push * push)
