"""The folded graph computes what the network computes."""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from functools import partial
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from app.cli import OK, SOME_FAILED, USAGE, main
from app.cli.export import parse_size
from pose.errors import SettingsError
from pose.graphs import network_graph
from pose.models.config import LITEPOSE, LitePoseConfig
from pose.models.export import export_network
from pose.models.litepose import LitePose
from pose.network_file import build_graph, network_shapes
from pose.skeleton import CROWDPOSE14
from pose.tensors import HEATMAPS, PIXELS, TAGS
from pose.weights.library import save_weights
from tests.pose.networks import (
    assert_maps_close,
    normalised,
    random_images,
    random_litepose,
    randomise,
    reference_maps,
    scatter_norms,
    state_of,
)

EXACT = 2e-5  # of the largest value: float32 in another order


def run(model: onnx.ModelProto, images: NDArray[np.uint8]) -> tuple[NDArray, NDArray]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    heatmaps, tags = session.run([HEATMAPS, TAGS], {PIXELS: images})
    return heatmaps, tags


@pytest.mark.parametrize("keypoints", [14, 17])
@pytest.mark.parametrize("arch", LITEPOSE)
def test_folded_graph_equals_the_network(arch: str, keypoints: int) -> None:
    model = random_litepose(arch, keypoints)
    images = random_images(1, 64, 96, 3)
    assert_maps_close(run(network_graph(arch, state_of(model)), images), reference_maps(model, images), EXACT)


@pytest.mark.parametrize("shape", [(1, 32, 32), (2, 64, 64), (3, 96, 64), (1, 32, 160)])
def test_one_free_graph_serves_every_shape(shape: tuple[int, int, int]) -> None:
    model = random_litepose("litepose-xs", 14)
    images = random_images(*shape, 3)
    assert_maps_close(run(network_graph("litepose-xs", state_of(model)), images), reference_maps(model, images), EXACT)


def test_a_pruned_network_of_any_width_has_its_graph() -> None:
    config = LitePoseConfig(256, 8, (8, 24, 40, 56), (24, 8, 16), blocks=(2, 1, 3, 2))
    model = scatter_norms(LitePose(config, 6).eval().requires_grad_(False))
    network = export_network(partial(LitePose, config))
    images = random_images(1, 64, 96, 3)
    graph = build_graph(network, state_of(model))
    assert_maps_close(run(graph, images), reference_maps(model, images), EXACT)


def test_fixed_graph_states_its_shapes_and_refuses_others() -> None:
    model = random_litepose("litepose-xs", 17)
    graph = network_graph("litepose-xs", state_of(model), (64, 96))
    shapes = {
        value.name: [dimension.dim_param or dimension.dim_value for dimension in value.type.tensor_type.shape.dim]
        for value in [*graph.graph.input, *graph.graph.output]
    }
    assert shapes == {PIXELS: ["batch", 64, 96, 3], HEATMAPS: ["batch", 17, 32, 48], TAGS: ["batch", 17, 16, 24]}
    images = random_images(2, 64, 96, 3)
    assert_maps_close(run(graph, images), reference_maps(model, images), EXACT)
    with pytest.raises(Exception, match=r"(?i)invalid dimensions"):
        run(graph, random_images(1, 96, 64, 3))


def test_free_graph_states_shapes_that_inference_agrees_with() -> None:
    graph = network_graph("litepose-xs", state_of(random_litepose("litepose-xs", 17)))
    onnx.shape_inference.infer_shapes(graph, check_type=True, strict_mode=True)


def test_border_pixels_see_the_mean_outside_the_image() -> None:
    """An image of exactly the mean colour looks the same everywhere to a network without biases."""
    model = random_litepose("litepose-xs", 14)
    images = np.full((1, 64, 64, 3), (104, 116, 124), np.uint8)  # the mean, rounded
    assert_maps_close(run(network_graph("litepose-xs", state_of(model)), images), reference_maps(model, images), EXACT)


def test_batch_normalisations_and_second_branches_are_gone() -> None:
    graph = network_graph("litepose-xs", state_of(random_litepose("litepose-xs", 17))).graph
    kinds = [node.op_type for node in graph.node]
    assert "BatchNormalization" not in kinds
    assert kinds.count("ConvTranspose") == 3
    assert kinds.count("Conv") == 3 + 3 * (6 + 8 + 10 + 10) + 2 * 2


class Sums(nn.Module):
    """Sums of convolutions that can be joined, and of those that cannot."""

    def __init__(self, keypoints: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, 2, 1, bias=False)
        self.deep = nn.ModuleList([nn.Conv2d(8, 8, 3, 1, 1, groups=8, bias=False) for _ in range(4)])
        self.wide, self.narrow = nn.Conv2d(8, 8, 3, 1, 1, bias=False), nn.Conv2d(8, 8, 1, bias=False)
        self.shifted = nn.ModuleList([nn.Conv2d(8, 8, 1) for _ in range(2)])
        self.norms = nn.ModuleList([nn.BatchNorm2d(8) for _ in range(2)])
        self.heads = nn.ModuleList([nn.Conv2d(8, keypoints, 1, bias=False) for _ in range(4)])

    def forward(self, image: Tensor) -> Tensor:
        x = self.first(image)
        y = self.deep[0](x) + self.deep[1](x)  # depthwise
        z = self.wide(y) + self.narrow(y)  # of different size
        z = z + (self.shifted[0](y) + self.shifted[1](z))  # with biases
        shared = functional.relu(z)
        a, b = self.heads[0](shared), self.heads[1](y)
        once_more = a + b + a  # the first is read twice
        norm = [functional.relu(n(d(t))) for n, d, t in zip(self.norms, self.deep[2:], (y, shared), strict=True)]
        return once_more + (self.heads[2](norm[0]) + self.heads[3](norm[1]))


def test_only_those_sums_are_joined_that_can_be() -> None:
    model = randomise(Sums(5))
    graph = build_graph(export_network(Sums), state_of(model))
    images = random_images(2, 32, 64, 3)
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    (heatmaps,) = session.run([HEATMAPS], {PIXELS: images})
    np.testing.assert_allclose(heatmaps, model(normalised(images)).numpy(), rtol=1e-4, atol=1e-5)
    kinds = [node.op_type for node in graph.graph.node]
    assert (kinds.count("Conv"), kinds.count("Concat")) == (1 + 2 + 2 + 2 + 2 + 2, 1)


@pytest.fixture
def weights(tmp_path: Path, rng: np.random.Generator) -> Path:
    shapes = network_shapes("litepose-xs", 14)
    state = {name: rng.random(shape, np.float32) for name, shape in shapes.items()}
    path = tmp_path / "xs.safetensors"
    save_weights(
        path,
        state,
        arch="litepose-xs",
        skeleton=CROWDPOSE14,
        input_size=256,
        licence="MIT",
        source="a test",
        accuracy={},
    )
    return path


def test_export_writes_a_valid_model_that_says_what_it_is(tmp_path: Path, weights: Path) -> None:
    out = tmp_path / "x.onnx"
    assert main(["export", "--weights", str(weights), "--out", str(out), "--input-size", "64x96"]) == OK
    model = onnx.load(out)
    onnx.checker.check_model(model, full_check=True)
    described = {entry.key: entry.value for entry in model.metadata_props}
    assert described["arch"] == "litepose-xs" and described["licence"] == "MIT"
    assert described["keypoints"].split(",") == list(CROWDPOSE14.keypoint_names)


@pytest.mark.parametrize(
    "arguments", [["--out", "x.txt"], ["--out", "x.onnx", "--input-size", "100"], ["--out", "xs.safetensors/x.onnx"]]
)
def test_export_refuses_in_one_line(
    weights: Path, arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(weights.parent)
    assert main(["export", "--weights", str(weights), *arguments]) in (SOME_FAILED, USAGE)
    error = capsys.readouterr().err
    assert error.startswith("error: ") and error.count("\n") == 1


@pytest.mark.parametrize(("text", "size"), [("448x832", (448, 832)), ("256", (256, 256)), (" 64X32 ", (64, 32))])
def test_sizes_are_height_first(text: str, size: tuple[int, int]) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "x", "448x", "0", "448x831", "-32x32", "1e3", "99999968x32"])
def test_unusable_sizes_are_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="multiples of 32"):
        parse_size(text)
