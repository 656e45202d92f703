"""Names of outputs: unfinished ones, ones that are too long, and all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.export.partial import commit_all, discard, fitting_stem, partial_path
from app.export.registry import FORMATS, make_sink, output_path, parse_formats
from app.export.writer import ExportWriter
from pose.errors import MediaError, SettingsError
from tests.app.format_run import facts_of_run

LONGEST = 255  # bytes


def outputs(stem: str) -> set[Path]:
    return {output_path(name, Path("out"), stem) for name in FORMATS} | {Path("out", f"{stem}.annotated.mp4")}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"), min_size=1, max_size=300))
def test_names_fit_whatever_the_stem(stem: str) -> None:
    short = fitting_stem(stem)
    names = [partial_path(path).name for path in outputs(short)]
    for name in (*names, f"{short}_000000000000_keypoints.json"):
        assert len(name.encode()) <= LONGEST
    assert fitting_stem(short) == short


def test_what_is_shortened_stays_apart() -> None:
    stems = ["x" * 236, "x" * 237, "ä" * 130, "ä" * 131]
    assert len({fitting_stem(stem) for stem in stems}) == len(stems)
    assert fitting_stem("clip") == "clip"


def test_no_output_of_one_input_is_the_partial_of_another() -> None:
    """Inputs may be called like anything, clip.partial.mp4 among them."""
    stems = ["clip", "clip.partial", "clip.csv", "clip.csv.partial", "clip.annotated", "clip_openpose.partial"]
    final = {path for stem in stems for path in outputs(stem)}
    assert not final & {partial_path(path) for path in final}


def test_all_are_named_or_none(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "a_openpose"
    partial_path(first).write_text("new")
    first.write_text("old")
    with pytest.raises(MediaError, match=r"a_openpose.partial cannot be written"):
        commit_all([first, second])
    assert first.read_text() == "old"
    partial_path(second).mkdir()
    commit_all([first, second])
    assert (first.read_text(), sorted(p.name for p in tmp_path.iterdir())) == ("new", ["a.csv", "a_openpose"])


def test_naming_can_be_left_to_the_caller(tmp_path: Path) -> None:
    with ExportWriter([make_sink("mot", tmp_path, "a")], facts_of_run(), commit=False):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["a.mot.txt.partial"]


def test_a_folder_replaces_the_old_one_whole(tmp_path: Path) -> None:
    folder = tmp_path / "a_trc"
    for place, name in ((folder, "a_person07.trc"), (partial_path(folder), "a_person01.trc")):
        place.mkdir()
        (place / name).touch()
    commit_all([folder])
    assert [p.name for p in folder.iterdir()] == ["a_person01.trc"]
    discard(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_file_never_takes_the_place_of_a_folder(tmp_path: Path) -> None:
    folder, other = tmp_path / "results", tmp_path / "a.csv"
    folder.mkdir()
    (folder / "work.csv").touch()
    for path in (folder, other):
        partial_path(path).touch()
    with pytest.raises(MediaError, match=r"results cannot be written"):
        commit_all([other, folder])
    assert (folder / "work.csv").exists() and not other.exists()


def test_formats_are_named_in_one_sentence() -> None:
    assert parse_formats(" dlc,csv,dlc ") == ("dlc", "csv")
    for text, match in (("", "No format"), ("cvs", 'did you mean "csv"'), ("csv,zzz", "there are csv, csv-long")):
        with pytest.raises(SettingsError, match=match):
            parse_formats(text)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r'needs the package pyarrow: run pip install "litepose-studio\[parquet\]"'):
        parse_formats("parquet")
