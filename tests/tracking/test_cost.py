"""How well poses fit tracks, against the same written plainly, one pair of people at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pose.skeleton import CROWDPOSE14
from tests.tracking.walkers import Walker
from tracking.cost import Bodies, Overlap, affinity, leaps
from tracking.settings import TrackerSettings

SETTINGS = TrackerSettings()


def random_bodies(rng, count, shown, tracks=False, at=(300.0, 60.0)):
    """People near each other, of whom so large a share of the joints is known."""
    heights = rng.uniform(120, 260, count)
    walkers = [Walker(rng.normal(*at), rng.normal(400, 30), h, 0.5, rng.uniform(0, 6)) for h in heights]
    points = np.stack([w.keypoints(0.3) for w in walkers]) + rng.normal(0, 3, (count, 14, 2))
    hidden = rng.random((count, 14)) > shown
    hidden[np.arange(count), rng.integers(0, 14, count)] = False  # something of everybody shows
    points[hidden] = np.nan
    weights = np.where(np.isfinite(points[..., 0]), rng.choice([0.0, 0.1, 0.5, 0.9], (count, 14)), 0.0)
    variances = rng.uniform(0, 900, (count, 14)) if tracks else np.zeros((count, 14))
    return Bodies(points, weights, heights, variances, rng.uniform(0, 0.4, count) if tracks else np.zeros(count))


def plain_overlap(a, b):
    """Gap in pixels, intersection over union, and over the smaller box."""
    w, h = (min(a[i + 2], b[i + 2]) - max(a[i], b[i]) for i in (0, 1))
    inter = max(w, 0) * max(h, 0)
    areas = [max(box[2] - box[0], 0) * max(box[3] - box[1], 0) for box in (a, b)]
    union, least = areas[0] + areas[1] - inter, min(areas)
    return math.hypot(max(-w, 0), max(-h, 0)), inter / union if union else 0.0, inter / least if least else 0.0


def same_size(track_px, found_px):
    return math.exp(-0.5 * (math.log(track_px / found_px) / 0.5) ** 2)


def plain_affinity(t, f, tracks, found):
    """similarity, allowed, overlaps, same_place of one pair."""
    a, b = tracks.boxes_xyxy[t], found.boxes_xyxy[f]
    gap, iou, cover = plain_overlap(a, b)
    height, age = tracks.heights_px[t], tracks.ages_s[t]
    overlaps = iou >= SETTINGS.min_overlap or cover >= 0.5
    if gap > height * (SETTINGS.max_speed * age + 0.4):
        return 0.0, False, overlaps, False
    sums = {"weight": 0.0, "oks": 0.0, "likelihood": 0.0, "plain": 0.0}
    certainties, shared = [], 0
    for k, sigma in enumerate(CROWDPOSE14.sigmas.tolist()):
        own = 0.2 * height**2 * (2 * sigma) ** 2
        wide = own + tracks.variances_px2[t, k]
        certainties.append(own / wide)
        squared = float(((tracks.keypoints[t, k] - found.keypoints[f, k]) ** 2).sum())
        if math.isnan(squared):
            continue
        shared += 1
        weight = math.sqrt(max(tracks.weights[t, k], 0.02) * max(found.weights[f, k], 0.02))
        sums["weight"] += weight
        sums["oks"] += weight * math.exp(-squared / 2 / wide)
        sums["likelihood"] += weight * math.exp(-squared / 2 / wide) * own / wide
        sums["plain"] += weight * math.exp(-squared / 2 / own)
    oks, likelihood, plain = (sums[n] / sums["weight"] if shared else 0.0 for n in ("oks", "likelihood", "plain"))
    trust = min(shared / 4, 1)
    if trust < 1:  # boxes have their say
        apart = (a[:2] + a[2:] - b[:2] - b[2:]) / 2
        spread = (0.25 * height) ** 2 + tracks.variances_px2[t].mean()
        near = (iou + math.exp(-float(apart @ apart) / (2 * spread))) / 2
        oks = trust * oks + (1 - trust) * near
        likelihood = trust * likelihood + (1 - trust) * near * float(np.mean(certainties))
    size, same_place = same_size(height, found.heights_px[f]), plain >= SETTINGS.min_oks
    return likelihood * size, oks * size >= SETTINGS.min_oks, overlaps or same_place, same_place


@pytest.mark.parametrize("shown", [1.0, 0.7, 0.25])
def test_affinity_is_oks_widened_by_what_the_track_does_not_know(shown, rng):
    tracks, found = random_bodies(rng, 12, shown, tracks=True), random_bodies(rng, 10, shown)
    fit = affinity(tracks, found, CROWDPOSE14, SETTINGS)
    plain = [[plain_affinity(t, f, tracks, found) for f in range(10)] for t in range(12)]
    similarity, *flags = (np.array([[pair[n] for pair in row] for row in plain]) for n in range(4))
    np.testing.assert_allclose(fit.similarity, similarity, atol=1e-9)
    for name, wanted in zip(("allowed", "overlaps", "same_place"), flags, strict=True):
        assert np.array_equal(getattr(fit, name), wanted), name
        assert 0 < wanted.sum() < wanted.size, f"{name}: nothing to tell apart"


def test_boxes_overlap_as_boxes_do(rng):
    corners = rng.uniform(0, 100, (9, 2, 2))
    boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    boxes[0, 2:] = boxes[0, :2]  # a point
    overlap = Overlap(boxes, boxes[::-1])
    wanted = np.array([[plain_overlap(a, b) for b in boxes[::-1]] for a in boxes])
    for n, found in enumerate((overlap.gap_px, overlap.iou, overlap.cover)):
        np.testing.assert_allclose(found, wanted[..., n], atol=1e-9)


def plain_leap(t, f, tracks, found):
    shifts = found.keypoints[f] - tracks.keypoints[t]
    known = shifts[np.isfinite(shifts[:, 0])]
    if len(known) < 4:
        return 0.0
    height, age, moved = tracks.heights_px[t], tracks.ages_s[t], np.median(known, axis=0)
    alike = 0.0
    for sigma, shift in zip(CROWDPOSE14.sigmas.tolist(), shifts, strict=True):
        if np.isfinite(shift[0]):
            spread = 0.2 * height**2 * (2 * sigma) ** 2 + (SETTINGS.limb_speed * height * age) ** 2
            alike += math.exp(-0.5 * float(((shift - moved) ** 2).sum()) / spread) / len(known)
    alike *= same_size(height, found.heights_px[f])
    far = math.hypot(*moved) / (SETTINGS.max_speed * age * height)
    return alike * math.exp(-2 * far**2) if far <= 1 and alike >= SETTINGS.min_oks else 0.0


@pytest.mark.parametrize("shown", [0.9, 0.5])
def test_a_leap_is_the_same_pose_elsewhere_as_far_as_people_get(shown, rng):
    tracks = random_bodies(rng, 12, shown, tracks=True)
    found = random_bodies(rng, 12, shown, at=(360.0, 250.0))
    likeness = leaps(tracks, found, CROWDPOSE14, SETTINGS)
    wanted = np.array([[plain_leap(t, f, tracks, found) for f in range(12)] for t in range(12)])
    np.testing.assert_allclose(likeness, wanted, atol=1e-9)
    assert 5 < (wanted > 0).sum() < wanted.size - 5
