"""Small real networks with random weights, for tests of graphs and engines."""

from __future__ import annotations

from math import sqrt
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from pose.models.litepose import LitePose, build_litepose, upsample_and_average
from pose.normalisation import MEAN_RGB, STD_RGB

State = dict[str, NDArray[np.float32]]


def random_litepose(arch: str, keypoints: int, seed: int = 5) -> LitePose:
    """In evaluation mode, with normalisation statistics that a wrong folding could not get past."""
    torch.manual_seed(seed)
    return scatter_norms(build_litepose(arch, keypoints).eval().requires_grad_(False))


M = TypeVar("M", bound=nn.Module)


def scatter_norms(model: M) -> M:
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.3, 0.3)
            module.running_var.uniform_(0.5, 1.5)
            module.weight.uniform_(0.6, 1.4)
            module.bias.uniform_(-0.4, 0.4)
    return model


def randomise(model: M, seed: int = 5) -> M:
    """Any network in evaluation mode with weights that neither vanish nor explode; RMPGs are switched on."""
    torch.manual_seed(seed)
    model.eval().requires_grad_(False)
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            module.weight.normal_(std=0.5 / sqrt(module.weight[0].numel()))
            if module.bias is not None:
                module.bias.uniform_(-0.3, 0.3)
    for name, parameter in model.named_parameters():
        if name.endswith("gamma"):
            parameter.fill_(0.7)
    return scatter_norms(model)


def normalised(images: NDArray[np.uint8]) -> torch.Tensor:
    """(N, H, W, 3) uint8 BGR → (N, 3, H, W) float32 as networks are trained with."""
    rgb = images[..., ::-1].astype(np.float32) / 255
    x = (rgb - np.array(MEAN_RGB, np.float32)) / np.array(STD_RGB, np.float32)
    return torch.from_numpy(x.transpose(0, 3, 1, 2).copy())


def state_of(model: nn.Module) -> State:
    return {name: values.float().numpy() for name, values in model.state_dict().items()}


def random_images(*shape: int) -> NDArray[np.uint8]:
    """(N, H, W, 3) uint8; with strong left-right and channel differences, so that mix-ups show."""
    images = np.random.default_rng(11).integers(0, 256, shape, np.uint8)
    images[..., 2] //= 3
    return images


def reference_maps(model: LitePose, images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The network as it is trained: nothing folded, normalised RGB in float32."""
    with torch.inference_mode():
        heatmaps, tags = upsample_and_average(*model(normalised(images)))
    return heatmaps.numpy(), tags.numpy()


def assert_maps_close(
    maps: tuple[NDArray, NDArray], reference: tuple[NDArray, NDArray], tolerance: float, what: str = ""
) -> None:
    """Largest difference, as a fraction of the largest value."""
    for name, found, expected in zip(("heatmaps", "tags"), maps, reference, strict=True):
        assert found.shape == expected.shape, f"{what} {name}: {found.shape} != {expected.shape}"
        assert found.dtype == np.float32
        difference = np.abs(found - expected).max() / np.abs(expected).max()
        assert difference < tolerance, f"{what} {name} differ by {difference:.2g}"
