"""The figure of docs/tracking.md: rendered people go behind a wall and come back, with their ids and colours.

python -m benchmarks.tracking_figure docs/images/tracking.jpg
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.render.overlay import draw_overlay
from benchmarks.tracking_scenes import Film, FilmFrame, render
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tracking.appearance import colour_signatures, looks_distance
from tracking.tracker import Tracker
from tracking.types import TrackedPoses

FILM = Film("wall", 3, 7, seconds=8.0, size=(640, 360))
SHOWN_S = (0.6, 2.0, 3.4, 5.2)


def seen_poses(frame: FilmFrame) -> Poses:
    """The true joints that show, of people who show at least five."""
    truth = frame.truth.of_skeleton(CROWDPOSE14)
    shown = truth.visible.sum(axis=1) >= 5
    points = np.where(truth.visible[shown, :, None], truth.keypoints[shown], np.nan).astype(np.float32)
    scores = np.where(truth.visible[shown], 0.8, 0.0).astype(np.float32)
    return Poses(points, scores, scores.mean(axis=1))


def table(first: dict[int, NDArray[np.floating]], last: NDArray[np.floating], ids: list[int], width: int) -> np.ndarray:
    """Rows: how much the looks of the people of one frame differ from those of each id when it was new."""
    names = sorted(first)
    image = np.full((30 + 26 * len(ids), width, 3), 255, np.uint8)
    ink, font = (60, 60, 60), cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(image, "difference of looks to", (8, 19), font, 0.45, ink, 1, cv2.LINE_AA)
    difference = looks_distance(last, np.stack([first[n] for n in names]))
    for j, name in enumerate(names):
        cv2.putText(image, f"id {name}", (200 + 80 * j, 19), font, 0.45, ink, 1, cv2.LINE_AA)
    for i, name in enumerate(ids):
        y = 45 + 26 * i
        cv2.putText(image, f"seen at {SHOWN_S[-1]:.1f} s as id {name}", (8, y), font, 0.45, ink, 1, cv2.LINE_AA)
        for j, other in enumerate(names):
            colour = (40, 130, 40) if other == name else (150, 150, 150)
            cv2.putText(image, f"{difference[i, j]:.2f}", (200 + 80 * j, y), font, 0.45, colour, 1, cv2.LINE_AA)
    return image


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    tracker = Tracker(CROWDPOSE14)
    first: dict[int, NDArray[np.floating]] = {}
    tiles: list[np.ndarray] = []
    tracks, looks = TrackedPoses.empty(14), np.empty((0, 0))
    for frame in render(FILM):
        poses = seen_poses(frame)
        found = colour_signatures(frame.image_bgr, poses, CROWDPOSE14)
        tracks = tracker.update(poses, frame.time_s, found)
        place = {pose.tobytes(): i for i, pose in enumerate(poses.keypoints)}
        looks = np.stack([found[place[p.tobytes()]] for p in tracks.raw.keypoints]) if len(tracks) else found[:0]
        for name, look in zip(tracks.ids.tolist(), looks, strict=True):
            if np.isfinite(look).all():
                first.setdefault(name, look)
        if any(abs(frame.time_s - t) < 0.5 / FILM.fps for t in SHOWN_S):
            tile = draw_overlay(frame.image_bgr, tracks, CROWDPOSE14).copy()
            cv2.putText(tile, f"{frame.time_s:.1f} s", (8, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255, 255, 255), 2)
            tiles.append(tile)
            if len(tiles) == len(SHOWN_S):
                break
    sheet = np.vstack([np.hstack(tiles[:2]), np.hstack(tiles[2:4])])
    sheet = np.vstack([sheet, table(first, looks, tracks.ids.tolist(), sheet.shape[1])])
    cv2.imwrite(str(args.out), cv2.resize(sheet, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA))


if __name__ == "__main__":
    main()
