"""Every format: byte for byte what it was, and read back by the program it is meant for."""

from __future__ import annotations

import csv
import json
import math
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from app.export.layouts import OPENPOSE_BODY25, OPENPOSE_COCO18, POSETRACK17
from app.export.registry import FORMATS, make_sink
from app.export.writer import ExportWriter
from pose.skeleton import COCO17, CROWDPOSE14, Skeleton
from tests.app.format_run import FPS, FRAMES, SIZE, TEXT_FORMATS, TIMES_S, export, facts_of_run, frames_of_run
from tests.readers import reader

GOLDEN = Path(__file__).parent / "golden"
NAMES = CROWDPOSE14.keypoint_names
SLOW = {"nwb": pytest.mark.slow}  # its packages take seconds to import


def expected(person: int, skeleton: Skeleton = CROWDPOSE14) -> NDArray[np.float64]:
    """(FRAMES, K, 3) x, y, score of one person in every frame of the video; NaN where there is nothing."""
    table = np.full((FRAMES, skeleton.num_keypoints, 3), np.nan)
    for frame in frames_of_run(skeleton):
        for i in np.flatnonzero(frame.tracks.ids == person):
            table[frame.index, :, :2] = frame.tracks.poses.keypoints[i]
            table[frame.index, :, 2] = frame.tracks.poses.scores[i]
    table[np.isnan(table[..., 0])] = np.nan
    return table


def agree(found: Any, wanted: Any, atol: float = 0.0051) -> None:
    np.testing.assert_allclose(np.asarray(found, np.float64), wanted, rtol=0, atol=atol)


def all_files(path: Path) -> dict[str, str]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return {file.name: file.read_bytes().decode() for file in files}


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_text_formats_are_what_they_were(tmp_path: Path, name: str) -> None:
    (path,) = export(tmp_path, name)
    assert all_files(path) == all_files(GOLDEN / path.name)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_no_format_writes_a_negative_zero(tmp_path: Path, name: str) -> None:
    (path,) = export(tmp_path, name, raw=True, angles=True)
    for text in all_files(path).values():
        assert not re.search(r"-0\.?0*(?![0-9.])", text)


def test_csv_by_pandas(tmp_path: Path) -> None:
    table = pd.read_csv(export(tmp_path, "csv")[0])
    assert table[["frame", "track_id"]].to_numpy().tolist() == [[0, 1], [2, 1], [2, 3], [4, 3], [5, 1], [5, 3]]
    assert table.state.tolist() == ["observed", "predicted", *["observed"] * 4]
    agree(table.time_s, [0, 0.085, 0.085, 0.16, 0.2, 0.2], 1e-6)
    for person in (1, 3):
        rows = table[table.track_id == person]
        for k, joint in enumerate(NAMES):
            agree(rows[[f"{joint}_x", f"{joint}_y", f"{joint}_score"]], expected(person)[rows.frame, k])


def test_every_frame_gives_the_tables_a_row_for_each(tmp_path: Path) -> None:
    wide, long = export(tmp_path, "csv", "csv-long", every_frame=True)
    for path in (wide, long):
        table = pd.read_csv(path)
        frames = table.drop_duplicates("frame")
        assert frames.frame.tolist() == list(range(FRAMES))
        assert frames.state.tolist() == ["observed", "nobody", "predicted", "lost", "observed", "observed", "skipped"]
        agree(frames.time_s, np.where(np.isnan(TIMES_S), 0.1225, TIMES_S), 1e-6)  # lost: between its neighbours
        assert table.track_id.isna().tolist() == table.state.isin(["nobody", "lost", "skipped"]).tolist()


def test_the_long_table_is_the_wide_one(tmp_path: Path) -> None:
    wide, long = (pd.read_csv(path) for path in export(tmp_path, "csv", "csv-long"))
    assert len(long) == len(wide) * len(NAMES)
    for column in ("x", "y", "score"):
        pivot = long.pivot(index=["frame", "track_id"], columns="keypoint", values=column)
        pd.testing.assert_frame_equal(
            pivot[list(NAMES)].reset_index(drop=True),
            wide[[f"{name}_{column}" for name in NAMES]].set_axis(pivot[list(NAMES)].columns, axis=1),
        )


def test_parquet_by_pandas(tmp_path: Path) -> None:
    pq = reader("pyarrow.parquet")
    wide, path = export(tmp_path, "csv", "parquet", raw=True, angles=True, every_frame=True)
    table, text = pd.read_parquet(path), pd.read_csv(wide)
    assert list(table.columns) == list(text.columns)
    agree(table.select_dtypes("number"), text.select_dtypes("number"))
    assert table.state.tolist() == text.state.tolist()
    facts = json.loads(pq.read_schema(path).metadata[b"litepose"])
    assert (facts["fps"], facts["keypoints"]) == (FPS, list(NAMES))


def test_parquet_grows_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq = reader("pyarrow.parquet")
    monkeypatch.setattr("app.export.parquet.ROWS_PER_GROUP", 2)
    (path,) = export(tmp_path, "parquet")
    file = pq.ParquetFile(path)
    assert (file.num_row_groups, file.metadata.num_rows) == (2, 6)  # a frame's people are not torn apart


def test_npz_by_numpy(tmp_path: Path) -> None:
    (path,) = export(tmp_path, "npz", raw=True)
    with np.load(path, allow_pickle=False) as arrays:
        assert arrays["frames"].tolist() == [0, 1, 2, 4, 5]
        assert arrays["frame"].tolist() == [0, 2, 2, 4, 5, 5]
        assert arrays["keypoint_names"].tolist() == list(NAMES)
        for person in (1, 3):
            rows = arrays["track_id"] == person
            wanted = expected(person)[arrays["frame"][rows]]
            agree(arrays["keypoints"][rows], wanted[..., :2], 0)
            agree(arrays["raw_keypoints"][rows], wanted[..., :2] + 0.5, 1e-4)
            agree(arrays["time_s"][rows], TIMES_S[arrays["frame"][rows]], 0)


@pytest.fixture
def quiet_coco(capsys: pytest.CaptureFixture[str]) -> Any:
    """COCO's own reader, which prints while it reads."""
    return reader("pycocotools.coco").COCO


def test_coco_results_score_fully_against_the_data_set(tmp_path: Path, quiet_coco: Any) -> None:
    """The bare results, read by COCO's evaluation, are the very people of the data set with tracks."""
    from pycocotools.cocoeval import COCOeval

    results, data_set = export(tmp_path, "coco", "coco-tracks", skeleton=COCO17)
    truth = quiet_coco(str(data_set))
    evaluation = COCOeval(truth, truth.loadRes(str(results)), "keypoints")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    assert evaluation.stats[0] == pytest.approx(1.0)
    assert [len(truth.getAnnIds(imgIds=[i])) for i in truth.getImgIds()] == [1, 0, 2, 1, 2]


def test_coco_tracks_keep_ids_and_all_joints(tmp_path: Path, quiet_coco: Any) -> None:
    data_set = quiet_coco(str(export(tmp_path, "coco-tracks")[0]))
    (category,) = data_set.loadCats(data_set.getCatIds())
    assert tuple(category["keypoints"]) == NAMES
    assert category["skeleton"][0] == [13, 14]  # head_top to neck, counted from 1
    for annotation in data_set.loadAnns(data_set.getAnnIds()):
        wanted = expected(annotation["track_id"])[annotation["image_id"]]
        found = np.reshape(annotation["keypoints"], (-1, 3))
        seen = np.isfinite(wanted[:, 0])
        agree(found[:, 2], np.where(seen, 2, 0))
        agree(found[seen, :2], wanted[seen, :2])
        agree(found[~seen], 0)
        agree(np.array(annotation["scores"])[seen], wanted[seen, 2], 1e-4)


def test_posetrack_layout(tmp_path: Path, quiet_coco: Any) -> None:
    """As PoseTrack 2018 documents it: an image's id is made of video and frame, head_bottom follows the nose."""
    data_set = quiet_coco(str(export(tmp_path, "posetrack18")[0]))
    (category,) = data_set.loadCats(data_set.getCatIds())
    assert category["keypoints"][:4] == ["nose", "head_bottom", "head_top", "left_ear"]
    images = data_set.loadImgs(data_set.getImgIds())
    assert [image["id"] for image in images] == [10_000_010_000 + i for i in (0, 1, 2, 4, 5)]
    assert {(image["vid_id"], image["nframes"]) for image in images} == {("000001", FRAMES)}
    for annotation in data_set.loadAnns(data_set.getAnnIds()):
        wanted = expected(annotation["track_id"])[annotation["image_id"] % 10_000]
        found = np.reshape(annotation["keypoints"], (-1, 3))
        for theirs, ours in (("head_bottom", "neck"), ("head_top", "head_top"), ("left_ankle", "left_ankle")):
            agree(found[POSETRACK17.index(theirs), :2], wanted[NAMES.index(ours), :2])


@pytest.mark.parametrize(("name", "layout"), [("openpose", OPENPOSE_BODY25), ("openpose-coco18", OPENPOSE_COCO18)])
def test_openpose_layout(tmp_path: Path, name: str, layout: tuple[str, ...]) -> None:
    """As OpenPose 1.7 documents its --write_json: a file for every frame, 0 where a joint is missing."""
    (folder,) = export(tmp_path, name)
    files = sorted(folder.iterdir())
    assert [f.name for f in files] == [f"clip_{i:012d}_keypoints.json" for i in range(FRAMES)]
    contents = [json.loads(f.read_text()) for f in files]
    ids = [[person["person_id"] for person in content["people"]] for content in contents]
    assert ids == [[[1]], [], [[1], [3]], [], [[3]], [[1], [3]], []]
    assert len(layout) == {"openpose": 25, "openpose-coco18": 18}[name]
    assert layout[:5] == ("nose", "neck", "right_shoulder", "right_elbow", "right_wrist")
    person = np.reshape(contents[2]["people"][1]["pose_keypoints_2d"], (-1, 3))
    wanted = expected(3)[2]
    for joint in ("neck", "left_wrist", "right_knee"):
        agree(person[layout.index(joint)], wanted[NAMES.index(joint)])
    agree(person[layout.index("nose")], 0)
    if name == "openpose":
        assert layout[8] == "mid_hip"
        hips = [NAMES.index("left_hip"), NAMES.index("right_hip")]
        agree(person[8, :2], wanted[hips, :2].mean(axis=0), 0.0101)


def test_openpose_neck_is_between_the_shoulders_where_it_is_not_a_joint(tmp_path: Path) -> None:
    (folder,) = export(tmp_path, "openpose", skeleton=COCO17)
    person = json.loads((folder / f"clip_{4:012d}_keypoints.json").read_text())["people"][0]
    wanted = expected(3, COCO17)[4]
    shoulders = [COCO17.index("left_shoulder"), COCO17.index("right_shoulder")]
    agree(person["pose_keypoints_2d"][3:5], wanted[shoulders, :2].mean(axis=0), 0.0101)


def test_dlc_by_pandas_as_deeplabcut_reads_it(tmp_path: Path) -> None:
    table = pd.read_csv(export(tmp_path, "dlc")[0], header=[0, 1, 2, 3], index_col=0)
    assert table.columns.names == ["scorer", "individuals", "bodyparts", "coords"]
    assert table.index.tolist() == list(range(FRAMES))
    for person in (1, 3):
        agree(table["litepose"][f"person_{person}"], expected(person).reshape(FRAMES, -1))


@pytest.fixture
def movement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The readers of movement, whose log goes where the test's files are."""
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(tmp_path / "home"))
    return reader("movement.io")


@pytest.mark.slow
def test_dlc_by_movement(tmp_path: Path, movement: Any) -> None:
    data = movement.load_dataset(export(tmp_path, "dlc")[0], source_software="DeepLabCut", fps=FPS)
    assert data.sizes["time"] == FRAMES
    agree(data.time, np.arange(FRAMES) / FPS, 1e-6)
    for person in (1, 3):
        one = data.sel(individuals=f"person_{person}")
        agree(np.moveaxis(one.position.values, 1, 2), expected(person)[..., :2])
        agree(one.confidence.values, expected(person)[..., 2])


@pytest.mark.slow
def test_nwb_by_movement(tmp_path: Path, movement: Any) -> None:
    (path,) = export(tmp_path, "nwb")
    for person in (1, 3):
        one = movement.load_poses.from_nwb_file(path, pose_estimation_key=f"person_{person}")
        order = [NAMES.index(name) for name in one.keypoints.values]
        assert sorted(order) == list(range(len(NAMES)))
        agree(np.moveaxis(one.position.values, 1, 2)[..., 0], expected(person)[:, order, :2], 1e-4)


def test_sleap_by_sleap_io(tmp_path: Path) -> None:
    sleap_io = reader("sleap_io")
    (path,) = export(tmp_path, "sleap")
    path.with_name("clip.json").write_text('{"format": "litepose-studio annotation 1"}')  # ours; not its metadata
    labels = sleap_io.load_file(str(path))
    assert [frame.frame_idx for frame in labels] == [0, 2, 4, 5]
    for frame in labels:
        for instance in frame.instances:
            wanted = expected(int(instance.track.name.removeprefix("person_")))[frame.frame_idx]
            order = [NAMES.index(name) for name in labels.skeleton.node_names]
            agree(instance.numpy(), wanted[order, :2])


def test_mot_by_motmetrics(tmp_path: Path) -> None:
    motmetrics = reader("motmetrics")
    table = motmetrics.io.loadtxt(export(tmp_path, "mot")[0], fmt="mot15-2D")
    assert table.index.tolist() == [(1, 1), (3, 1), (3, 3), (5, 3), (6, 1), (6, 3)]
    x, y, width, height = table.loc[(5, 3), ["X", "Y", "Width", "Height"]].tolist()
    points = expected(3)[4, :, :2]  # frame 5 of theirs, whose pixels it counts from 0 again
    low, high = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
    margins = np.array([low[0] - x, low[1] - y, x + width - high[0], y + height - high[1]])
    agree(margins / margins[0], [1, 0.2, 1, 0.8], 0.01)  # sides, crown and soles of a body
    assert 0.04 < margins[0] / np.ptp(points[:, 1][np.isfinite(points[:, 1])]) < 0.15


def test_mot_by_trackeval(tmp_path: Path) -> None:
    trackeval = reader("trackeval")
    (path,) = export(tmp_path, "mot")
    truth, tracker = tmp_path / "gt" / "clip" / "gt", tmp_path / "trackers" / "ours" / "data"
    truth.mkdir(parents=True)
    tracker.mkdir(parents=True)
    lines = path.read_text()
    (tracker / "clip.txt").write_text(lines)
    rows = [line.split(",") for line in lines.split()]
    (truth / "gt.txt").write_text("".join(",".join([*row[:6], "1,1,1"]) + "\n" for row in rows))
    data_set = trackeval.datasets.MotChallenge2DBox(
        {
            "GT_FOLDER": str(tmp_path / "gt"),
            "TRACKERS_FOLDER": str(tmp_path / "trackers"),
            "SEQ_INFO": {"clip": FRAMES},
            "SKIP_SPLIT_FOL": True,
            "PRINT_CONFIG": False,
        }
    )
    data = data_set.get_preprocessed_seq_data(data_set.get_raw_seq_data("ours", "clip"), "pedestrian")
    assert (data["num_timesteps"], data["num_tracker_ids"], data["num_tracker_dets"]) == (FRAMES, 2, 6)
    assert trackeval.metrics.Identity({"PRINT_CONFIG": False}).eval_sequence(data)["IDF1"] == 1.0


def test_trc_layout(tmp_path: Path) -> None:
    """As OpenSim documents it: three header lines, names above X Y Z, a line for every frame, y up."""
    (folder,) = export(tmp_path, "trc")
    assert sorted(f.name for f in folder.iterdir()) == ["clip_person01.trc", "clip_person03.trc"]
    for person in (1, 3):
        lines = (folder / f"clip_person{person:02d}.trc").read_text().split("\n")
        facts = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
        assert (float(facts["DataRate"]), int(facts["NumFrames"])) == (FPS, FRAMES)
        assert int(facts["NumMarkers"]) == len(NAMES)
        assert tuple(name for name in lines[3].split("\t")[2:] if name) == NAMES
        assert lines[4].split("\t")[2:5] == ["X1", "Y1", "Z1"]
        rows = list(csv.reader(lines[6:-1], delimiter="\t"))
        assert {len(row) for row in rows} == {2 + 3 * len(NAMES)}
        numbers = np.array([[float(cell) if cell else math.nan for cell in row] for row in rows])
        agree(numbers[:, 0], np.arange(1, FRAMES + 1))
        agree(numbers[:, 1], np.where(np.isnan(TIMES_S), 0.1225, TIMES_S), 1e-6)
        wanted = expected(person)
        agree(numbers[:, 2::3], wanted[..., 0], 0.00051)
        agree(numbers[:, 3::3], SIZE[1] - 1 - wanted[..., 1], 0.00051)
        agree(numbers[:, 4::3], np.where(np.isnan(wanted[..., 0]), np.nan, 0))


def test_trc_by_pandas_as_pose2sim_reads_it(tmp_path: Path) -> None:
    (folder,) = export(tmp_path, "trc")
    table = pd.read_csv(folder / "clip_person03.trc", sep="\t", skiprows=4)
    agree(table.iloc[:, 2:].to_numpy()[:, 0::3], expected(3)[..., 0], 0.00051)


@pytest.mark.slow
def test_nwb_by_pynwb(tmp_path: Path) -> None:
    pynwb = reader("pynwb")
    reader("ndx_pose")
    (path,) = export(tmp_path, "nwb")
    with pynwb.NWBHDF5IO(str(path), "r") as io:
        behaviour = io.read().processing["behavior"]
        for person in (1, 3):
            wanted, estimation = expected(person), behaviour[f"person_{person}"]
            assert tuple(estimation.skeleton.nodes[:]) == NAMES
            for k, joint in enumerate(NAMES):
                series = estimation[joint]
                agree(series.timestamps[:], np.where(np.isnan(TIMES_S), 0.1225, TIMES_S), 1e-9)
                agree(series.data[:], wanted[:, k, :2], 1e-4)
                agree(series.confidence[:], wanted[:, k, 2], 1e-6)


@pytest.mark.parametrize("name", [pytest.param(name, marks=SLOW.get(name, ())) for name in FORMATS])
def test_a_run_without_people_is_valid_too(tmp_path: Path, name: str) -> None:
    for package in FORMATS[name].packages:
        reader(package)
    with ExportWriter([make_sink(name, tmp_path, "clip")], facts_of_run()):
        pass
    (path,) = tmp_path.iterdir()
    for file in path.iterdir() if path.is_dir() else [path]:
        if file.suffix == ".json":
            json.loads(file.read_text())


@pytest.mark.parametrize("name", ["csv", "coco", "coco-tracks", "posetrack18", "sleap", "mot"])
def test_what_is_written_of_an_unfinished_run_is_valid(tmp_path: Path, name: str) -> None:
    with pytest.raises(RuntimeError), ExportWriter([make_sink(name, tmp_path, "clip")], facts_of_run()) as writer:
        for frame in frames_of_run()[:3]:
            writer.write(frame)
        raise RuntimeError
    (path,) = tmp_path.iterdir()
    assert path.name.endswith(".partial")
    text = path.read_text()
    content = json.loads(text) if ".json" in path.name else text.splitlines()
    assert len(content["annotations"] if isinstance(content, dict) else content) in (3, 4)


def test_formats_that_need_the_whole_run_leave_nothing_of_an_unfinished_one(tmp_path: Path) -> None:
    sinks = [make_sink(name, tmp_path, "clip") for name in ("dlc", "trc", "npz")]
    with pytest.raises(RuntimeError), ExportWriter(sinks, facts_of_run()) as writer:
        writer.write(frames_of_run()[0])
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_people_have_the_names_that_were_given_to_them(tmp_path: Path) -> None:
    names = {1: "Ada, the first", 3: "person_1"}
    dlc, sleap, tracks = export(tmp_path, "dlc", "sleap", "coco-tracks", names=names)
    table = pd.read_csv(dlc, header=[0, 1, 2, 3], index_col=0)
    assert list(dict.fromkeys(table.columns.get_level_values(1))) == ["Ada_ the first", "person_1_3"]
    assert set(pd.read_csv(sleap).track) == {"Ada_ the first", "person_1_3"}
    assert {a["name"] for a in json.loads(tracks.read_text())["annotations"]} == set(names.values())
    assert facts_of_run(names={1: "Bo", 2: "Bo"}).person(2) == "Bo_2"
    run = facts_of_run(names={1: "Bo", 2: "Bo", 3: "Bo_2", 4: "a/b", 5: "a:b", 6: "person"})
    assert len({run.person(i) for i in range(1, 9)}) == 8
    assert facts_of_run(names={3: "Skeletons"}).person(3) == "Skeletons_3", "NWB has its own of that name"
    assert facts_of_run(names={3: ".."}).person(3) == "person_3"
    assert facts_of_run(names={7: "Player_1"}).person(7) == "Player_1"


def test_interpolated_frames_say_so(tmp_path: Path) -> None:
    frame = replace(frames_of_run()[2], interpolated=True)
    with ExportWriter([make_sink("csv", tmp_path, "clip")], facts_of_run()) as writer:
        writer.write(frame)
    assert pd.read_csv(tmp_path / "clip.csv").state.tolist() == ["predicted", "interpolated"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a limit to the size of files")
@pytest.mark.parametrize("names", [[*TEXT_FORMATS, "npz"], pytest.param(["parquet", "nwb"], marks=pytest.mark.slow)])
def test_a_full_disk_is_one_sentence_and_leaves_no_result(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        for package in FORMATS[name].packages:
            reader(package)
    code = f"""
import resource, signal, sys
from pathlib import Path
from pose.errors import MediaError
from tests.app.format_run import export
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
for name in {names!r}:
    try:
        export(Path(sys.argv[1]), name)
    except MediaError as error:
        print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], cwd=GOLDEN.parents[2], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    sentences = done.stdout.splitlines()
    assert len(sentences) == len(names) and all(" cannot be written " in sentence for sentence in sentences)
    assert not [path for path in tmp_path.iterdir() if not path.name.endswith(".partial")]
