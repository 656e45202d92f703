"""The library of weights: saving, finding, importing, verifying."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.cli import OK, SOME_FAILED, USAGE, main
from pose.decode_settings import DecodeSettings
from pose.errors import SettingsError, WeightsError
from pose.estimator import load_estimator
from pose.network_file import network_shapes
from pose.skeleton import COCO17, CROWDPOSE14
from pose.weights import library
from pose.weights.checkpoint import State
from pose.weights.file import write_whole
from pose.weights.library import (
    WeightsSpec,
    find_weights,
    import_checkpoint,
    inspect_checkpoint,
    list_weights,
    load_state,
    save_weights,
    user_list_problem,
)

ROOT = Path(__file__).resolve().parents[2]


def random_state(rng: np.random.Generator, arch: str = "litepose-xs", keypoints: int = 17) -> State:
    shapes = network_shapes(arch, keypoints)
    return {name: rng.random(shape, np.float32) + np.float32(0.01) for name, shape in shapes.items()}


def save(path: Path, state: State, **changes: object) -> WeightsSpec:
    known = {
        "arch": "litepose-xs",
        "skeleton": COCO17,
        "input_size": 256,
        "licence": "MIT",
        "source": "a test",
        "accuracy": {"AP": 12.5},
        "half": False,
    }
    return save_weights(path, state, **(known | changes))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user folder and no shipped weights."""
    monkeypatch.setenv("LITEPOSE_STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(library, "SHIPPED", tmp_path / "shipped")
    return tmp_path / "home" / "weights"


@pytest.fixture
def state(rng: np.random.Generator) -> State:
    return random_state(rng)


def test_round_trip_in_float32_is_exact(tmp_path: Path, state: State) -> None:
    loaded = load_state(save(tmp_path / "x.safetensors", state))
    assert loaded.keys() == state.keys()
    for name, values in state.items():
        assert loaded[name].dtype == np.float32 and loaded[name].shape == values.shape
        np.testing.assert_array_equal(loaded[name], values)


def test_description_survives_the_round_trip(tmp_path: Path, state: State) -> None:
    saved = save(tmp_path / "x.safetensors", state, input_size=320, licence="CC-BY-4.0")
    read = inspect_checkpoint(tmp_path / "x.safetensors")
    assert read == saved
    assert (read.arch, read.skeleton, read.input_size, read.licence) == ("litepose-xs", COCO17, 320, "CC-BY-4.0")
    assert (read.source, read.accuracy, read.parameters) == ("a test", {"AP": 12.5}, 1_675_912)


def test_any_length_of_header_is_recognised(tmp_path: Path, state: State) -> None:
    """Some lengths look like the first byte of a zip file or of a pickle."""
    first_bytes = set()
    for letters in range(0, 256, 8):
        saved = save(tmp_path / "x.safetensors", state, source="x" * letters)
        first_bytes.add(saved.path.read_bytes()[0])
        assert inspect_checkpoint(saved.path).source == saved.source
    assert {0x50, 0x80} <= first_bytes


def test_half_keeps_statistics_exact_even_beyond_float16(tmp_path: Path, state: State) -> None:
    name = "deconv_bnrelu.0.0.running_var"
    state[name][:] = 534212.19
    loaded = load_state(save(tmp_path / "x.safetensors", state, half=True))
    np.testing.assert_array_equal(loaded[name], state[name])
    kernel = "stage.0.0.inv.0.weight"
    np.testing.assert_array_equal(loaded[kernel], state[kernel].astype(np.float16))
    assert (tmp_path / "x.safetensors").stat().st_size < 0.65 * sum(values.nbytes for values in state.values())


def test_kernels_beyond_float16_are_refused_in_half(tmp_path: Path, state: State) -> None:
    state["first.2.weight"][0] = 1e6
    with pytest.raises(WeightsError, match=r"first\.2\.weight"), np.errstate(over="ignore"):
        save(tmp_path / "x.safetensors", state, half=True)
    assert list(tmp_path.glob("*x*")) == []


@pytest.mark.parametrize("changes", [{"arch": "litepose-m"}, {"skeleton": CROWDPOSE14}])
def test_tensors_of_another_network_are_not_saved(tmp_path: Path, state: State, changes: dict) -> None:
    with pytest.raises(WeightsError, match="litepose-xs for coco17"):
        save(tmp_path / "x.safetensors", state, **changes)


def test_import_installs_under_a_name_that_find_knows(tmp_path: Path, state: State, home: Path) -> None:
    save(tmp_path / "mine.safetensors", state)
    installed = import_checkpoint(tmp_path / "mine.safetensors", "my-xs")
    assert installed == find_weights("my-xs") == list_weights()[0]
    assert installed.path == home / "my-xs.safetensors"
    for name, values in load_state(installed).items():
        np.testing.assert_array_equal(values, state[name])


def test_import_names_by_size_and_skeleton_and_is_idempotent(tmp_path: Path, state: State) -> None:
    save(tmp_path / "mine.safetensors", state)
    first = import_checkpoint(tmp_path / "mine.safetensors")
    assert first.name == "litepose-xs-coco17"
    assert import_checkpoint(tmp_path / "mine.safetensors") == first
    assert len(list_weights()) == 1


def test_programs_that_import_at_once_lose_nothing(
    tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(path: Path, content: bytes) -> None:
        time.sleep(0.1)
        write_whole(path, content)

    save(tmp_path / "mine.safetensors", state)
    monkeypatch.setattr(library, "write_whole", slowly)
    with ThreadPoolExecutor(3) as programs:
        list(programs.map(lambda name: import_checkpoint(tmp_path / "mine.safetensors", name), ("a", "b", "c")))
    assert [spec.name for spec in list_weights()] == ["a", "b", "c"]


def test_import_never_replaces_other_weights(tmp_path: Path, state: State) -> None:
    save(tmp_path / "a.safetensors", state)
    before = import_checkpoint(tmp_path / "a.safetensors", "x")
    state["first.2.weight"][0] += 1
    save(tmp_path / "b.safetensors", state)
    with pytest.raises(WeightsError, match="already named"):
        import_checkpoint(tmp_path / "b.safetensors", "x")
    assert find_weights("x") == before


@pytest.mark.parametrize("damage", ["cut off", "changed", "deleted"])
def test_import_replaces_a_damaged_or_missing_file(tmp_path: Path, state: State, damage: str) -> None:
    save(tmp_path / "mine.safetensors", state)
    installed = import_checkpoint(tmp_path / "mine.safetensors", "x")
    content = installed.path.read_bytes()
    if damage == "deleted":
        installed.path.unlink()
    else:
        installed.path.write_bytes(content[:-9] if damage == "cut off" else content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(WeightsError):
        load_state(find_weights("x"))
    again = import_checkpoint(tmp_path / "mine.safetensors", "x")
    assert again == find_weights("x") and again.path == installed.path
    assert load_state(again).keys() == state.keys()


def test_advice_to_import_again_is_given_for_installed_files_only(tmp_path: Path, state: State) -> None:
    own = save(tmp_path / "mine.safetensors", state).path
    installed = import_checkpoint(own, "x").path
    for path in (own, installed):
        path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(WeightsError, match=r"^mine\.safetensors is cut off or damaged\.$"):
        inspect_checkpoint(own)
    with pytest.raises(WeightsError, match="import it again"):
        find_weights("x")


@pytest.mark.parametrize("name", ["../x", "a/b", "UPPER", ".hidden", "", " ", "x" * 65, "a\nb"])
def test_names_cannot_leave_the_folder(tmp_path: Path, state: State, name: str, home: Path) -> None:
    save(tmp_path / "mine.safetensors", state)
    if name == "":
        assert import_checkpoint(tmp_path / "mine.safetensors", name).name == "litepose-xs-coco17"
        return
    with pytest.raises(SettingsError, match="cannot be a name"):
        import_checkpoint(tmp_path / "mine.safetensors", name)
    assert main(["weights", "import", str(tmp_path / "mine.safetensors"), "--name", name]) == USAGE
    assert not home.exists()


def test_any_changed_byte_is_noticed(tmp_path: Path, state: State, rng: np.random.Generator) -> None:
    save(tmp_path / "mine.safetensors", state)
    spec = import_checkpoint(tmp_path / "mine.safetensors", "x")
    content = spec.path.read_bytes()
    for position in [*rng.integers(0, len(content), 8), len(content) - 1]:
        changed = bytearray(content)
        changed[position] ^= 1
        spec.path.write_bytes(changed)
        with pytest.raises(WeightsError):
            load_state(spec)
    spec.path.write_bytes(content)
    load_state(spec)


def test_a_spec_of_another_file_is_refused(tmp_path: Path, state: State) -> None:
    spec = save(tmp_path / "x.safetensors", state)
    with pytest.raises(WeightsError, match="SHA-256"):
        load_state(replace(spec, sha256="0" * 64))


def test_unknown_name_tells_the_nearest(tmp_path: Path, state: State) -> None:
    with pytest.raises(WeightsError, match="none are installed"):
        find_weights("litepose-m")
    save(tmp_path / "mine.safetensors", state)
    import_checkpoint(tmp_path / "mine.safetensors", "my-network")
    with pytest.raises(WeightsError, match='did you mean "my-network"'):
        find_weights("my-netwrk")
    with pytest.raises(WeightsError, match="there are: my-network"):
        find_weights("zzz")


def test_shipped_weights_come_first_and_cannot_be_replaced(tmp_path: Path, state: State) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "weights.json").write_text("{}")
    save(shipped / "litepose-xs.safetensors", state, half=True)
    assert json.loads((shipped / "weights.json").read_text()).keys() == {"litepose-xs"}
    assert find_weights("litepose-xs").path.parent == shipped
    other = random_state(np.random.default_rng(1))
    save(tmp_path / "other.safetensors", other)
    with pytest.raises(WeightsError, match="already named"):
        import_checkpoint(tmp_path / "other.safetensors", "litepose-xs")


def damaged_list(path: Path) -> str:
    path.write_text("{")
    return "is damaged; delete it and import them again"


def unreadable_list(path: Path) -> str:
    path.mkdir()
    return "cannot be read: "


@pytest.mark.parametrize("break_list", [damaged_list, unreadable_list])
def test_a_bad_list_of_imported_weights_leaves_the_shipped_ones(
    tmp_path: Path, state: State, home: Path, break_list: Callable[[Path], str], capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "weights.json").write_text("{}")
    save(shipped / "theirs.safetensors", state)
    home.mkdir(parents=True)
    assert user_list_problem() is None
    told = break_list(home / "weights.json")
    assert load_state(find_weights("theirs")).keys() == state.keys()
    assert [spec.name for spec in list_weights()] == ["theirs"]
    assert told in str(user_list_problem())
    with pytest.raises(WeightsError, match=told):
        find_weights("mine")
    with pytest.raises(WeightsError, match=told):
        import_checkpoint(shipped / "theirs.safetensors", "mine")
    assert [path.name for path in home.iterdir()] == ["weights.json"]
    assert main(["weights", "list"]) == OK
    printed = capsys.readouterr().out
    assert "theirs: litepose-xs" in printed and told in printed
    assert main(["weights", "verify"]) == SOME_FAILED
    assert main(["weights", "verify", "theirs"]) == OK


def test_one_damaged_file_does_not_hide_the_others(tmp_path: Path, state: State) -> None:
    save(tmp_path / "mine.safetensors", state)
    import_checkpoint(tmp_path / "mine.safetensors", "good")
    bad = import_checkpoint(tmp_path / "mine.safetensors", "bad")
    bad.path.write_bytes(b"")
    assert [spec.name for spec in list_weights()] == ["good"]
    assert main(["weights", "list"]) == OK
    assert main(["weights", "verify", "good"]) == OK
    assert main(["weights", "verify"]) == SOME_FAILED


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = save(tmp_path / "x.safetensors", state)

    def full_disk(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    state["first.2.weight"][0] += 1
    with pytest.raises(WeightsError, match="No space left"):
        save(tmp_path / "x.safetensors", state)
    assert [path.name for path in tmp_path.iterdir()] == ["x.safetensors"]
    load_state(spec)


def test_command_line_import_says_what_the_file_is(
    tmp_path: Path, state: State, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = save(tmp_path / "mine.safetensors", state)
    assert main(["weights", "import", str(spec.path), "--name", "mine"]) == OK
    printed = capsys.readouterr().out
    for expected in ("litepose-xs", "coco17", "256", "1,675,912", "MIT", "AP 12.5", spec.sha256, "left_ankle"):
        assert expected in printed


def test_command_line_reports_a_bad_file_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["weights", "import", str(tmp_path / "missing.pth")]) == SOME_FAILED
    assert capsys.readouterr().err.count("\n") == 1


def test_safetensors_are_loaded_without_torch(tmp_path: Path, state: State) -> None:
    save(tmp_path / "x.safetensors", state)
    program = """
import sys
from pose.weights.library import inspect_checkpoint, load_state
assert len(load_state(inspect_checkpoint(sys.argv[1]))) == 679
assert "torch" not in sys.modules, "something below pose imports torch, which costs every start seconds"
"""
    command = [sys.executable, "-c", program, str(tmp_path / "x.safetensors")]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.clips
def test_official_checkpoint_is_recognised_with_its_licence(shared_dir: Path) -> None:
    spec = inspect_checkpoint(shared_dir / "weights" / "litepose_m_crowdpose.pth")
    assert (spec.arch, spec.skeleton, spec.input_size, spec.licence) == ("litepose-m", CROWDPOSE14, 448, "MIT")
    installed = import_checkpoint(spec.path)
    assert (installed.name, installed.licence, installed.accuracy) == ("litepose-m-crowdpose14", "MIT", spec.accuracy)


def test_the_joint_threshold_travels_with_the_weights(tmp_path: Path, rng: np.random.Generator) -> None:
    state = random_state(rng)
    assert save(tmp_path / "usual.safetensors", state).det_thr == 0.1
    path = tmp_path / "unsure.safetensors"
    assert save(path, state, det_thr=0.25).det_thr == inspect_checkpoint(path).det_thr == 0.25
    assert import_checkpoint(path, "unsure").det_thr == find_weights("unsure").det_thr == 0.25


@pytest.mark.parametrize("value", [0.0, 1.0, -0.1, float("nan")])
def test_a_senseless_joint_threshold_is_a_damaged_file(tmp_path: Path, rng: np.random.Generator, value: float) -> None:
    with pytest.raises(WeightsError, match="damaged"):
        save(tmp_path / "senseless.safetensors", random_state(rng), det_thr=value)


def test_the_estimator_takes_the_threshold_of_its_weights_unless_reported_otherwise(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    path = tmp_path / "unsure.safetensors"
    save(path, random_state(rng), det_thr=0.25)
    assert load_estimator(weights=path, precision="fp32").det_thr == 0.25
    assert load_estimator(weights=path, precision="fp32", decode=DecodeSettings(det_thr=0.4)).det_thr == 0.4
