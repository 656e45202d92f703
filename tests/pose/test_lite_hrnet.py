"""The published networks: sizes, names, exchange; and their network files say the same."""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from pose.errors import WeightsError
from pose.graphs import network_graph
from pose.models.architectures import ARCHITECTURES
from pose.models.build import build_network, builders
from pose.models.export import export_network
from pose.models.lite_hrnet import LITE_HRNET, LiteHRModule, MeanPool
from pose.models.simple_baseline import Bottleneck
from pose.network_file import build_graph, network_archs, network_shapes, read_network
from pose.tensors import HEATMAPS, PIXELS
from tests.pose.networks import normalised, random_images, randomise, state_of

TOP_DOWN = [name for name, arch in ARCHITECTURES.items() if arch.top_down]

# Millions of parameters, tensors, convolutions; mega-MACs of all convolutions at 256x192, 384x288 and 256x256.
PUBLISHED = {
    "lite-hrnet-18": (1.131, 1418, 301, (198.6, 446.8, 264.6)),
    "lite-hrnet-30": (1.764, 2360, 506, (309.5, 696.0, 412.4)),
    "naive-lite-hrnet-18": (0.760, 1610, 269, (185.5, 417.4, 247.2)),
    "wider-naive-lite-hrnet-18": (1.319, 1610, 269, (302.3, 680.2, 402.9)),
}
SIZES = ((256, 192), (384, 288), (256, 256))


@pytest.mark.parametrize("arch", LITE_HRNET)
def test_size_and_cost_are_the_published_ones(arch: str) -> None:
    millions, tensors, convolutions, costs = PUBLISHED[arch]
    model = build_network(arch, 17).eval()
    assert sum(p.numel() for p in model.parameters()) / 1e6 == pytest.approx(millions, rel=0.01)
    assert len(model.state_dict()) == tensors
    assert sum(isinstance(m, nn.Conv2d) for m in model.modules()) == convolutions
    once, per_pixel = count_macs(model)
    for (height, width), cost in zip(SIZES, costs, strict=True):
        assert (once + height * width * per_pixel) / 1e6 == pytest.approx(cost, rel=0.01)


def count_macs(model: nn.Module) -> tuple[float, float]:
    """Of all convolutions: those over whole maps averaged to one pixel, and the others per pixel of the image."""
    side, once, grows = 64, 0, 0

    def add(module: nn.Conv2d, _: object, output: Tensor) -> None:
        nonlocal once, grows
        macs = output.numel() * module.weight[0].numel()
        if output.shape[2:] == (1, 1):  # at 64x64 the smallest map has 2x2 pixels
            once += macs
        else:
            grows += macs

    hooks = [m.register_forward_hook(add) for m in model.modules() if isinstance(m, nn.Conv2d)]
    with torch.inference_mode():
        assert model(torch.zeros(1, 3, side, side)).shape == (1, 17, side // 4, side // 4)
    for hook in hooks:
        hook.remove()
    return once, grows / side**2


def published_exchange(module: LiteHRModule, branches: list[Tensor]) -> list[Tensor]:
    """The loop as it was trained with: the first branch's sum is the branch itself, and grows in place."""
    x = [branch.clone() for branch in branches]
    fused = []
    for i, layers in enumerate(module.fuse_layers):
        total = x[0] if i == 0 else layers[0](x[0])
        for j, layer in enumerate(layers):
            total += x[j] if i == j else layer(x[j])
        fused.append(functional.relu(total))
    return fused


@pytest.mark.parametrize("branches", [2, 3, 4])
def test_exchange_in_closed_form_is_the_published_one(branches: int) -> None:
    widths = (8, 16, 32, 64)[:branches]
    module = randomise(LiteHRModule(widths, weighting=False)).double()
    x = [torch.randn(2, width, 32 >> n, 16 >> n, dtype=torch.float64) for n, width in enumerate(widths)]
    with torch.inference_mode():
        for ours, theirs in zip(module.exchange(x), published_exchange(module, x), strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)


def test_pooling_is_the_adaptive_one() -> None:
    x = torch.randn(2, 3, 64, 48)
    torch.testing.assert_close(MeanPool(8)(x), functional.adaptive_avg_pool2d(x, (8, 6)))


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_network_files_know_every_tensor(arch: str) -> None:
    with torch.device("meta"):
        state = build_network(arch, 14).state_dict()
    assert network_shapes(arch, 14) == {name: tuple(tensor.shape) for name, tensor in state.items()}


def test_every_architecture_has_a_file() -> None:
    assert network_archs() == sorted(ARCHITECTURES)


def test_a_missing_network_file_is_one_sentence() -> None:
    with pytest.raises(WeightsError, match="missing or damaged"):
        read_network("unheard-of")


@pytest.mark.parametrize("arch", ["litepose-s", "lite-hrnet-18+rmpg-lite", "simple-baseline-r50+rmpg"])
def test_network_files_are_what_the_description_gives(arch: str) -> None:
    """If this fails after a change of a network, write the files anew: `python -m pose.models.export`."""
    assert export_network(builders()[arch]) == read_network(arch)


@pytest.mark.parametrize("arch", ["lite-hrnet-18+rmpg-lite", "naive-lite-hrnet-18"])
def test_graph_equals_network(arch: str) -> None:
    model = randomise(build_network(arch, 14))
    assert_graph_equals(network_graph(arch, state_of(model)), model)


class Small(nn.Module):
    """What SimpleBaseline has beside convolutions, and a batch normalisation that no convolution can take in."""

    def __init__(self, keypoints: int) -> None:
        super().__init__()
        self.conv, self.bn = nn.Conv2d(3, 8, 7, 2, 3, bias=False), nn.BatchNorm2d(8)
        self.pool, self.block = nn.MaxPool2d(3, 2, 1), Bottleneck(8, 4, 1)
        self.head = nn.Sequential(nn.ConvTranspose2d(16, 6, 4, 2, 1, bias=False), nn.BatchNorm2d(6), nn.ReLU6())
        self.after_sum, self.final = nn.BatchNorm2d(6), nn.Conv2d(6, keypoints, 1)

    def forward(self, image: Tensor) -> Tensor:
        x = self.head(self.block(self.pool(functional.relu(self.bn(self.conv(image))))))
        return self.final(self.after_sum(x + 0.5 * x))


def test_graph_of_deconvolutions_pools_and_sums_equals_network() -> None:
    model = randomise(Small(14))
    assert_graph_equals(build_graph(export_network(Small), state_of(model)), model, stride=2)


def assert_graph_equals(graph: onnx.ModelProto, model: nn.Module, stride: int = 4) -> None:
    images = random_images(2, 64, 96, 3)
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    (heatmaps,) = session.run([HEATMAPS], {PIXELS: images})
    with torch.inference_mode():
        expected = model(normalised(images)).numpy()
    assert heatmaps.shape == expected.shape == (2, 14, 64 // stride, 96 // stride)
    assert np.abs(heatmaps - expected).max() < 1e-4 * np.abs(expected).max()
