"""Nothing that accuracy is measured on is ever trained on."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from pose.training.photos import SUFFIXES, read_photo

MEASURED, TRAINED = ("eval", "eval_coco", "lsp"), ("coco", "photos")
BITS = 16  # the fingerprint's side


def fingerprint(path: Path) -> np.ndarray:
    """(256,) bool: where a picture is darker than to the right. Size, proportion, compression hardly change it."""
    grey = cv2.imread(str(path), cv2.IMREAD_REDUCED_GRAYSCALE_4)  # many times quicker, where it can be had
    if grey is None:
        grey = cv2.cvtColor(read_photo(path), cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (BITS + 1, BITS), interpolation=cv2.INTER_AREA)
    return (small[:, 1:] > small[:, :-1]).ravel()


def pictures(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)


def test_a_fingerprint_survives_squeezing_and_compression(tmp_path, rng):
    image = cv2.resize(rng.integers(0, 255, (12, 18, 3), np.uint8), (360, 240), interpolation=cv2.INTER_CUBIC)
    cv2.imwrite(str(tmp_path / "a.png"), image)
    cv2.imwrite(str(tmp_path / "b.jpg"), cv2.resize(image, (416, 416)), [cv2.IMWRITE_JPEG_QUALITY, 60])
    cv2.imwrite(str(tmp_path / "c.png"), image[:, ::-1])
    a, b, c = (fingerprint(tmp_path / name) for name in ("a.png", "b.jpg", "c.png"))
    assert (a != b).mean() < 0.05 < (a != c).mean()


@pytest.mark.slow
@pytest.mark.clips
def test_no_training_picture_is_one_that_is_measured_on(shared_dir):
    measured = [p for name in MEASURED for p in pictures(shared_dir / "data" / name)]
    trained = [p for name in TRAINED for p in pictures(shared_dir / "data" / name)]
    if not measured or not trained:
        pytest.skip("no photos to compare")
    theirs, ours = (np.stack([fingerprint(p) for p in paths]) * np.float32(2) - 1 for paths in (measured, trained))
    distance = (1 - ours @ theirs.T / BITS**2) / 2  # share of the places that differ
    i, j = np.unravel_index(distance.argmin(), distance.shape)
    assert distance[i, j] > 0.1, f"{trained[i].name} is {measured[j].name}"
