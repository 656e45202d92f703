"""`convert` and `import` on small videos: no network is loaded, and what goes out comes back in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from app.analysis.store import Progress, StoredFrame, create_store, open_store
from app.analysis.store_head import StoreHead
from app.cli import main
from app.foreign.foreign import Foreign, skeleton_of
from app.foreign.reading import read_foreign
from app.sources import open_source
from pose.errors import MediaError
from pose.skeleton import COCO17, CROWDPOSE14, Skeleton
from pose.types import Poses
from tests.app.format_run import FRAMES, export, frames_of_run
from tests.app.media import write_video
from tests.fakes import standing_person
from tracking.types import Detections

ROOT = Path(__file__).resolve().parents[2]
COUNT = 20


def walkers(index: int, skeleton: Skeleton) -> Poses:
    points = np.stack([standing_person(skeleton, 60 + 90 * i + 2 * index, 60, 120) for i in range(2)])
    full = np.ones(points.shape[:2], np.float32)
    return Poses(points.astype(np.float32), 0.875 * full, 0.875 * full[:, 0])


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_video(tmp_path / "clip.mp4", count=COUNT, width=320, height=240)


@pytest.fixture
def store(tmp_path: Path, video: Path) -> Path:
    """Of two walkers, with nobody in frame 7."""
    path = tmp_path / "out" / "clip.litepose"
    path.parent.mkdir()
    with open_source(video) as source, create_store(path, StoreHead(source.info, CROWDPOSE14)) as writer:
        for frame in source:
            poses = Poses.empty(14) if frame.index == 7 else walkers(frame.index, CROWDPOSE14)
            writer.add(StoredFrame(frame.index, "ok", Detections(frame.index, frame.time_s, poses)))
        writer.finish(Progress(COUNT))
    return path


def run(*words: object) -> int:
    return main([str(word) for word in words])


def test_convert_writes_all_formats_at_once(store: Path) -> None:
    assert run("convert", store, "--to", "csv,dlc,sleap,openpose,mot") == 0
    names = {path.name for path in store.parent.iterdir()}
    assert names == {"clip.litepose", "clip.csv", "clip.dlc.csv", "clip.sleap.csv", "clip_openpose", "clip.mot.txt"}
    table = pd.read_csv(store.parent / "clip.csv")
    assert table.groupby("track_id").size().tolist() == [COUNT - 1, COUNT - 1]
    assert len(list((store.parent / "clip_openpose").iterdir())) == COUNT


def test_convert_replaces_nothing_unasked(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("convert", store, "--to", "csv") == 0
    before = (store.parent / "clip.csv").read_bytes()
    assert run("convert", store, "--to", "csv,mot", "--smooth", "zero-phase") == 1
    assert "clip.csv already there" in capsys.readouterr().err
    assert not (store.parent / "clip.mot.txt").exists()
    assert run("convert", store, "--to", "csv", "--smooth", "zero-phase", "--overwrite") == 0
    after = (store.parent / "clip.csv").read_bytes()
    assert b"left_hip_raw_x" in after.splitlines()[0] and b"raw_x" not in before


def test_convert_does_not_make_a_sidecar_lie(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sidecar = {"format": "litepose-studio annotation 1", "complete": True}
    outputs = {"formats": {"csv": "clip.csv"}, "angles": False, "every_frame": False}
    store.with_suffix(".json").write_text(json.dumps(sidecar | {"outputs": outputs}))
    assert run("convert", store, "--to", "csv") == 0
    assert run("convert", store, "--to", "csv", "--overwrite", "--angles") == 1
    assert "would no longer describe clip.csv" in capsys.readouterr().err
    assert run("convert", store, "--to", "csv", "--overwrite") == 0
    assert run("convert", store, "--to", "csv", "--angles", "--out", store.parent / "other") == 0


def test_convert_says_what_it_cannot_do(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("convert", store, "--to", "tlc") == 2
    assert 'did you mean "trc"' in capsys.readouterr().err
    assert run("convert", tmp_path / "nothing.csv", store, "--to", "npz") == 1
    assert "There is no result" in capsys.readouterr().err
    assert (store.parent / "clip.npz").exists()


def test_convert_loads_no_engine_and_no_qt(store: Path) -> None:
    code = f"""
import sys
from app.cli import main
assert main(["convert", {str(store)!r}, "--to", "csv,coco-tracks,trc", "--smooth", "zero-phase"]) == 0
print([name for name in ("torch", "openvino", "onnxruntime", "onnx", "PyQt6") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


IMPORTED = ["csv", "dlc", "sleap", "coco-tracks", "posetrack18", "openpose"]


def detections(foreign: Foreign) -> dict[int, Poses]:
    return dict(foreign.frames)


@pytest.mark.parametrize("name", IMPORTED)
def test_what_we_write_is_read_back(tmp_path: Path, name: str) -> None:
    foreign = read_foreign(export(tmp_path, name)[0])
    found = {index: poses for index, poses in foreign.frames if len(poses)}
    assert set(found) == {0, 2, 4, 5}
    for frame in frames_of_run():
        if not len(frame.tracks):
            continue
        wanted = frame.tracks.poses
        for joint in CROWDPOSE14.keypoint_names:
            theirs = "head_bottom" if (name, joint) == ("posetrack18", "neck") else joint
            if theirs not in foreign.skeleton.keypoint_names:
                continue
            k, j = CROWDPOSE14.index(joint), foreign.skeleton.index(theirs)
            poses = found[frame.index]
            np.testing.assert_allclose(poses.keypoints[:, j], wanted.keypoints[:, k], atol=0.0051)
            np.testing.assert_allclose(poses.scores[:, j], wanted.scores[:, k], atol=1e-4)


def test_coco_results_and_their_relatives(tmp_path: Path) -> None:
    """Bare results, AlphaPose's names of images, MMPose's videos: the same people."""
    path, kinds = export(tmp_path, "coco", skeleton=COCO17)[0], {}
    results: list[dict[str, Any]] = json.loads(path.read_text())
    kinds["coco"] = results
    kinds["alphapose"] = [entry | {"image_id": f"{entry['image_id']}.jpg"} for entry in results]
    kinds["mmpose"] = [
        {
            "frame_id": entry["image_id"],
            "instances": [
                {"keypoints": np.reshape(entry["keypoints"], (17, 3))[:, :2].tolist(),
                 "keypoint_scores": entry["keypoints"][2::3]}
            ],
        }
        for entry in results
    ]  # fmt: skip
    wanted = {frame.index: frame.tracks.poses for frame in frames_of_run(COCO17) if len(frame.tracks)}
    for kind, content in kinds.items():
        file = tmp_path / f"{kind}.json"
        file.write_text(json.dumps(content))
        foreign = read_foreign(file)
        assert foreign.skeleton is COCO17
        found = detections(foreign)
        assert set(found) == set(wanted), kind
        for index, poses in wanted.items():
            np.testing.assert_allclose(found[index].keypoints, poses.keypoints, atol=0.0051)


def test_unknown_joints_make_a_skeleton_with_sides() -> None:
    skeleton = skeleton_of(["Nose", "LeftEar", "RightEar", "hat-brim"])
    assert skeleton.keypoint_names == ("nose", "left_ear", "right_ear", "hat_brim")
    assert skeleton.flip_index == (0, 2, 1, 3)


@pytest.mark.parametrize("name", ["openpose", "coco-tracks", "csv"])
def test_import_makes_a_store_that_is_tracked(tmp_path: Path, video: Path, store: Path, name: str) -> None:
    assert run("convert", store, "--to", name) == 0
    (made,) = (path for path in store.parent.iterdir() if path != store)
    out = tmp_path / "imported"
    assert run("import", made, "--video", video, "--out", out, "--to", "csv") == 0
    table = pd.read_csv(out / "clip.csv")
    assert table.groupby("track_id").size().tolist() == [COUNT - 1, COUNT - 1]
    with open_store(out / "clip.litepose") as imported:
        assert (imported.complete, imported.head.origin) == (True, "imported")
        assert imported.counts() == {"ok": COUNT - 1, "empty": 1}
    assert run("import", made, "--video", video, "--out", out) == 1  # not replaced unasked


def test_import_tells_what_does_not_fit(tmp_path: Path, video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = export(tmp_path, "coco-tracks")
    short = write_video(tmp_path / "short.mp4", count=3, width=320, height=240)
    assert run("import", path, "--video", short, "--out", tmp_path / "a") == 0
    assert "2 imported frames lie beyond the end" in capsys.readouterr().err
    assert run("import", path, "--video", video, "--out", tmp_path / "b", "--first-frame", "1") == 1
    assert "--first-frame" in capsys.readouterr().err
    assert FRAMES < COUNT


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "{"),
        ("a.json", "[]"),
        ("a.json", '[{"image_id": 1, "keypoints": [1, 2, 3]}]'),
        ("a.json", '{"annotations": [], "categories": []}'),
        ("a.csv", ""),
        ("a.csv", "frame,track_id\n0,1\n"),
        ("a.csv", "frame,track_id,nose_x,nose_y,nose_score\nx,1,2,3,4\n"),
        ("a.csv", "scorer,a\nbodyparts,b\ncoords,x\n0,1\n"),
        ("a.csv", "frame,track_id,tail_x,tail_y,tail_score\n0,1,2,3,4\n"),
        ("a.txt", "1"),
    ],
)
def test_anything_else_gets_one_sentence(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(MediaError, match=r"^a\.\w+ cannot be imported: .*\.$"):
        list(read_foreign(tmp_path / name).frames)


def test_a_folder_of_something_else_gets_one_sentence(tmp_path: Path) -> None:
    for content in ("[]", '{"people": [{"pose_keypoints_2d": [1, 2]}]}', '{"people": []}'):
        (tmp_path / "clip_000000000000_keypoints.json").write_text(content)
        with pytest.raises(MediaError, match="cannot be imported"):
            read_foreign(tmp_path)
    with pytest.raises(MediaError, match="cannot be read"):
        read_foreign(tmp_path / "nowhere.csv")
