"""The training job, end to end on tiny data."""

import json

import cv2
import numpy as np
import pytest
import torch

from pose.models.litepose import build_litepose
from pose.skeleton import BODY19, COCO17, CROWDPOSE14
from pose.training.checkpoint import TrainingError
from pose.training.kit import pack as packs
from pose.training.kit.__main__ import main
from pose.training.kit.job import draw_probabilities
from pose.weights.file import read_weights, write_weights
from tests.pose.training.scenes import write_labelled

COUNTS = (1, 2, 0, 3, 1, 2)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(packs, "_SAMPLE", 3)
    monkeypatch.setattr(packs, "is_held_out", lambda path: path.stem in ("1", "3"))
    write_labelled(tmp_path / "labelled", COUNTS, COCO17)
    write_labelled(tmp_path / "pseudo", (2, 1), CROWDPOSE14)
    extra = tmp_path / "pseudo" / "extra.png"
    cv2.imwrite(str(extra), np.full((40, 60, 3), 90, np.uint8))
    torch.manual_seed(0)
    state = {n: v.float().numpy() for n, v in build_litepose("litepose-xs", 14).state_dict().items()}
    write_weights(tmp_path / "start.safetensors", state, {"arch": "litepose-xs", "skeleton": "crowdpose14"}, half=True)
    return tmp_path


def pack(folder, *more):
    labelled, pseudo = folder / "labelled", folder / "pseudo"
    return main([
        "pack", "--labelled", str(labelled), str(labelled / "labels.json"), "--pseudo", str(pseudo),
        str(pseudo / "labels.json"), "--photos", str(pseudo), "--side", "64", "--mib", "0.2",
        "--out", str(folder / "pack.npz"), *more,
    ])  # fmt: skip


def run(folder, steps):
    start = str(folder / "start.safetensors")
    return main([
        "run", "--pack", str(folder / "pack.npz"), "--start", start, "--teacher", start, "--steps", str(steps),
        "--batch", "3", "--minutes", "1", "--speed-minutes", "0.01", "--out", str(folder / "out"),
    ])  # fmt: skip


def test_a_pack_holds_photos_and_labels(folder):
    assert pack(folder) == 0
    made = packs.read_pack(folder / "pack.npz")
    assert len(made.bank) == 9 and made.bank.skeleton is BODY19 and len(made.bank.keypoints) == sum(COUNTS) + 3
    assert made.source.tolist() == [0] * 6 + [1] * 2 + [2]
    assert np.flatnonzero(made.held).tolist() == [1, 3]
    original = cv2.imread(str(folder / "labelled" / "3.png"))[..., ::-1]
    assert np.abs(made.bank.canvases[3].numpy().astype(int) - original).mean() < 12
    assert made.bank.sizes[8].tolist() == [60, 40] and not made.bank.joints[8].any()
    odds = draw_probabilities(made, (0.5, 0.3, 0.2))
    assert odds[made.held].tolist() == [0, 0] and odds.sum() == pytest.approx(1) and odds[8] == pytest.approx(0.2)


def test_too_many_photos_for_the_size_are_refused(folder, capsys):
    labelled = folder / "labelled"
    assert main(["pack", "--labelled", str(labelled), str(labelled / "labels.json"), "--mib", "0.001",
                 "--out", str(folder / "small.npz")]) == 1  # fmt: skip
    assert "do not fit" in capsys.readouterr().err and not (folder / "small.npz").exists()


def test_the_job_trains_measures_and_goes_on(folder):
    pack(folder)
    assert run(folder, steps=2) == 0
    out = folder / "out"
    report = json.loads((out / "report.json").read_text())
    assert report["networks"]["litepose-xs"]["views"] == 6
    assert {row["precision"] for row in report["speed"]} <= {"fp32", "bf16"} and report["speed"]
    assert all(p.stat().st_size < 16 << 20 for p in out.rglob("*") if p.is_file())
    start, end = (read_weights(p)[1] for p in (folder / "start.safetensors", out / "litepose-xs.safetensors"))
    name = "final_refined.1.conv.3.weight"
    assert not np.array_equal(start[name], end[name])
    assert run(folder, steps=3) == 0
    assert len((out / "litepose-xs" / "losses.csv").read_text().splitlines()) == 1 + 3


def test_a_damaged_or_missing_pack_is_named(folder, capsys):
    with pytest.raises(TrainingError, match="no pack"):
        packs.read_pack(folder / "nothing.npz")
    (folder / "pack.npz").write_bytes(b"PK\x03\x04 not a pack")
    assert run(folder, steps=1) == 1
    assert "damaged" in capsys.readouterr().err
