"""`eval-tracks`: the figures of files, and one sentence for what is no such file."""

from __future__ import annotations

import json

import numpy as np
import pytest

from app.analysis.identified import read_identified
from app.cli import main

MOT = "{frame},{id},{x},{y},40,100,1,-1,-1,-1\n"


def mot_text(swap_at=None, frames=range(1, 21)):
    lines = []
    for frame in frames:
        swapped = swap_at is not None and frame >= swap_at
        for person in (1, 2):
            name = 3 - person if swapped else person
            lines.append(MOT.format(frame=frame, id=name + 10, x=100 * person + frame, y=50))
    return "".join(lines)


def table_text(identity, mark, names=("left_hip", "neck"), shown=1):
    """Two people of two joints for three frames, counted from 0."""
    header = ["frame", "time_s", identity, "bbox_x", "bbox_y", "bbox_w", "bbox_h"]
    header += [f"{n}_{c}" for n in names for c in ("x", "y", mark)]
    rows = [",".join(header)]
    for frame in range(3):
        for person in (1, 2):
            x = 100 * person
            joints = [f"{x},{60 + 40 * i},{shown}" for i in range(len(names))]
            rows.append(",".join([str(frame), f"{frame / 30}", str(person), f"{x - 20},40,40,120", *joints]))
    return "\n".join(rows) + "\n"


@pytest.fixture
def written(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_figures_of_a_swap(written, tmp_path, capsys):
    truth, out = written("gt.txt", mot_text()), tmp_path / "figures.json"
    results = [written("same.txt", mot_text()), written("swap.txt", mot_text(swap_at=11))]
    assert main(["eval-tracks", str(truth), *map(str, results), "--json", str(out)]) == 0
    figures = json.loads(out.read_text())
    same, swap = (figures[str(path)]["boxes"] for path in results)
    assert (same["hota"], same["idf1"], same["mota"], same["switches"]) == (1, 1, 1, 0)
    assert (swap["idf1"], swap["switches"], swap["found_identities"]) == (0.5, 2, 2)
    assert swap["mota"] == pytest.approx(38 / 40) and swap["deta"] == 1 and swap["assa"] == pytest.approx(1 / 3)
    assert "swap.txt by boxes" in capsys.readouterr().out


def test_tables_are_compared_by_boxes_and_by_poses(written, tmp_path):
    truth = written("truth.csv", table_text("true_id", "visible"))
    result = written("result.csv", table_text("track_id", "score", ("neck", "left_hip")[::-1], 0.4))
    out = tmp_path / "figures.json"
    assert main(["eval-tracks", str(truth), str(result), "--json", str(out)]) == 0
    figures = json.loads(out.read_text())[str(result)]
    assert figures["boxes"]["hota"] == figures["poses"]["hota"] == pytest.approx(1)


def test_frames_are_counted_alike_in_text_and_table(written):
    text, table = (
        read_identified(written("a.txt", mot_text())),
        read_identified(written("a.csv", table_text("track_id", "score"))),
    )
    assert text.frames.min() == table.frames.min() == 0
    assert text.boxes_xyxy[0].tolist() == [101, 50, 141, 150]


@pytest.mark.filterwarnings("error")
def test_rows_of_frames_without_people_are_nobody(written):
    text = table_text("track_id", "score")
    empty = f"3,0.1{',' * (text.splitlines()[0].count(',') - 1)}\n"
    found, plain = read_identified(written("a.csv", text + empty)), read_identified(written("b.csv", text))
    assert found.frames.tolist() == plain.frames.tolist() and found.ids.tolist() == plain.ids.tolist()


def test_hidden_joints_are_not_labelled(written):
    truth = read_identified(written("truth.csv", table_text("true_id", "visible", shown=0)))
    assert truth.keypoints.shape == (6, 2, 2) and np.isnan(truth.keypoints).all()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,2,3\n", "neither MOTChallenge"),
        ("a,b,c,d,e,f,g\n", "neither MOTChallenge"),
        ("frame,track_id,time_s\n0,1,0\n", "neither MOTChallenge"),
        (mot_text() + mot_text(), "twice in one frame"),
        ("", "Nobody is labelled"),
        ("1,1,nan,0,5,5,1\n", "neither MOTChallenge"),
    ],
)
def test_other_files_are_refused_in_one_sentence(text, words, written, capsys):
    path = written("gt.txt", text)
    assert main(["eval-tracks", str(path), str(path)]) == 1
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1


def test_a_missing_file_and_poses_without_joints_are_refused(written, tmp_path, capsys):
    truth = written("gt.txt", mot_text())
    assert main(["eval-tracks", str(truth), str(tmp_path / "no.txt")]) == 1
    assert main(["eval-tracks", str(truth), str(truth), "--by", "poses"]) == 1
    assert main(["eval-tracks", str(truth), str(truth), "--threshold", "0"]) == 2
    assert capsys.readouterr().err.count("\n") == 3
