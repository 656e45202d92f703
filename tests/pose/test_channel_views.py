"""The graph without channel moves computes the same, and moves no channels."""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from collections import Counter
from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto
from torch import Tensor, nn

from pose.channel_views import without_channel_moves
from pose.engines.select import create_engine
from pose.graphs import network_graph
from pose.models.build import build_network
from pose.models.export import export_network
from pose.models.lite_hrnet import ConditionalChannelWeighting, ConvBN, ShuffleBlock
from pose.network_file import build_graph
from pose.skeleton import CROWDPOSE14
from pose.tensors import HEATMAPS, PIXELS
from tests.pose.networks import normalised, random_images, randomise, state_of

EXACT = 1e-5  # of the largest value: float32 in another order


def run(graph: onnx.ModelProto, images: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run([HEATMAPS], {PIXELS: images})[0])


def assert_same(graph: onnx.ModelProto, rewritten: onnx.ModelProto, tolerance: float = EXACT) -> None:
    images = random_images(2, 64, 96, 3)
    expected = run(graph, images)
    assert np.abs(run(rewritten, images) - expected).max() < tolerance * np.abs(expected).max()


def kinds(graph: onnx.ModelProto) -> Counter[str]:
    return Counter(node.op_type for node in graph.graph.node)


class Host(nn.Module):
    """One block of Lite-HRNet on two branches, then a sum of both."""

    def __init__(self, keypoints: int, block: nn.Module) -> None:
        super().__init__()
        self.stem, self.lower = ConvBN(3, 8, 3, stride=2, act=nn.ReLU()), ConvBN(8, 16, 3, stride=2, act=nn.ReLU())
        self.blocks, self.back = block, ConvBN(16, 8)
        self.up, self.head = nn.Upsample(scale_factor=2), nn.Conv2d(8, keypoints, 1)

    def forward(self, image: Tensor) -> Tensor:
        fine = self.stem(image)
        fine, coarse = self.blocks([fine, self.lower(fine)])
        return self.head(fine + self.up(self.back(coarse)))


class NaiveBlocks(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fine, self.coarse = ShuffleBlock(8), ShuffleBlock(16)

    def forward(self, branches: list[Tensor]) -> list[Tensor]:
        return [self.fine(branches[0]), self.coarse(branches[1])]


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_blocks_that_weight_channels_move_none(blocks: int) -> None:
    def build(keypoints: int) -> nn.Module:
        return Host(keypoints, nn.Sequential(*(ConditionalChannelWeighting([8, 16]) for _ in range(blocks))))

    graph = build_graph(export_network(build), state_of(randomise(build(14))))
    rewritten = without_channel_moves(graph)
    assert_same(graph, rewritten)
    before, after = kinds(graph), kinds(rewritten)
    assert before["Split"] == 3 * blocks and before["Gather"] == 2 * blocks and before["Concat"] == 3 * blocks
    assert not after["Split"] and not after["Gather"]
    assert after["Concat"] == blocks  # of the small maps that the weights come from


def test_blocks_that_convolve_both_halves_are_joined_by_need() -> None:
    graph = build_graph(export_network(lambda k: Host(k, NaiveBlocks())), state_of(randomise(Host(14, NaiveBlocks()))))
    assert_same(graph, without_channel_moves(graph))


class Odd(nn.Module):
    """Views in places that no block has: of views, twice used, reversed, and as the output."""

    def __init__(self, keypoints: int) -> None:
        super().__init__()
        self.conv, self.dw = ConvBN(3, 12, 3, stride=4, act=nn.ReLU()), ConvBN(4, 4, 3, groups=4)
        self.strided, self.head = ConvBN(4, 4, 3, stride=2, groups=4), nn.Conv2d(28, keypoints, 1)
        self.shuffle, self.pool = nn.ChannelShuffle(2), nn.MaxPool2d(3, 1, 1)

    def forward(self, image: Tensor) -> Tensor:
        a, b, c = self.conv(image).chunk(3, dim=1)
        twice = self.dw(b) * 2
        mixed = self.shuffle(torch.cat([c, twice], dim=1))
        first, second = mixed.chunk(2, dim=1)
        large = torch.nn.functional.interpolate(self.strided(first), scale_factor=2, mode="nearest")
        return self.head(torch.cat([a, b, twice, second * torch.sigmoid(large), self.pool(mixed), a + c], dim=1))


class OldAndNew(nn.Module):
    """Channels that are read again after a change in place, beside what they became."""

    def __init__(self, keypoints: int) -> None:
        super().__init__()
        self.conv, self.dw = ConvBN(3, 8, 3, stride=4, act=nn.ReLU()), ConvBN(4, 4, 3, groups=4)
        self.head = nn.Conv2d(8, keypoints, 1)

    def forward(self, image: Tensor) -> Tensor:
        old = self.conv(image).chunk(2, dim=1)[1]
        return self.head(torch.cat([old, self.dw(old)], dim=1))


@pytest.mark.parametrize("build", [Odd, OldAndNew])
def test_views_in_odd_places(build: Callable[[int], nn.Module]) -> None:
    graph = build_graph(export_network(build), state_of(randomise(build(14))))
    assert_same(graph, without_channel_moves(graph))


@pytest.mark.parametrize("arch", ["lite-hrnet-18", "lite-hrnet-18+rmpg-lite"])
def test_whole_networks(arch: str) -> None:
    model = randomise(build_network(arch, 14))
    graph = network_graph(arch, state_of(model))
    rewritten = without_channel_moves(graph)
    assert_same(graph, rewritten)
    if "+" not in arch:
        assert not kinds(rewritten)["Gather"] and not kinds(rewritten)["Split"]
        assert kinds(rewritten)["Concat"] == 17  # one per block, and the stem's
    engine = create_engine(state_of(model), arch, CROWDPOSE14, engine="openvino", precision="fp32", threads=1)
    images = random_images(2, 64, 96, 3)
    with torch.inference_mode():
        expected = model(normalised(images)).numpy()
    found = engine.run({PIXELS: images})[HEATMAPS]
    assert np.abs(found - expected).max() < 1e-4 * np.abs(expected).max()


def test_a_graph_without_channel_moves_stays_as_it_is() -> None:
    def build(keypoints: int) -> nn.Module:
        return nn.Sequential(ConvBN(3, 8, 3, stride=2, act=nn.ReLU()), nn.Conv2d(8, keypoints, 1))

    graph = build_graph(export_network(build), state_of(randomise(build(14))))
    rewritten = without_channel_moves(graph)
    assert kinds(graph) == kinds(rewritten)
    np.testing.assert_array_equal(run(graph, random_images(1, 32, 32, 3)), run(rewritten, random_images(1, 32, 32, 3)))
    assert all(constant.data_type != TensorProto.DOUBLE for constant in rewritten.graph.initializer)
