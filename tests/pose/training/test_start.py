"""The weights that a run begins with: by name, or else by file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pose.errors import WeightsError
from pose.models.litepose import build_litepose
from pose.skeleton import COCO17
from pose.training.start import find
from pose.weights import library
from pose.weights.library import import_checkpoint, save_weights


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A weights file in the working directory; no weights are installed."""
    monkeypatch.setenv("LITEPOSE_STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(library, "SHIPPED", tmp_path / "shipped")
    monkeypatch.chdir(tmp_path)
    state = {name: values.numpy() for name, values in build_litepose("litepose-xs", 17).state_dict().items()}
    known = {"arch": "litepose-xs", "skeleton": COCO17, "input_size": 256, "licence": "", "source": "", "accuracy": {}}
    return save_weights(tmp_path / "own.safetensors", state, **known).path


def test_names_with_a_dot_are_found_and_so_are_files(file: Path) -> None:
    installed = import_checkpoint(file, "my.model")
    assert find("my.model") == installed
    assert find(file.name).path == Path(file.name)
    bare = file.rename("bare")
    assert find("bare").path == Path(bare)


@pytest.mark.parametrize("absent", ["my.modle", "folder/x", "x" * 300 + ".pth"])
def test_neither_a_name_nor_a_file_gives_one_sentence(file: Path, absent: str) -> None:
    with pytest.raises(WeightsError, match=r"There is no file .*, and no weights of that name"):
        find(absent)


def test_a_bare_word_is_taken_for_a_name(file: Path) -> None:
    import_checkpoint(file, "my.model")
    with pytest.raises(WeightsError, match=r'did you mean "my\.model"'):
        find("my-model")
