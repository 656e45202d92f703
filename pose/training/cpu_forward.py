"""A LitePose forward pass for training on the CPU: bfloat16 matrix products and an own depthwise operator.

Batch normalisation uses its running statistics (they are constants, gamma and beta still learn), so every
convolution is folded with its normalisation. The function equals `model.eval()(image)` up to bfloat16.
Needs a C++ compiler and a processor with AVX-512 bfloat16; `available()` says whether both are there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any  # parts of networks: their types do not know which modules they hold

import torch
import torch.nn.functional as F
from torch import Tensor

_NONE, _RELU6, _RELU = 0, 1, 2


@cache
def _extension() -> Any:
    """The compiled operator, or None where it cannot run."""
    cpu = Path("/proc/cpuinfo")
    if not cpu.is_file() or "avx512_bf16" not in cpu.read_text():
        return None
    from torch.utils.cpp_extension import load

    source = Path(__file__).with_name("cpu_depthwise.cpp")
    flags = ["-O3", "-march=native"]
    try:
        with _one_process_at_a_time() as folder:
            return load("litepose_depthwise", [str(source)], extra_cflags=flags, build_directory=str(folder))
    except (RuntimeError, OSError, ImportError):  # no compiler: the plain forward pass still works
        return None


@contextmanager
def _one_process_at_a_time() -> Iterator[Path]:
    """The folder to compile in. The system frees our lock when a process dies; torch would wait for a dead one's."""
    import fcntl

    cache_home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    versions = f"python{sys.version_info.major}.{sys.version_info.minor}-torch{torch.__version__}"
    folder = cache_home / "litepose-studio" / versions
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "ours.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "lock").unlink(missing_ok=True)
        yield folder


def available() -> bool:
    """True if the fast path can run here. The first call compiles it (about 25 s, then cached)."""
    return _extension() is not None


class _Depthwise(torch.autograd.Function):
    """out_act(depthwise(in_act(x)) + bias) on (N, H, W, C) bfloat16, "same" padding."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor, b: Tensor, stride: int, in_act: int, out_act: int) -> Tensor:
        y = _extension().forward(x, w, b, stride, in_act, out_act)
        ctx.save_for_backward(x, w, y)
        ctx.settings = (stride, in_act, out_act)
        return y

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        x, w, y = ctx.saved_tensors
        gx, gw, gb = _extension().backward(x, w, y, grad, *ctx.settings)
        return gx, gw, gb, None, None, None


def _fold(weight: Tensor, bn: Any, out_dim: int = 0) -> tuple[Tensor, Tensor]:
    """Convolution weight and bias (float32) that include the normalisation."""
    scale = bn.weight * torch.rsqrt(bn.running_var + bn.eps)
    shape = [-1 if d == out_dim else 1 for d in range(weight.dim())]
    return weight * scale.view(shape), bn.bias - bn.running_mean * scale


def _pointwise(x: Tensor, conv: Any, bn: Any) -> Tensor:
    if bn is None:
        return F.linear(x, conv.weight.flatten(1).bfloat16())
    weight, bias = _fold(conv.weight, bn)
    return F.linear(x, weight.flatten(1).bfloat16(), bias.bfloat16())


def _depthwise(x: Tensor, conv: Any, bn: Any, in_act: int, out_act: int) -> Tensor:
    weight, bias = _fold(conv.weight, bn)
    return _Depthwise.apply(x, weight, bias, conv.stride[0], in_act, out_act)


def _bottleneck(block: Any, x: Tensor) -> Tensor:
    # The first ReLU6 runs inside the depthwise operator.
    y = _pointwise(x, block.inv[0], block.inv[1])
    y = _depthwise(y, block.depth_conv[0], block.depth_conv[1], _RELU6, _RELU6)
    y = _pointwise(y, block.point_conv[0], block.point_conv[1])
    return x + y if block.residual else y


def _head(head: Any, x: Tensor) -> Tensor:
    depthwise, bn, _, pointwise = head.conv
    return _pointwise(_depthwise(x, depthwise, bn, _NONE, _RELU), pointwise, None)


def _deconv(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    y = F.conv_transpose2d(x.permute(0, 3, 1, 2), weight.bfloat16(), bias, stride=2, padding=1)
    return y.permute(0, 2, 3, 1)


def _fuse(refined: Tensor, raw: Tensor, model: Any, i: int) -> Tensor:
    """The i-th step of the fusion deconvolution head."""
    bn = model.deconv_bnrelu[i][0]
    refined_weight, bias = _fold(model.deconv_refined[i].weight, bn, 1)
    raw_weight, _ = _fold(model.deconv_raw[i].weight, bn, 1)
    return F.relu(_deconv(refined, refined_weight, bias.bfloat16()) + _deconv(raw, raw_weight, None)).contiguous()


def fast_forward(model: Any, image: Tensor) -> tuple[Tensor, Tensor]:
    """Normalised RGB (B, 3, H, W) → `(coarse, fine)` as the model returns them, float32."""
    weight, bias = _fold(model.first[0][0].weight, model.first[0][1])
    image = image.bfloat16().contiguous(memory_format=torch.channels_last)
    x = F.conv2d(image, weight.bfloat16(), bias.bfloat16(), stride=2, padding=1).permute(0, 2, 3, 1).contiguous()
    x = _depthwise(x, model.first[1][0], model.first[1][1], _RELU6, _RELU6)
    features = [_pointwise(x, model.first[2], model.first[3])]
    for stage in model.stage:
        y = features[-1]
        for block in stage:
            y = _bottleneck(block, y)
        features.append(y)
    stem, raw0, raw1, raw2, refined = features
    outputs = []
    for i, raw in enumerate((raw2, raw1, raw0)):
        refined = _fuse(refined, raw, model, i)
        if i > 0:
            skip = (raw0, stem)[i - 1]
            y = _head(model.final_refined[i - 1], refined) + _head(model.final_raw[i - 1], skip)
            outputs.append(y.permute(0, 3, 1, 2).float())
    return outputs[0], outputs[1]
