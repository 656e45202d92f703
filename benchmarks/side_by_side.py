"""What several models find in the same frames, as one image: a row per frame, a column per model.

    python -m benchmarks.side_by_side clip.mp4 --models official.pth:448:flip litepose-m:448 litepose-s:448 \
        litepose-xs:256 --frames 4 --out comparison.jpg
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.render.overlay import OverlayStyle, draw_overlay
from app.settings import DECODE
from app.sources import open_source
from pose.estimator import PoseEstimator, load_estimator
from tracking.types import TrackedPoses

Image = NDArray[np.uint8]

STYLE = OverlayStyle(labels=False)


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    estimator: PoseEstimator

    @classmethod
    def parse(cls, text: str) -> Column:
        """From NAME_OR_FILE[:SIZE][:flip]."""
        name, *options = text.split(":")
        sizes = [int(o) for o in options if o.isdecimal()]
        weights = Path(name) if Path(name).is_file() else None
        estimator = load_estimator(
            name, weights=weights, input_size=sizes[0] if sizes else None, flip="flip" in options, decode=DECODE
        )
        return cls(f"{estimator.spec.name} {estimator.input_size}{' flip' if estimator.flip else ''}", estimator)

    def draw(self, image_bgr: Image) -> Image:
        poses = self.estimator(image_bgr)
        # From left to right, so that the same person has the same colour in most columns.
        left = np.nan_to_num(np.nanmean(poses.keypoints[..., 0], axis=1)) if len(poses) else np.zeros(0)
        ids = np.argsort(np.argsort(left)).astype(np.int64) + 1
        tracks = TrackedPoses(ids, poses, np.ones(len(poses), bool), poses)
        return draw_overlay(image_bgr, tracks, self.estimator.skeleton, STYLE)


def comparison(clip: Path, columns: list[Column], frames: int, height: int) -> Image:
    with open_source(str(clip)) as source:
        wanted = max(1, (source.info.frame_count or frames) // frames)
        images = [f.image_bgr for f in source if f.index % wanted == wanted // 2][:frames]
    rows = [np.hstack([_scaled(column.draw(image), height) for column in columns]) for image in images]
    width = rows[0].shape[1] // len(columns)
    header = np.full((28, rows[0].shape[1], 3), 32, np.uint8)
    for i, column in enumerate(columns):
        cv2.putText(header, column.title, (i * width + 6, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1, 16)
    return np.asarray(np.vstack([header, *rows]), np.uint8)


def _scaled(image: Image, height: int) -> Image:
    width = round(image.shape[1] * height / image.shape[0])
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--models", nargs="+", required=True, metavar="MODEL[:SIZE][:flip]")
    parser.add_argument("--frames", type=int, default=4)
    parser.add_argument("--height", type=int, default=300, help="of each image, pixels")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    columns = [Column.parse(text) for text in args.models]
    cv2.imwrite(str(args.out), comparison(args.clip, columns, args.frames, args.height))


if __name__ == "__main__":
    main()
