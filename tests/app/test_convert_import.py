"""`convert` and `import` on small videos: no network is loaded, and what goes out comes back in."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from app.analysis.adopt import adopt
from app.analysis.store import Progress, StoredFrame, create_store, open_store, resume_store
from app.analysis.store_head import StoreHead
from app.cli import annotate, main
from app.export.registry import FORMATS, output_path
from app.export.sidecar import FORMAT as SIDECAR
from app.export.sidecar import write_sidecar
from app.foreign.foreign import Foreign, poses_of, skeleton_of
from app.foreign.reading import read_foreign
from app.sources import open_source
from app.sources.base import Grabbed
from pose.errors import MediaError
from pose.skeleton import COCO17, CROWDPOSE14, Skeleton
from pose.types import Poses
from tests.app.format_run import FRAMES, TEXT_FORMATS, export, frames_of_run
from tests.app.media import write_video
from tests.fakes import FakeEstimator, ListSource, fake_model_info, numbered_image, standing_person
from tracking.types import Detections

ROOT = Path(__file__).resolve().parents[2]
COUNT = 20
DLC_JOINTS = [n for n in COCO17.keypoint_names if n == "nose" or n.endswith(("shoulder", "hip"))]
DLC_HEADER = (
    f"scorer{',me' * 15}\n"
    f"bodyparts{''.join(f',{name},{name},{name}' for name in DLC_JOINTS)}\n"
    f"coords{',x,y,likelihood' * 5}\n"
)


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
    same = store.parent / "." / ".." / store.parent.name  # however it is written
    assert run("convert", store, "--to", "csv", "--overwrite", "--angles", "--out", same) == 1
    assert run("convert", store, "--to", "csv", "--overwrite") == 0
    assert run("convert", store, "--to", "csv", "--angles", "--out", store.parent / "other") == 0


def test_convert_gives_the_joints_of_another_skeleton(store: Path) -> None:
    assert run("convert", store, "--to", "csv", "--smooth", "zero-phase") == 0
    assert (
        run(
            "convert",
            store,
            "--to",
            "csv",
            "--smooth",
            "zero-phase",
            "--skeleton",
            "coco17",
            "--out",
            store.parent / "c",
        )
        == 0
    )
    ours, theirs = pd.read_csv(store.parent / "clip.csv"), pd.read_csv(store.parent / "c" / "clip.csv")
    assert "neck_x" in ours and "neck_x" not in theirs
    assert theirs.nose_x.isna().all() and theirs.nose_raw_x.isna().all()
    for column in ("left_knee_x", "right_hip_score", "left_wrist_raw_y", "score"):
        assert theirs[column].equals(ours[column])


def test_convert_says_what_it_cannot_do(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("convert", store, "--to", "tlc") == 2
    assert 'did you mean "trc"' in capsys.readouterr().err
    assert run("convert", tmp_path / "nothing.csv", store, "--to", "npz") == 1
    assert "There is no result" in capsys.readouterr().err
    assert (store.parent / "clip.npz").exists()


def test_folders_that_have_no_name_are_no_results(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(store.parent)
    for word in (".", "/", ".."):
        assert run("convert", word, "--to", "csv") == 1
        assert "no stored detections" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run("convert", store, "--to", "csv", "--resample", "1e9")


def test_convert_loads_no_engine_and_no_qt(store: Path) -> None:
    code = f"""
import sys
from app.cli import annotate, main
from app.export.registry import FORMATS, output_path
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
    later = read_foreign(export(tmp_path, name)[0], first_frame=-3)
    assert {index for index, poses in later.frames if len(poses)} == {3, 5, 7, 8}
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


@pytest.mark.parametrize("name", ["coco", "openpose", "dlc", "csv"])
def test_a_mark_of_unicode_at_the_beginning_and_empty_lines_change_nothing(tmp_path: Path, name: str) -> None:
    (path,) = export(tmp_path, name)
    before = [(index, len(poses)) for index, poses in read_foreign(path).frames]
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes() + b"\r\n\r\n")
    assert [(index, len(poses)) for index, poses in read_foreign(path).frames] == before != []


def test_coco_results_and_their_relatives(tmp_path: Path) -> None:
    """Bare results, AlphaPose's names of images, MMPose's videos: the same people."""
    path, kinds = export(tmp_path, "coco", skeleton=COCO17)[0], {}
    results: list[dict[str, Any]] = json.loads(path.read_text())
    kinds["coco"] = results
    kinds["shuffled"] = sorted(results, key=lambda entry: -entry["image_id"])
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


def test_labels_of_a_data_set_count_as_seen(tmp_path: Path) -> None:
    """Without scores, as people label: v = 1 (hidden) and 2 (visible) have a place, 0 has none; crowds are nobody."""
    person = {"id": 1, "image_id": 5, "keypoints": [1, 1, 1, 2, 2, 2, 3, 3, 0]}
    content = {
        "images": [{"id": 5, "file_name": "clip/000012.jpg"}],
        "annotations": [person, person | {"id": 2, "iscrowd": 1}],
        "categories": [{"id": 1, "keypoints": ["left_shoulder", "right_shoulder", "nose"]}],
    }
    (tmp_path / "labels.json").write_text(json.dumps(content))
    ((index, poses),) = read_foreign(tmp_path / "labels.json").frames
    assert (index, poses.scores.tolist()) == (12, [[1.0, 1.0, 0.0]])


def test_scores_end_at_one_and_a_joint_without_score_is_missing() -> None:
    poses = poses_of([[(1, 2, 1.7), (3, 4, 0.5), (5, 6, 0)], [(0, 0, 0)] * 3], 3)
    assert poses.scores.tolist() == [[1.0, 0.5, 0.0]]
    assert poses.confidence.tolist() == [0.75]
    assert np.isnan(poses.keypoints[0, 2]).all()
    far = poses_of([[(1e39, 2, 1), (3, -1e20, 1), (np.inf, 1, 1), (np.nan, 1, 1), (-200, 9000, 1)]], 5)
    assert far.scores.tolist() == [[0, 0, 0, 0, 1]] and np.isfinite(far.keypoints).all(axis=2).sum() == 1


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


def test_frames_that_openpose_did_not_see_are_not_said_to_be_empty(tmp_path: Path, video: Path, store: Path) -> None:
    assert run("convert", store, "--to", "openpose") == 0
    folder = store.parent / "clip_openpose"
    (folder / "clip_000000000005_keypoints.json").unlink()
    assert run("import", folder, "--video", video, "--out", tmp_path / "imported") == 0
    with open_store(tmp_path / "imported" / "clip.litepose") as imported:
        assert imported.counts() == {"ok": COUNT - 2, "empty": 1}
        assert 5 not in [frame.index for frame in imported.frames()]


class HoledSource(ListSource):
    """Of whose frames number 2 and 3 cannot be decoded."""

    def _grab(self) -> Grabbed | None:
        if self._next == 2:
            self._next = 4
            grabbed = super()._grab()
            return grabbed and replace(grabbed, lost_before=2)
        return super()._grab()


def test_undecodable_frames_stay_lost_after_import(tmp_path: Path) -> None:
    foreign = read_foreign(export(tmp_path, "sleap")[0])
    source = HoledSource([numbered_image(i) for i in range(FRAMES)])
    warnings = adopt(foreign, source, None, tmp_path / "clip.litepose")
    assert "1 imported frames belong to frames of list that cannot be decoded" in warnings[0]
    with open_store(tmp_path / "clip.litepose") as store:
        assert [frame.fate for frame in store.frames()] == ["ok", "empty", "corrupt", "corrupt", "ok", "ok", "empty"]
        assert (store.progress.decoded, store.progress.corrupt) == (5, 2)


def test_import_tells_what_does_not_fit(tmp_path: Path, video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = export(tmp_path, "coco-tracks")
    short = write_video(tmp_path / "short.mp4", count=3, width=320, height=240)
    assert run("import", path, "--video", short, "--out", tmp_path / "a") == 0
    assert "2 imported frames lie beyond the end" in capsys.readouterr().err
    assert run("import", path, "--video", video, "--out", tmp_path / "b", "--first-frame", "1") == 1
    assert "--first-frame" in capsys.readouterr().err
    assert list((tmp_path / "b").iterdir()) == []
    assert FRAMES < COUNT


@pytest.mark.parametrize("wrong", ["empty", "broken", "in_use"])
def test_an_import_that_fails_leaves_the_store_that_is_there(
    tmp_path: Path, video: Path, store: Path, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what somebody repaired in it."""
    assert run("edit", store, "--rename", "1", "Ada") == 0
    before = store.read_bytes()
    found = tmp_path / "found"
    found.mkdir()
    people = {"people": [{"pose_keypoints_2d": [100.0, 100.0, 0.9] * 25}]}
    texts = {"empty": ["[]"], "broken": [json.dumps(people), "{"], "in_use": [json.dumps(people)]}[wrong]
    for number, text in enumerate(texts):
        (found / f"clip_{number:012d}_keypoints.json").write_text(text)
    with resume_store(store) if wrong == "in_use" else nullcontext():
        assert run("import", found, "--video", video, "--out", store.parent, "--overwrite") == 1
    assert ("in use" in capsys.readouterr().err) is (wrong == "in_use")
    assert store.read_bytes() == before and list(store.parent.iterdir()) == [store]


def test_an_import_over_a_store_keeps_what_a_person_repaired(tmp_path: Path, video: Path, store: Path) -> None:
    (path,) = export(tmp_path, "coco-tracks")
    assert run("edit", store, "--rename", "1", "Ada") == 0
    store.with_name(f"{store.name}-journal").write_bytes(b"left over")
    assert run("import", path, "--video", video, "--out", store.parent, "--overwrite") == 0
    with open_store(store) as replaced:
        assert replaced.head.origin == "imported" and replaced.complete and len(replaced.edit_rows()) == 1
    assert list(store.parent.iterdir()) == [store]


def test_an_import_over_results_leaves_no_sidecar_that_speaks_of_others(
    tmp_path: Path, video: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path,) = export(tmp_path, "coco-tracks")
    sidecar = store.with_suffix(".json")
    write_sidecar(sidecar, {"format": SIDECAR, "complete": True, "time": {"slow_motion": 8}})
    assert run("import", path, "--video", video, "--out", store.parent, "--overwrite", "--to", "csv") == 0
    assert "clip.json spoke of the detections that were replaced" in capsys.readouterr().err
    assert not sidecar.exists()
    assert pd.read_csv(store.with_suffix(".csv")).time_s.max() < COUNT / 10  # not slowed down as what was there


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
        ("a.json", "[" * 100_000),
        ("a.csv", "scorer,a\nbodyparts,b\ncoords,x\n0,1\n"),
        ("a.csv", "scorer,a\n"),
        ("a.csv", DLC_HEADER + "inf" + ",1" * 15 + "\n"),
        ("a.csv", DLC_HEADER + '0,"' + "1" * 200_000),
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


@pytest.fixture
def fake_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotate, "_load", lambda model, decode: FakeEstimator())
    monkeypatch.setattr("app.models.loading.model_info", fake_model_info)


@pytest.mark.parametrize("smooth", ["off", "zero-phase"])
def test_annotate_and_convert_write_the_same(tmp_path: Path, fake_network: None, smooth: str) -> None:
    """While detecting, from the finished store, and later: byte for byte, in every format that is text."""
    video = write_video(tmp_path / "clip.mp4", count=12)
    at_once, later = tmp_path / "at_once", tmp_path / "later"
    streamed = [name for name in TEXT_FORMATS if not FORMATS[name].needs_timeline]
    common = ("--no-video", "--smooth", smooth)
    assert run("annotate", video, "--out", at_once, "--formats", ",".join(streamed), *common) == 0
    assert run("convert", at_once / "clip.json", "--to", ",".join(TEXT_FORMATS), "--out", later) == 0
    whole = tmp_path / "whole"
    assert run("annotate", video, "--out", whole, "--formats", ",".join(TEXT_FORMATS), *common) == 0
    for folder, names in ((at_once, streamed), (whole, TEXT_FORMATS)):
        for name in names:
            ours, theirs = output_path(name, folder, "clip"), output_path(name, later, "clip")
            assert text_files(ours) == text_files(theirs), name


def text_files(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (path.iterdir() if path.is_dir() else [path])}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere names are shorter")
def test_long_names_are_shortened_together(tmp_path: Path, fake_network: None) -> None:
    video = write_video(tmp_path / "a.mp4", count=4).rename(tmp_path / f"{'n' * 236}.mp4")
    out = tmp_path / "out"
    assert run("annotate", video, "--out", out, "--formats", "csv,openpose,trc") == 0
    stem = next(path.stem for path in out.iterdir() if path.suffix == ".litepose")
    endings = {".litepose", ".json", ".csv", ".annotated.mp4", "_openpose", "_trc"}
    assert {path.name.removeprefix(stem) for path in out.iterdir()} - {"batch.jsonl"} == endings
    assert len(list((out / f"{stem}_openpose").iterdir())) == 4
    assert run("convert", out / f"{stem}.csv", "--to", "posetrack18") == 0


def test_an_input_named_like_an_unfinished_output_is_an_input(tmp_path: Path, fake_network: None) -> None:
    """clip.partial.mp4 beside clip.mp4: both have all their results."""
    for name in ("clip.partial.mp4", "clip.mp4"):
        write_video(tmp_path / name, count=4)
    assert run("annotate", tmp_path, "--out", tmp_path / "out", "--no-store") == 0
    endings = (".annotated.mp4", ".csv", ".json")
    wanted = {f"{stem}{ending}" for stem in ("clip", "clip.partial") for ending in endings}
    assert {path.name for path in (tmp_path / "out").iterdir()} - {"batch.jsonl"} == wanted


def test_edits_and_names_are_in_what_is_converted(store: Path) -> None:
    assert run("edit", store, "--rename", "1", "Ada") == 0
    assert run("edit", store, "--delete", "2") == 0
    assert run("convert", store, "--to", "dlc,csv") == 0
    table = pd.read_csv(store.parent / "clip.dlc.csv", header=[0, 1, 2, 3], index_col=0)
    assert set(table.columns.get_level_values(1)) == {"Ada"}
    assert set(pd.read_csv(store.parent / "clip.csv").track_id) == {1}
