"""`eval-tracks`: the figures of files, and one sentence for what is no such file."""

from __future__ import annotations

import json

import numpy as np
import pytest

from app.analysis.identified import read_identified
from app.cli import main
from tests.readers import reader

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


def wandering(seed):
    """Truth and a result of it with misses, ghosts, exchanged and new ids, as rows (frame, id, x, y, w, h)."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(50, 500, 5), rng.uniform(50, 300, 5)
    names = np.arange(1, 6)
    truth, found = [], []
    for frame in range(1, 61):
        x = x + rng.normal(0, 8, 5)
        if rng.random() < 0.1:
            names[:2] = names[1::-1]
        if rng.random() < 0.1:
            names[rng.integers(5)] = names.max() + 1
        for person in range(5):
            if rng.random() < 0.9:
                truth.append((frame, person + 1, x[person], y[person], 40, 110))
            if rng.random() < 0.85:
                off = rng.normal(0, 6, 2)
                found.append((frame, names[person], x[person] + off[0], y[person] + off[1], 40, 110))
        if rng.random() < 0.3:
            found.append((frame, 900 + frame, *rng.uniform(0, 400, 2), 40, 110))
    return truth, found


def mot_lines(rows):
    return "".join(",".join(f"{v:.9g}" for v in row) + ",1,-1,-1,-1\n" for row in rows)


def plain_distance(a, b):
    """1 - IoU of boxes x, y, w, h; NaN beyond 0.5."""
    w, h = (min(a[i] + a[i + 2], b[i] + b[i + 2]) - max(a[i], b[i]) for i in (0, 1))
    inter = max(w, 0) * max(h, 0)
    iou = inter / (a[2] * a[3] + b[2] * b[3] - inter)
    return 1 - iou if iou >= 0.5 else np.nan


@pytest.mark.parametrize("seed", range(4))
def test_figures_of_files_are_those_of_py_motmetrics(seed, written, tmp_path):
    """Which reads the files and counts for itself."""
    motmetrics = reader("motmetrics")
    truth, found = wandering(seed)
    paths, out = [written("gt.txt", mot_lines(truth)), written("found.txt", mot_lines(found))], tmp_path / "f.json"
    assert main(["eval-tracks", *map(str, paths), "--json", str(out)]) == 0
    ours = json.loads(out.read_text())[str(paths[1])]["boxes"]
    accumulator = motmetrics.MOTAccumulator()
    tables = [motmetrics.io.loadtxt(str(path), fmt="mot15-2D") for path in paths]
    for frame in range(1, 61):
        here = [t[t.index.get_level_values("FrameId") == frame] for t in tables]
        boxes = [t[["X", "Y", "Width", "Height"]].to_numpy() for t in here]
        ids = [t.index.get_level_values("Id").to_numpy() for t in here]
        accumulator.update(*ids, [[plain_distance(a, b) for b in boxes[1]] for a in boxes[0]], frameid=frame)
    names = ["mota", "idf1", "num_switches", "num_misses", "num_false_positives", "num_fragmentations"]
    theirs = motmetrics.metrics.create().compute(accumulator, metrics=names).iloc[0]
    assert ours["switches"] > 0 and ours["fragmentations"] > 0
    assert [ours[n] for n in ("switches", "misses", "false_positives", "fragmentations")] == theirs[names[2:]].tolist()
    assert (ours["mota"], ours["idf1"]) == pytest.approx((theirs["mota"], theirs["idf1"]))


@pytest.mark.parametrize("seed", range(3))
def test_figures_by_poses_are_those_of_trackeval(seed, written, tmp_path):
    trackeval = reader("trackeval")
    truth, found = wandering(seed)
    joints = [("left_hip", 0.107, 0.3, 0.5), ("neck", 0.079, 0.5, 0.1), ("right_ankle", 0.089, 0.6, 0.95)]

    def table(rows, identity, mark):
        names = [f"{name}_{c}" for name, *_ in joints for c in ("x", "y", mark)]
        lines = [",".join(["frame", identity, "bbox_x", "bbox_y", "bbox_w", "bbox_h", *names])]
        for frame, person, x, y, w, h in rows:
            points = [f"{x + a * w:.9g},{y + b * h:.9g},1" for _, _, a, b in joints]
            lines.append(f"{frame - 1},{person},{x:.9g},{y:.9g},{w},{h}," + ",".join(points))
        return "\n".join(lines) + "\n"

    paths = [written("t.csv", table(truth, "true_id", "visible")), written("f.csv", table(found, "track_id", "score"))]
    out = tmp_path / "f.json"
    assert main(["eval-tracks", *map(str, paths), "--by", "poses", "--json", str(out)]) == 0
    ours = json.loads(out.read_text())[str(paths[1])]["poses"]

    rows = [np.array(r) for r in (truth, found)]
    index = [{n: i for i, n in enumerate(sorted(set(r[:, 1])))} for r in rows]
    ids, similarity = ([], []), []
    for frame in range(1, 61):
        here = [r[r[:, 0] == frame] for r in rows]
        for k in (0, 1):
            ids[k].append(np.array([index[k][n] for n in here[k][:, 1]], int))
        gap = ((here[0][:, None, 2:4] - here[1][None, :, 2:4]) ** 2).sum(axis=2)  # of every joint alike
        area = 0.53 * 40 * 110
        similarity.append(np.mean([np.exp(-gap / (2 * area * (2 * sigma) ** 2)) for _, sigma, *_ in joints], axis=0))
    data = {
        "num_timesteps": 60, "gt_ids": ids[0], "tracker_ids": ids[1], "similarity_scores": similarity,
        "num_gt_ids": len(index[0]), "num_tracker_ids": len(index[1]),
        "num_gt_dets": len(truth), "num_tracker_dets": len(found),
    }  # fmt: skip
    hota, identity = trackeval.metrics.HOTA().eval_sequence(data), trackeval.metrics.Identity().eval_sequence(data)
    theirs = [*(hota[k].mean() for k in ("HOTA", "DetA", "AssA")), identity["IDF1"]]
    assert [ours[k] for k in ("hota", "deta", "assa", "idf1")] == pytest.approx(theirs, abs=1e-6)


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
