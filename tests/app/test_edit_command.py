"""The `edit` command on results as `annotate` leaves them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.cli import annotate
from tests.app.media import write_video
from tests.fakes import FakeEstimator, fake_model_info


@pytest.fixture
def result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The table of a clip of 30 frames with two people."""
    monkeypatch.setattr(annotate, "_load", lambda model, decode: FakeEstimator())
    monkeypatch.setattr("app.models.loading.model_info", fake_model_info)
    monkeypatch.setattr("tracking.cuts.CutDetector.__call__", lambda self, image: 0.0)  # numbered images are no scene
    video = write_video(tmp_path / "clip.mp4", count=30)
    formats = ("--formats", "csv,mot")
    assert cli.main(["annotate", str(video), "--out", str(tmp_path / "out"), "--no-video", *formats]) == 0
    return tmp_path / "out" / "clip.csv"


def edit(result: Path, *words: Any) -> int:
    return cli.main(["edit", str(result), *map(str, words)])


def places(path: Path) -> dict[tuple[int, int], float]:
    with path.open(encoding="utf-8", newline="") as file:
        return {(int(r["frame"]), int(r["track_id"])): float(r["bbox_x"]) for r in csv.DictReader(file)}


def contents(folder: Path) -> dict[str, bytes]:
    """The results; the store and the manifest of its bytes hold what was undone too."""
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix not in (".litepose", ".jsonl")}


def test_edits_reach_every_format_and_undoing_all_gives_every_byte_back(result: Path) -> None:
    first, before = contents(result.parent), places(result)
    assert edit(result, "--swap", 1, 2, "--from", 10, "--to", 19) == 0
    after = places(result)
    for (frame, person), x in before.items():
        assert after[frame, 3 - person if 10 <= frame <= 19 else person] == x
    assert contents(result.parent)["clip.mot.txt"] != first["clip.mot.txt"]
    assert edit(result.with_suffix(".litepose"), "--split", 2, "--from", 15) == 0
    assert {person for _, person in places(result)} == {1, 2, 3}
    assert edit(result.with_suffix(".json"), "--rename", 3, "Änne") == 0
    sidecar = json.loads(result.with_suffix(".json").read_text(encoding="utf-8"))
    assert sidecar["edits"] == [
        "swap 1 and 2, frames 10 to 19",
        "split 2: 3 afterwards, from frame 15",
        "rename 3: Änne",
    ]
    assert [person.get("name") for person in sidecar["people"]] == [None, None, "Änne"]
    assert edit(result, "--undo", 3) == 0
    assert contents(result.parent) == first
    assert edit(result, "--redo", 3) == 0
    assert {person for _, person in places(result)} == {1, 2, 3}


def test_annotating_again_honours_edits(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(result, "--delete", 2, "--from", 5)
    edited = result.read_bytes()
    words = ["annotate", str(result.parents[1] / "clip.mp4"), "--out", str(result.parent), "--no-video", "--overwrite"]
    assert cli.main(words) == 0
    assert result.read_bytes() == edited
    assert "detections stored in clip.litepose are used" in capsys.readouterr().err


def test_lists_of_edits_people_and_doubts(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(result, "--swap", 1, 2)
    edit(result, "--delete", 1)
    edit(result, "--undo")
    capsys.readouterr()
    assert edit(result, "--list") == 0
    assert capsys.readouterr().out.splitlines() == ["  1  in force  swap 1 and 2", "  2  undone    delete 1"]
    assert edit(result, "--people") == 0
    assert [line.split()[:5] for line in capsys.readouterr().out.splitlines()[1:]] == [
        [str(person), "30", "0", "29", "30"] for person in (1, 2)
    ]
    assert edit(result, "--doubts") == 0
    assert capsys.readouterr().out == "nothing doubtful\n"


@pytest.mark.parametrize("rule", ["largest", "longest", "central", "1"])
def test_only_one_person_counts(result: Path, rule: str) -> None:
    assert edit(result, "--person", rule) == 0
    assert len({person for _, person in places(result)}) == 1


def test_a_region_leaves_out_who_stands_elsewhere(result: Path) -> None:
    assert edit(result, "--region", "0,0,0.5,1") == 0
    assert {person for _, person in places(result)} == {1}
    edit(result, "--undo")
    assert edit(result, "--region", "!0,0,0.5,1") == 0
    assert {person for _, person in places(result)} == {2}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_scale_adds_metres_to_the_table_and_to_what_is_converted_from_it(result: Path) -> None:
    first = contents(result.parent)
    assert "x_m" not in rows(result)[0]
    assert edit(result, "--scale", 0, 0, 96, 0, 2.0) == 0
    (found, *rest) = rows(result)
    assert float(found["x_m"]) > 0 and float(found["distance_m"]) == 0
    assert float(rest[-1]["speed_m_per_s"]) >= 0
    sidecar = json.loads(result.with_suffix(".json").read_text(encoding="utf-8"))
    assert sidecar["measure"] == {"metres_per_px": pytest.approx(2 / 96)}
    out = str(result.parents[1] / "more")
    assert cli.main(["convert", str(result), "--to", "csv", "--angles", "--resample", "10", "--out", out]) == 0
    converted = rows(result.parents[1] / "more" / "clip.csv")
    assert float(converted[0]["x_m"]) == pytest.approx(float(found["x_m"]))
    lean = float(converted[0]["trunk_lean_deg"])
    assert edit(result, "--floor", 0, 0, 100, 10) == 0
    assert cli.main(["convert", str(result), "--to", "csv", "--angles", "--out", out, "--overwrite"]) == 0
    assert float(rows(result.parents[1] / "more" / "clip.csv")[0]["trunk_lean_deg"]) == pytest.approx(
        lean - 5.71, abs=0.02
    )
    assert edit(result, "--undo", 2) == 0
    assert contents(result.parent) == first


@pytest.mark.parametrize("people", [("--person", "largest"), ("--region", "0,0,0.5,1"), ("--region", "!0.5,0,1,1")])
def test_who_counts_can_be_said_when_annotating(result: Path, tmp_path: Path, people: tuple[str, str]) -> None:
    words = ["annotate", str(tmp_path / "clip.mp4"), "--out", str(tmp_path / "chosen"), "--no-video", *people]
    table = tmp_path / "chosen" / "clip.csv"
    assert cli.main(words) == 0
    assert {person for _, person in places(table)} == {1}
    once = contents(table.parent)
    assert cli.main(words) == 0  # skipped
    assert cli.main([*words, "--overwrite"]) == 0
    assert contents(table.parent) == once
    assert len(json.loads(table.with_suffix(".json").read_text(encoding="utf-8"))["edits"]) == 1
    assert edit(table, "--undo") == 0
    assert table.read_bytes() == result.read_bytes()


@pytest.mark.parametrize(("option", "value"), [("--person", "tallest"), ("--region", "1,2,3")])
def test_who_counts_is_checked_before_anything_is_done(
    result: Path, tmp_path: Path, option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["annotate", str(tmp_path / "clip.mp4"), "--out", str(tmp_path / "new"), option, value]) == 2
    assert value in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_checked_moment_is_off_the_list_and_the_results_stay_as_they_are(
    result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(result, "--delete", 2, "--from", 8, "--to", 22)  # gone for a moment in mid-image
    first = contents(result.parent)
    capsys.readouterr()
    edit(result, "--doubts")
    listed = capsys.readouterr().out.splitlines()
    assert "was away" in listed[0]
    assert edit(result, "--check", 1) == 0
    assert contents(result.parent) == first
    capsys.readouterr()
    edit(result, "--doubts")
    assert len(capsys.readouterr().out.splitlines()) == len(listed) - (len(listed) > 1)
    assert edit(result, "--undo") == 0
    capsys.readouterr()
    edit(result, "--doubts")
    assert capsys.readouterr().out.splitlines() == listed


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--swap", 8, 9), "There is no person 8"),
        (("--undo",), "no edit to undo"),
        (("--check", 1), "no doubtful moment 1"),
        (("--region", "1,2,3"), "is not a region"),
        (("--region", "a,b,c,d"), "is not a region"),
        (("--person", "tallest"), "not the number of a person"),
        (("--bridge", 1), "needs --from and --to"),
        (("--scale", 0, 0, 0, 0, 1), "two different points"),
        (("--move-joint", 1, "nose", 3, 4, 5), 'no joint "nose"'),
        (("--move-joint", 1, "neck", "three", 4, 5), '"three" is not a number'),
        (("--move-joint", 1, "neck", 3, "nan", 5), '"nan" is not a number'),
        (("--move-joint", 1, "neck", "inf", 4, 5), '"inf" is not a number'),
        (("--swap", 1, -1), '"-1" is not the number of a person'),
        (("--swap", 1, 10**20), "is not the number of a person"),
    ],
)
def test_wrong_usage_is_one_sentence_and_changes_nothing(
    result: Path, words: tuple[Any, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first = contents(result.parent)
    capsys.readouterr()
    assert edit(result, *words) == 2
    assert sentence in capsys.readouterr().err
    assert contents(result.parent) == first


@pytest.mark.parametrize("words", [("--scale", 0, 0, "inf", 0, 1), ("--floor", "nan", 0, 1, 0)])
def test_lines_have_two_ends(result: Path, words: tuple[Any, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        edit(result, *words)
    assert "is not a number" in capsys.readouterr().err
    capsys.readouterr()
    assert edit(result, "--list") == 0
    assert capsys.readouterr().out == "no edits\n"


def test_more_than_there_is_cannot_be_undone_nor_done_again(result: Path) -> None:
    assert edit(result, "--delete", 1) == 0
    edited = contents(result.parent)
    assert edit(result, "--undo", 2) == 2
    assert contents(result.parent) == edited and edit(result, "--redo") == 2
    assert edit(result, "--undo", 1) == 0
    undone = contents(result.parent)
    assert undone != edited and edit(result, "--redo", 2) == 2
    assert contents(result.parent) == undone
    assert edit(result, "--redo") == 0 and contents(result.parent) == edited


def test_results_of_a_version_with_other_settings_can_be_edited(result: Path) -> None:
    sidecar = result.with_suffix(".json")
    content = json.loads(sidecar.read_text(encoding="utf-8"))
    content["settings"]["tracker"]["of_another_version"] = 1.0
    sidecar.write_text(json.dumps(content), encoding="utf-8")
    assert edit(result, "--delete", 1) == 0
    assert {person for _, person in places(result)} == {2}


def test_without_stored_detections_nothing_can_be_edited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text("frame\n")
    assert edit(tmp_path / "a.csv", "--list") == 1
    assert "no stored detections for a.csv" in capsys.readouterr().err
    assert edit(tmp_path / "b.csv", "--list") == 1
    assert "There is no result" in capsys.readouterr().err
