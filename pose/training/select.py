"""A small network out of a big one: keep the most important channels (structured channel selection).

The super-net idea of LitePose: networks of all widths share leading channels after ranking. Here the ranking needs no
data. A channel matters as much as it varies (batch normalisation tells its spread) times how strongly it is read (the
absolute weights of its readers). The channels of a stage's residual stream are one set for all its blocks. After
selection the batch statistics no longer fit and must be measured again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pose.models.config import LITEPOSE, LitePoseConfig, hidden_channels
from pose.training.checkpoint import TrainingError

State = dict[str, NDArray[np.float32]]
Indices = NDArray[np.int64]

_BN = ("weight", "bias", "running_mean", "running_var")


def select_channels(state: State, source: str, target: str) -> State:
    """The state of `target` cut from a state of `source` (keys of LITEPOSE).

    Raises TrainingError if any part of the target is wider or deeper than the source.
    """
    big, small = LITEPOSE[source], LITEPOSE[target]
    widths = ((big.stem, *big.stages, *big.deconvs), (small.stem, *small.stages, *small.deconvs))
    if any(s > b for b, s in zip(*widths, strict=True)) or any(
        s > b for b, s in zip(big.blocks, small.blocks, strict=True)
    ):
        raise TrainingError(f"{target} is not a part of {source}, so it cannot start from its channels; use start = \"random\".")
    cut = dict(state)
    stem = _keep(_stem_importance(state, big), small.stem)
    _take_conv(cut, "first.2.weight", out=stem)
    _take_bn(cut, "first.3", stem)
    _cut_head(cut, "final_raw.1", stem)
    streams = [stem]
    for s, (width, depth) in enumerate(zip(small.stages, small.blocks, strict=True)):
        stream = _keep(_stream_importance(state, big, s), width)
        for b in range(big.blocks[s]):
            if b >= depth:
                _drop(cut, f"stage.{s}.{b}.")
            else:
                _cut_block(cut, f"stage.{s}.{b}", streams[-1] if b == 0 else stream, stream)
        streams.append(stream)
    refined = streams[4]
    for i, width in enumerate(small.deconvs):
        kept = _keep(_deconv_importance(state, i), width)
        _take_conv(cut, f"deconv_refined.{i}.weight", out=refined, into=kept)
        _take_conv(cut, f"deconv_raw.{i}.weight", out=streams[3 - i], into=kept)
        _take_bn(cut, f"deconv_bnrelu.{i}.0", kept)
        if i > 0:
            _cut_head(cut, f"final_refined.{i - 1}", kept)
        refined = kept
    _cut_head(cut, "final_raw.0", streams[1])
    return {k: np.ascontiguousarray(v) for k, v in cut.items()}


def _keep(importance: NDArray[np.floating], count: int) -> Indices:
    """The most important channels, in their original order."""
    return np.sort(np.argsort(-importance, kind="stable")[:count])


def _spread(state: State, bn: str) -> NDArray[np.float32]:
    return state[f"{bn}.weight"] ** 2 + state[f"{bn}.bias"] ** 2


def _reads(weight: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Mean absolute weight with which each channel along `axis` is read."""
    return np.abs(weight).mean(axis=tuple(i for i in range(weight.ndim) if i != axis))


def _stem_importance(state: State, config: LitePoseConfig) -> NDArray[np.float32]:
    readers = _reads(state["stage.0.0.inv.0.weight"], 1) + _head_reads(state, "final_raw.1")
    return np.sqrt(_spread(state, "first.3")) * readers


def _stream_importance(state: State, config: LitePoseConfig, s: int) -> NDArray[np.float32]:
    """Sum over readers of (spread so far x weight): the stream accumulates the blocks' outputs."""
    total = np.zeros(config.stages[s], np.float32)
    spread = np.zeros(config.stages[s], np.float32)
    for b in range(config.blocks[s]):
        spread = spread + _spread(state, f"stage.{s}.{b}.point_conv.1")
        if b + 1 < config.blocks[s]:
            total += np.sqrt(spread) * _reads(state[f"stage.{s}.{b + 1}.inv.0.weight"], 1)
    readers = _reads(state[f"stage.{s + 1}.0.inv.0.weight"], 1) if s < 3 else _reads(state["deconv_refined.0.weight"], 0)
    if s < 3:
        readers = readers + _reads(state[f"deconv_raw.{2 - s}.weight"], 0)
    if s == 0:
        readers = readers + _head_reads(state, "final_raw.0")
    return total + np.sqrt(spread) * readers


def _deconv_importance(state: State, i: int) -> NDArray[np.float32]:
    readers = np.zeros_like(state[f"deconv_bnrelu.{i}.0.weight"])
    if i < 2:
        readers = readers + _reads(state[f"deconv_refined.{i + 1}.weight"], 0)
    if i > 0:
        readers = readers + _head_reads(state, f"final_refined.{i - 1}")
    return np.sqrt(_spread(state, f"deconv_bnrelu.{i}.0")) * readers


def _head_reads(state: State, head: str) -> NDArray[np.float32]:
    spread = np.sqrt(_spread(state, f"{head}.conv.1"))
    return spread * _reads(state[f"{head}.conv.3.weight"], 1)


def _cut_block(cut: State, block: str, inp: Indices, out: Indices) -> None:
    spread = np.sqrt(_spread(cut, f"{block}.depth_conv.1"))
    importance = spread * _reads(cut[f"{block}.point_conv.0.weight"], 1)
    hidden = _keep(importance, hidden_channels(len(inp)))
    _take_conv(cut, f"{block}.inv.0.weight", out=hidden, into=inp)
    _take_bn(cut, f"{block}.inv.1", hidden)
    _take_conv(cut, f"{block}.depth_conv.0.weight", out=hidden)
    _take_bn(cut, f"{block}.depth_conv.1", hidden)
    _take_conv(cut, f"{block}.point_conv.0.weight", out=out, into=hidden)
    _take_bn(cut, f"{block}.point_conv.1", out)


def _cut_head(cut: State, head: str, inp: Indices) -> None:
    _take_conv(cut, f"{head}.conv.0.weight", out=inp)
    _take_bn(cut, f"{head}.conv.1", inp)
    _take_conv(cut, f"{head}.conv.3.weight", into=inp)


def _take_conv(cut: State, key: str, out: Indices | None = None, into: Indices | None = None) -> None:
    """`out` selects along the first axis of the weight, `into` along the second."""
    weight = cut[key]
    weight = weight if out is None else weight[out]
    cut[key] = weight if into is None else weight[:, into]


def _take_bn(cut: State, bn: str, kept: Indices) -> None:
    for part in _BN:
        cut[f"{bn}.{part}"] = cut[f"{bn}.{part}"][kept]


def _drop(cut: State, prefix: str) -> None:
    for key in [k for k in cut if k.startswith(prefix)]:
        del cut[key]
