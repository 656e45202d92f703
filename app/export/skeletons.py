"""Poses in another skeleton, by the names of its joints."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.types import TrackedFrame
from pose.skeleton import Skeleton, shared_joints
from pose.types import Poses


def in_skeleton(frame: TrackedFrame, skeleton: Skeleton, wanted: Skeleton) -> TrackedFrame:
    """The frame with the joints of `wanted`; those that `skeleton` lacks are missing. Confidence stays."""
    if wanted == skeleton:
        return frame
    return replace(frame, tracks=frame.tracks.with_poses(lambda poses: _poses(poses, skeleton, wanted)))


def _poses(poses: Poses, skeleton: Skeleton, wanted: Skeleton) -> Poses:
    ours, theirs = shared_joints(skeleton, wanted)
    keypoints = np.full((len(poses), wanted.num_keypoints, 2), np.nan, np.float32)
    scores = np.zeros((len(poses), wanted.num_keypoints), np.float32)
    keypoints[:, theirs], scores[:, theirs] = poses.keypoints[:, ours], poses.scores[:, ours]
    return Poses(keypoints, scores, poses.confidence)
