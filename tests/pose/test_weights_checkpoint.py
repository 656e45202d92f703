"""Checkpoints made elsewhere: every wrapping is understood, everything else refused in one sentence."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from pose.errors import SettingsError, WeightsError
from pose.estimator import load_estimator
from pose.models.build import build_network
from pose.models.config import LITEPOSE
from pose.models.litepose import build_litepose
from pose.network_file import network_shapes
from pose.skeleton import COCO17, CROWDPOSE14, SKELETONS, Skeleton
from pose.weights.checkpoint import our_names, recognise
from pose.weights.file import read_weights
from pose.weights.library import import_checkpoint, inspect_checkpoint, load_state

Tensors = dict[str, torch.Tensor]
Wrap = Callable[[Tensors], dict]


@pytest.fixture(scope="module")
def tensors() -> Tensors:
    torch.manual_seed(3)
    return build_litepose("litepose-xs", 14).state_dict()


def refusal(path: Path) -> str:
    """The message of the WeightsError that reading the file raises: one sentence on one line."""
    with pytest.raises(WeightsError) as caught:
        inspect_checkpoint(path)
    message = str(caught.value)
    assert "\n" not in message and message.endswith(".") and len(message) < 300
    return message


@pytest.mark.parametrize("skeleton", SKELETONS.values(), ids=SKELETONS.keys())
@pytest.mark.parametrize("arch", LITEPOSE)
def test_expected_shapes_are_those_of_the_network(arch: str, skeleton: Skeleton) -> None:
    model = build_litepose(arch, skeleton.num_keypoints)
    shapes = {name: tuple(values.shape) for name, values in model.state_dict().items()}
    assert network_shapes(arch, skeleton.num_keypoints) == shapes
    assert len(shapes) == 679
    assert recognise(shapes, "x") == (arch, skeleton)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda state: state,
        lambda state: {"state_dict": state},
        lambda state: {"best_state_dict": state, "epoch": 12, "perf": 0.5},
        lambda state: {"best_state_dict": {"state_dict": state}},
        lambda state: {f"module.{name}": values for name, values in state.items()},
        lambda state: {"state_dict": {f"module.{name}": values for name, values in state.items()}},
        lambda state: {name: values.double() for name, values in state.items()},
        lambda state: {name: torch.nn.Parameter(values, False) for name, values in state.items()},
    ],
    ids=["bare", "state_dict", "best_state_dict", "both", "module", "state_dict-module", "double", "parameters"],
)  # fmt: skip
@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
def test_every_wrapping_gives_the_same_tensors(tmp_path: Path, tensors: Tensors, wrap: Wrap, zipped: bool) -> None:
    path = tmp_path / "x.pth"
    torch.save(wrap(tensors), path, _use_new_zipfile_serialization=zipped)
    spec = inspect_checkpoint(path)
    assert (spec.arch, spec.skeleton, spec.input_size) == ("litepose-xs", CROWDPOSE14, 256)
    assert (spec.licence, spec.accuracy) == ("unknown", {})
    loaded = load_state(spec)
    assert loaded.keys() == tensors.keys()
    for name, values in tensors.items():
        assert loaded[name].dtype == np.float32
        np.testing.assert_array_equal(loaded[name], values.numpy())


class Payload:
    """Unpickling this makes a folder."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple:
        return os.mkdir, (str(self.marker),)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_raw_malicious_pickle_runs_nothing(tmp_path: Path, protocol: int) -> None:
    marker = tmp_path / "ran"
    (tmp_path / "x.pth").write_bytes(pickle.dumps({"state_dict": Payload(marker)}, protocol))
    assert "could run code" in refusal(tmp_path / "x.pth")
    assert not marker.exists()
    pickle.loads((tmp_path / "x.pth").read_bytes())
    assert marker.exists(), "the payload has to be able to run"


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
def test_malicious_checkpoint_runs_nothing(tmp_path: Path, tensors: Tensors, zipped: bool) -> None:
    marker = tmp_path / "ran"
    content = {"state_dict": tensors, "extra": Payload(marker)}
    torch.save(content, tmp_path / "x.pth", _use_new_zipfile_serialization=zipped)
    assert "could run code" in refusal(tmp_path / "x.pth")
    assert not marker.exists()


def test_a_whole_pickled_network_is_refused_as_code(tmp_path: Path) -> None:
    torch.save(build_litepose("litepose-xs", 14), tmp_path / "x.pth")
    assert "could run code" in refusal(tmp_path / "x.pth")


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
@pytest.mark.parametrize("kept", [0.0001, 0.01, 0.3, 0.7, 0.999])
def test_truncated_checkpoint(tmp_path: Path, tensors: Tensors, zipped: bool, kept: float) -> None:
    buffer = io.BytesIO()
    torch.save(tensors, buffer, _use_new_zipfile_serialization=zipped)
    content = buffer.getvalue()
    (tmp_path / "x.pth").write_bytes(content[: max(1, int(kept * len(content)))])
    assert "cut off" in refusal(tmp_path / "x.pth")


def zip_of_text() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "hello")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>404</html>", "web page"),
        (b"\n  <html><body>Google Drive quota</body></html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "Git LFS"),
        (b"just some text\n", "cut off"),
        (b"\x00" * 4096, "cut off"),
        (bytes(range(256)) * 16, "cut off"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "cut off"),
        (b"\x10\x00\x00\x00\x00\x00\x00\x00{", "cut off"),
        (b"\xff\xff\xff\xff\xff\xff\xff\xff{" + b" " * 50, "cut off"),
        (b'\x02\x00\x00\x00\x00\x00\x00\x00{}', "some other network"),
        (zip_of_text(), "cut off"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_files_that_are_not_weights(tmp_path: Path, content: bytes, says: str, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(content)
    assert says in refusal(path)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "missing.pth")
    assert "folder" in refusal(tmp_path)


@pytest.mark.parametrize("content", [[1, 2], "text", 7, torch.zeros(3), {}, {"state_dict": 5}, {1: torch.zeros(2)}])
def test_other_objects_are_not_a_state_dict(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "x.pth")
    refusal(tmp_path / "x.pth")


def test_foreign_network(tmp_path: Path) -> None:
    torch.save(torch.nn.Sequential(torch.nn.Linear(3, 4)).state_dict(), tmp_path / "x.pth")
    assert "some other network" in refusal(tmp_path / "x.pth")


def test_nearly_fitting_network_is_named_with_what_does_not_fit(tmp_path: Path, tensors: Tensors) -> None:
    changed = dict(tensors)
    changed["final_refined.1.conv.3.weight"] = torch.zeros(15, 24, 1, 1)
    del changed["stage.3.9.inv.0.weight"]
    changed["stranger"] = torch.zeros(1)
    torch.save(changed, tmp_path / "x.pth")
    message = refusal(tmp_path / "x.pth")
    assert "litepose-xs for crowdpose14" in message and " 3 of its tensors" in message


@pytest.mark.parametrize("name", ["stage.1.3.depth_conv.0.weight", "first.0.1.running_mean"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite(tmp_path: Path, tensors: Tensors, name: str, value: float) -> None:
    broken = {key: values.clone() for key, values in tensors.items()}
    broken[name].view(-1)[0] = value
    torch.save(broken, tmp_path / "x.pth")
    assert name in refusal(tmp_path / "x.pth")


def test_negative_variance(tmp_path: Path, tensors: Tensors) -> None:
    broken = {key: values.clone() for key, values in tensors.items()}
    broken["first.3.running_var"][2] = -1
    torch.save(broken, tmp_path / "x.pth")
    assert "negative variance" in refusal(tmp_path / "x.pth")


def test_other_number_formats_are_read_as_float32(tmp_path: Path, tensors: Tensors) -> None:
    halves = {name: values.bfloat16() if values.is_floating_point() else values for name, values in tensors.items()}
    torch.save(halves, tmp_path / "x.pth")
    _, loaded = read_weights(tmp_path / "x.pth")
    np.testing.assert_array_equal(loaded["first.2.weight"], halves["first.2.weight"].float().numpy())


def test_loaded_state_fits_the_network_strictly(tmp_path: Path, tensors: Tensors) -> None:
    torch.save(tensors, tmp_path / "x.pth")
    loaded = load_state(inspect_checkpoint(tmp_path / "x.pth"))
    build_litepose("litepose-xs", 14).load_state_dict({k: torch.from_numpy(v) for k, v in loaded.items()})


def test_skeletons_are_reported_apart() -> None:
    shapes = network_shapes("litepose-s", 17)
    assert recognise(shapes, "x") == ("litepose-s", COCO17)


LAYOUTS: dict[str, Wrap] = {
    "mmpose 0.x": lambda state: {"meta": {"epoch": 210}, "state_dict": state},
    "mmpose 1.x": lambda state: {
        "state_dict": {name.replace("keypoint_head.", "head."): values for name, values in state.items()}
    },
    "parallel": lambda state: {"state_dict": {f"module.{name}": values for name, values in state.items()}},
}


@pytest.mark.parametrize(
    ("arch", "layout"),
    [*(("lite-hrnet-18", layout) for layout in LAYOUTS), ("naive-lite-hrnet-18", "mmpose 1.x"),
     ("lite-hrnet-30+rmpg-lite", "mmpose 0.x")],
)  # fmt: skip
def test_top_down_checkpoints_are_read_strictly(
    tmp_path: Path, arch: str, layout: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITEPOSE_STUDIO_HOME", str(tmp_path / "home"))
    state = build_network(arch, 17).state_dict()
    path = tmp_path / "x.pth"
    torch.save(LAYOUTS[layout](state), path)
    spec = import_checkpoint(path)
    assert (spec.name, spec.arch, spec.skeleton) == (f"{arch}-coco17", arch, COCO17)
    assert spec.top_down and spec.crop_hw == (256, 192)
    loaded = load_state(spec)
    assert loaded.keys() == state.keys()
    for name, values in state.items():
        np.testing.assert_array_equal(loaded[name], values.numpy())


def test_the_official_simple_baseline_has_no_prefixes(tmp_path: Path) -> None:
    """Every tensor is found under its own name; the pretrained network's classifier is left out."""
    names = list(network_shapes("simple-baseline-r50", 17))
    theirs = {name.split(".", 1)[1]: np.full((), n, np.float32) for n, name in enumerate(names)}
    theirs["fc.weight"] = np.zeros((), np.float32)
    assert {name: int(value) for name, value in our_names(theirs).items()} == {name: n for n, name in enumerate(names)}


def test_a_changed_top_down_network_is_refused(tmp_path: Path) -> None:
    state = build_network("lite-hrnet-18", 17).state_dict()
    state["backbone.stage0.0.fuse_layers.0.1.0.weight"] = torch.zeros(41, 80, 1, 1)
    torch.save({"state_dict": state}, tmp_path / "x.pth")
    assert "is nearly lite-hrnet-18 for coco17, but 1 of its tensors" in refusal(tmp_path / "x.pth")
    other = {f"backbone.layer{n}.weight": torch.zeros(3) for n in range(9)}
    torch.save(other, tmp_path / "y.pth")
    assert "some other network" in refusal(tmp_path / "y.pth")


def test_a_top_down_network_does_not_load_as_the_first_stage(tmp_path: Path) -> None:
    torch.save(build_network("lite-hrnet-18", 17).state_dict(), tmp_path / "x.pth")
    with pytest.raises(SettingsError, match="--refine x"):
        load_estimator(weights=tmp_path / "x.pth")
