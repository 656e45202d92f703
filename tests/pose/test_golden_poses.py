"""The poses of two real frames, as they were when they were looked at: whatever moves them must be meant to."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from pose import load_estimator
from pose.types import Poses

pytestmark = pytest.mark.clips

FILE = Path(__file__).parent / "golden" / "poses.json"
FRAMES = (("bedroom_two_kids.mp4", 60), ("tud_campus.mp4", 30))
WITHIN_PX, WITHIN_SCORE = 0.5, 0.02  # processors and engines round differently


def found(shared_dir: Path, clip: str, index: int) -> Poses:
    av = pytest.importorskip("av")
    with av.open(str(shared_dir / "clips" / clip)) as container:
        image = next(f for n, f in enumerate(container.decode(video=0)) if n == index).to_ndarray(format="bgr24")
    return load_estimator("litepose-m", precision="fp32", input_size=448)(image)


def as_table(poses: Poses) -> list[list[list[float]]]:
    """(N, K, 3) x, y, score of the surest people; joints without a position are -1, -1."""
    surest = np.argsort(-poses.confidence, kind="stable")[: np.sum(poses.confidence >= 0.3)]
    joints = np.concatenate([np.nan_to_num(poses.keypoints, nan=-1.0), poses.scores[..., None]], axis=2)
    table: list[list[list[float]]] = np.round(joints[surest].astype(float), 3).tolist()
    return table


@pytest.mark.parametrize(("clip", "index"), FRAMES)
def test_real_frames_have_the_poses_that_were_looked_at(shared_dir: Path, clip: str, index: int) -> None:
    wanted = np.array(json.loads(FILE.read_text())[f"{clip} {index}"])
    got = np.array(as_table(found(shared_dir, clip, index)))
    assert got.shape == wanted.shape
    assert np.abs(got[..., :2] - wanted[..., :2]).max() < WITHIN_PX
    assert np.abs(got[..., 2] - wanted[..., 2]).max() < WITHIN_SCORE
