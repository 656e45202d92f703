"""A small network out of a big one: prune channels and refit what reads them.

LitePose's super-net shares leading channels among networks of all widths and measures batch statistics anew after the
cut. Cutting a third of the channels destroys the function, though. Here each layer, from the first to the last, keeps
the channels from which the others are best predicted, and its weights are fitted by least squares, on a few images,
to what the big network computes at that place. Errors of earlier layers are corrected by the later ones, because
the fit sees the small network's own inputs. Batch statistics are measured on the way.
"""

from __future__ import annotations

from typing import Any  # parts of networks: their types do not know which modules they hold

import torch
import torch.nn.functional as F
from torch import Tensor

from pose.models.litepose import LITEPOSE, LitePose, build_litepose
from pose.training.checkpoint import TrainingError

_RIDGE = 1e-3  # of the mean variance of the inputs: keeps nearly equal channels from cancelling each other
_FOREGROUND = 20.0  # extra weight of pixels on people when the output layers are fitted


def check_part(big_size: str, small_size: str) -> None:
    """Raises TrainingError if any part of the small network is wider or deeper than the big one."""
    from_, to = LITEPOSE[big_size], LITEPOSE[small_size]
    widths = zip((from_.stem, *from_.stages, *from_.deconvs), (to.stem, *to.stages, *to.deconvs), strict=True)
    if any(w > v for v, w in widths) or any(w > v for v, w in zip(from_.blocks, to.blocks, strict=True)):
        raise TrainingError(
            f"{small_size} is not a part of {big_size}, so it cannot start from its channels; "
            'take a larger teacher or start, or start = "random".'
        )


def shrink(big: LitePose, big_size: str, small_size: str, images: Tensor) -> LitePose:
    """The network `small_size` (a key of LITEPOSE) that imitates `big`.

    images: (B, 3, H, W) normalised RGB, typical images; some 30 to 60 are enough.
    Raises TrainingError if the small network is not a part of the big one.
    """
    check_part(big_size, small_size)
    small = build_litepose(small_size, big.num_keypoints).eval()
    was_training = big.training
    big.eval()
    with torch.no_grad():
        _shrink(big, small, images.contiguous(memory_format=torch.channels_last))
    big.train(was_training)
    return small


def _shrink(big: Any, small: Any, images: Tensor) -> None:
    for i in (0, 1):
        small.first[i].load_state_dict(big.first[i].state_dict())
    kept = _fit_pointwise(small.first[2], small.first[3], small.first[:2](images), big.first(images), None)
    theirs, ours = [big.first(images)], [small.first(images)]
    keeps = [kept]
    for big_stage, small_stage in zip(big.stage, small.stage, strict=True):
        x, outputs = theirs[-1], []
        for block in big_stage:
            x = block(x)
            outputs.append(x)
        width = small_stage[0].point_conv[0].out_channels
        kept = telling_channels(torch.cat([_rows(y) for y in outputs[:: max(1, len(outputs) // 3)]]), width)
        t, s = theirs[-1], ours[-1]
        for b, block in enumerate(small_stage):
            # A shallower stage imitates the last output with its last block.
            goal = outputs[-1] if b == len(small_stage) - 1 else outputs[b]
            t, s = outputs[b], _shrink_block(big_stage[b], block, t, s, goal[:, kept])
        theirs.append(outputs[-1])
        ours.append(s)
        keeps.append(kept)
    _shrink_head(big, small, theirs, ours, keeps)


def _shrink_block(big: Any, small: Any, t: Tensor, s: Tensor, goal: Tensor) -> Tensor:
    """Fits one block; t and s are the inputs of both networks, goal what the block should add up to."""
    hidden_before = big.inv[:2](t)
    hidden = big.depth_conv(F.relu6(hidden_before))
    reads = big.point_conv[1].weight.abs()[:, None] * big.point_conv[0].weight.flatten(1).abs()
    rows = _rows(hidden)
    kept = telling_channels(rows * reads.norm(dim=0), small.inv[0].out_channels)
    _fit_pointwise(small.inv[0], small.inv[1], s, hidden_before, kept)
    _take(small.depth_conv[0], small.depth_conv[1], big.depth_conv[0], big.depth_conv[1], kept)
    y = small.depth_conv(small.inv(s))
    _fit_pointwise(small.point_conv[0], small.point_conv[1], y, goal - s if small.residual else goal, None)
    return small(s)


def _shrink_head(big: Any, small: Any, theirs: list[Tensor], ours: list[Tensor], keeps: list[Tensor]) -> None:
    t, s = theirs[4], ours[4]
    for i in range(3):
        before = big.deconv_bnrelu[i][0](big.deconv_refined[i](t) + big.deconv_raw[i](theirs[3 - i]))
        t = F.relu(before)
        kept = telling_channels(_rows(t), small.deconv_bnrelu[i][0].num_features)
        _fit_deconvs(small, i, s, ours[3 - i], before[:, kept])
        s = small.deconv_bnrelu[i](small.deconv_refined[i](s) + small.deconv_raw[i](ours[3 - i]))
        if i == 0:
            continue
        skip = (1, 0)[i - 1]
        heads = big.final_refined[i - 1], big.final_raw[i - 1]
        goal = heads[0](t) + heads[1](theirs[skip])
        mine = small.final_refined[i - 1], small.final_raw[i - 1]
        for head, source, indices in zip(mine, heads, (kept, keeps[skip]), strict=True):
            _take(head.conv[0], head.conv[1], source.conv[0], source.conv[1], indices)
        _fit_heads(mine, (s, ours[skip]), goal, big.num_keypoints)


def telling_channels(rows: Tensor, count: int) -> Tensor:
    """Indices of the `count` columns of (P, C) from which all columns are best predicted, in ascending order.

    Greedy: pivoted Cholesky factorisation of the covariance.
    """
    rows = rows - rows.mean(dim=0)
    covariance = (rows.T @ rows / len(rows)).double()
    left = covariance.clone()
    chosen: list[int] = []
    for _ in range(count):
        gain = left.square().sum(dim=0) / left.diagonal().clamp(min=1e-12)
        gain[left.diagonal() <= 1e-12 * covariance.diagonal().max()] = 0
        gain[chosen] = -1
        pivot = int(gain.argmax())
        chosen.append(pivot)
        column = left[:, pivot] / left[pivot, pivot].clamp(min=1e-12).sqrt()
        left.addmm_(column[:, None], column[None], alpha=-1)
    return torch.tensor(sorted(chosen))


def _rows(maps: Tensor) -> Tensor:
    """(B, C, h, w) → (B·h·w, C)."""
    return maps.permute(0, 2, 3, 1).flatten(0, 2)


def _solve(x: Tensor, y: Tensor, weights: Tensor | None = None) -> Tensor:
    """(Cin, Cout): least squares of y (P, Cout) on x (P, Cin)."""
    weighted = x if weights is None else x * weights[:, None]
    gram = (weighted.T @ x).double()
    ridge = _RIDGE * gram.diagonal().mean() * torch.eye(len(gram), dtype=gram.dtype)
    return torch.linalg.solve(gram + ridge, (weighted.T @ y).double()).to(x.dtype)


def _fit_pointwise(conv: Any, bn: Any, x: Tensor, goal: Tensor, kept: Tensor | None) -> Tensor:
    """Makes bn(conv(x)) resemble `goal` (the normalised maps); returns the goal's channels that were kept."""
    y = _rows(goal)
    if kept is None:
        kept = torch.arange(y.shape[1]) if y.shape[1] == conv.out_channels else telling_channels(y, conv.out_channels)
    y, rows = y[:, kept], _rows(x)
    weight = _solve(rows - rows.mean(dim=0), y - y.mean(dim=0))
    spread = y.std(dim=0).clamp(min=1e-4)
    conv.weight.copy_((weight / spread).T[:, :, None, None])
    _set_bn(bn, spread, y.mean(dim=0), (rows.mean(dim=0) @ weight) / spread)
    return kept


def _set_bn(bn: Any, spread: Tensor, mean: Tensor, running_mean: Tensor) -> None:
    bn.weight.copy_(spread)
    bn.bias.copy_(mean)
    bn.running_mean.copy_(running_mean)
    bn.running_var.fill_(1)


def _take(conv: Any, bn: Any, big_conv: Any, big_bn: Any, kept: Tensor) -> None:
    """Copies the kept channels of a depthwise convolution and its normalisation."""
    conv.weight.copy_(big_conv.weight[kept])
    for name in ("weight", "bias", "running_mean", "running_var"):
        getattr(bn, name).copy_(getattr(big_bn, name)[kept])


def _fit_deconvs(small: Any, i: int, refined: Tensor, raw: Tensor, goal: Tensor) -> None:
    """Fits both 4x4 stride-2 deconvolutions of a fusion step at once.

    Each of the 2x2 output phases reads 2x2 input pixels: output 2y reads y and y - 1 with taps 1 and 3,
    output 2y + 1 reads y and y + 1 with taps 2 and 0.
    """
    x = torch.cat([refined, raw], dim=1)
    h, w = x.shape[2:]
    padded = F.pad(x, (1, 1, 1, 1))
    reads = (((0, 1), (-1, 3)), ((0, 2), (1, 0)))
    spread = _rows(goal).std(dim=0).clamp(min=1e-4)
    kernel = torch.zeros(x.shape[1], goal.shape[1], 4, 4)
    offset = torch.zeros(goal.shape[1])
    for py in (0, 1):
        for px in (0, 1):
            taps = [(dy, ky, dx, kx) for dy, ky in reads[py] for dx, kx in reads[px]]
            shifted = [padded[:, :, 1 + dy : 1 + dy + h, 1 + dx : 1 + dx + w] for dy, _, dx, _ in taps]
            rows, y = _rows(torch.cat(shifted, dim=1)), _rows(goal[:, :, py::2, px::2])
            weight = _solve(rows - rows.mean(dim=0), y - y.mean(dim=0))
            offset += (y.mean(dim=0) - rows.mean(dim=0) @ weight) / 4
            for part, (_, ky, _, kx) in zip(weight.chunk(4), taps, strict=True):
                kernel[:, :, ky, kx] = part / spread
    small.deconv_refined[i].weight.copy_(kernel[: refined.shape[1]])
    small.deconv_raw[i].weight.copy_(kernel[refined.shape[1] :])
    mean = _rows(goal).mean(dim=0)
    _set_bn(small.deconv_bnrelu[i][0], spread, mean, (mean - offset) / spread)


def _fit_heads(heads: tuple[Any, Any], inputs: tuple[Tensor, Tensor], goal: Tensor, keypoints: int) -> None:
    features = torch.cat([_rows(head.conv[:3](x)) for head, x in zip(heads, inputs, strict=True)], dim=1)
    weights = 1 + _FOREGROUND * _rows(goal[:, :keypoints]).amax(dim=1).clamp(0, 1)
    weight = _solve(features, _rows(goal), weights).T[:, :, None, None]
    split = heads[0].conv[3].in_channels
    heads[0].conv[3].weight.copy_(weight[:, :split])
    heads[1].conv[3].weight.copy_(weight[:, split:])
