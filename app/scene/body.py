"""An articulated figure: proportions, joint angles and forward kinematics.

Body axes: x to the person's own left, y up, z forward. Lengths in metres, angles in radians.
Segment lengths follow the usual anthropometric fractions of body height (Drillis and Contini, 1966).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
SIDES = ("left", "right")
_LIMB_BONES = ("upper_arm", "forearm", "hand", "thigh", "shin", "foot")
BONE_NAMES = ["pelvis", "chest", "neck", "head", "skirt", *(f"{side}_{name}" for side in SIDES for name in _LIMB_BONES)]


@dataclass(frozen=True, slots=True)
class Physique:
    """Build of one person. The widths and `girth` are factors around 1; `figure` is 0 (straight) to 1 (curved)."""

    height_m: float = 1.72
    girth: float = 1.0
    shoulders: float = 1.0
    hips: float = 1.0
    head: float = 1.0
    figure: float = 0.3

    @property
    def is_child(self) -> bool:
        return self.height_m < 1.4

    @property
    def leg_m(self) -> float:
        """Hip joint to sole."""
        return 0.525 * self.height_m


@dataclass(frozen=True, slots=True)
class Pose:
    """Joint angles in radians; pairs are (left, right). Zero everywhere = standing, arms hanging."""

    hip_flexion: tuple[float, float] = (0.0, 0.0)
    hip_abduction: tuple[float, float] = (0.05, 0.05)
    hip_rotation: tuple[float, float] = (0.12, 0.12)
    knee: tuple[float, float] = (0.05, 0.05)
    ankle: tuple[float, float] = (0.0, 0.0)
    shoulder_flexion: tuple[float, float] = (0.0, 0.0)
    shoulder_abduction: tuple[float, float] = (0.14, 0.14)
    shoulder_rotation: tuple[float, float] = (-0.3, -0.3)
    elbow: tuple[float, float] = (0.25, 0.25)
    lean: float = 0.0
    sway: float = 0.0
    twist: float = 0.0
    pelvis_pitch: float = 0.0
    pelvis_roll: float = 0.0
    head_pitch: float = 0.0
    head_yaw: float = 0.0
    head_roll: float = 0.0


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a person stands on the ground, the heading (0 faces the camera, > 0 turns to the image's right), lift."""

    x: float
    z: float
    heading: float
    lift_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Bone:
    """origin: (3,) world; axes: (3, 3), columns are the body axes x, y, z in the world."""

    origin: Float64
    axes: Float64

    def at(self, x: float, y: float, z: float) -> Float64:
        """World position of a point given in this bone's axes."""
        return self.origin + self.axes @ np.array([x, y, z])


@dataclass(frozen=True)
class Figure:
    """A posed person in the world: bones by name and labelled points by keypoint name."""

    physique: Physique
    bones: dict[str, Bone] = field(repr=False)
    points: dict[str, Float64] = field(repr=False)


def _rotate_x(angle: float) -> Float64:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def _rotate_y(angle: float) -> Float64:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


def _rotate_z(angle: float) -> Float64:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def _heading_axes(heading: float) -> Float64:
    forward = np.array([np.sin(heading), 0.0, -np.cos(heading)])
    left = np.array([-forward[2], 0.0, forward[0]])
    return np.stack([left, np.array([0.0, 1.0, 0.0]), forward], axis=-1)


# Lengths as fractions of body height.
PELVIS_TO_WAIST, WAIST_TO_NECK = 0.09, 0.215
SHOULDER_HALF, SHOULDER_BELOW_NECK = 0.107, 0.023
HIP_HALF, THIGH, SHIN, ANKLE_HEIGHT = 0.054, 0.243, 0.243, 0.039
UPPER_ARM, FOREARM = 0.172, 0.150
NECK_LENGTH, HEAD_HALF = 0.040, 0.066


def pose_figure(physique: Physique, pose: Pose, placement: Placement) -> Figure:
    """Forward kinematics; the lower foot rests on the ground (plus `lift_m`)."""
    h = physique.height_m
    bones: dict[str, Bone] = {}
    axes = _heading_axes(placement.heading) @ _rotate_x(pose.pelvis_pitch) @ _rotate_z(pose.pelvis_roll)
    pelvis = Bone(np.array([placement.x, physique.leg_m, placement.z]), axes)
    bones["pelvis"] = pelvis
    torso_axes = axes @ _rotate_x(pose.lean) @ _rotate_z(pose.sway) @ _rotate_y(pose.twist)
    chest = Bone(pelvis.at(0.0, PELVIS_TO_WAIST * h, 0.0), torso_axes)
    bones["chest"] = chest
    neck = Bone(chest.at(0.0, WAIST_TO_NECK * h, -0.006 * h), torso_axes @ _rotate_x(0.18 + 0.4 * pose.head_pitch))
    bones["neck"] = neck
    head_axes = torso_axes @ _rotate_y(pose.head_yaw) @ _rotate_x(pose.head_pitch) @ _rotate_z(pose.head_roll)
    # The head grows upwards from the neck, so that a child's larger head does not sink into the shoulders.
    head_half = HEAD_HALF * physique.head * h
    base = neck.at(0.0, NECK_LENGTH * h, 0.0)
    bones["head"] = Bone(base + head_axes @ np.array([0.0, 0.80 * head_half, 0.22 * head_half]), head_axes)
    for i, side in enumerate(SIDES):
        sign = 1.0 - 2.0 * i
        _add_arm(bones, physique, pose, i, side, sign)
        _add_leg(bones, physique, pose, i, side, sign)
    bones["skirt"] = _skirt(bones)
    lowest = min(bones[f"{s}_foot"].at(0.0, -ANKLE_HEIGHT * h, z * h)[1] for s in SIDES for z in (-0.035, 0.09))
    shift = np.array([0.0, placement.lift_m - lowest, 0.0])
    bones = {name: Bone(bone.origin + shift, bone.axes) for name, bone in bones.items()}
    return Figure(physique, bones, _points(physique, bones))


def _add_arm(bones: dict[str, Bone], physique: Physique, pose: Pose, i: int, side: str, sign: float) -> None:
    h = physique.height_m
    abduction, flexion = pose.shoulder_abduction[i], pose.shoulder_flexion[i]
    # A raised arm lifts its shoulder blade.
    raised = 0.5 - 0.5 * np.cos(min(max(abduction, abs(flexion), 0.0), np.pi))
    joint = bones["chest"].at(
        sign * (SHOULDER_HALF * physique.shoulders - 0.012 * raised) * h,
        (WAIST_TO_NECK - SHOULDER_BELOW_NECK + 0.025 * raised) * h,
        -0.004 * h,
    )
    upper = (
        bones["chest"].axes
        @ _rotate_z(sign * abduction)
        @ _rotate_x(-flexion)
        @ _rotate_y(sign * pose.shoulder_rotation[i])
    )
    bones[f"{side}_upper_arm"] = Bone(joint, upper)
    forearm = upper @ _rotate_x(-pose.elbow[i])
    bones[f"{side}_forearm"] = Bone(joint - upper[:, 1] * UPPER_ARM * h, forearm)
    wrist = bones[f"{side}_forearm"].origin - forearm[:, 1] * FOREARM * h
    bones[f"{side}_hand"] = Bone(wrist, forearm @ _rotate_x(-0.15))


def _add_leg(bones: dict[str, Bone], physique: Physique, pose: Pose, i: int, side: str, sign: float) -> None:
    h = physique.height_m
    thigh = (
        bones["pelvis"].axes
        @ _rotate_z(sign * pose.hip_abduction[i])
        @ _rotate_x(-pose.hip_flexion[i])
        @ _rotate_y(sign * pose.hip_rotation[i])
    )
    joint = bones["pelvis"].at(sign * HIP_HALF * physique.hips * h, 0.0, 0.0)
    bones[f"{side}_thigh"] = Bone(joint, thigh)
    shin = thigh @ _rotate_x(pose.knee[i])
    bones[f"{side}_shin"] = Bone(joint - thigh[:, 1] * THIGH * h, shin)
    ankle = bones[f"{side}_shin"].origin - shin[:, 1] * SHIN * h
    bones[f"{side}_foot"] = Bone(ankle, shin @ _rotate_x(-pose.ankle[i]) @ _rotate_y(sign * 0.10))


def _skirt(bones: dict[str, Bone]) -> Bone:
    """Follows both thighs; its forward axis grows with their spread, so that the cloth stays around them."""
    left, right, pelvis = (bones[name] for name in ("left_thigh", "right_thigh", "pelvis"))
    up = left.axes[:, 1] + right.axes[:, 1]
    up = up / np.linalg.norm(up)
    side = pelvis.axes[:, 0] - up * (pelvis.axes[:, 0] @ up)
    side = side / np.linalg.norm(side)
    forward = pelvis.axes[:, 2] - up * (pelvis.axes[:, 2] @ up)
    forward = forward / max(float(np.linalg.norm(forward)), 0.2)
    spread = float(np.clip(1 - left.axes[:, 1] @ right.axes[:, 1], 0, 1))
    return Bone(pelvis.origin, np.stack([side, up, forward * (1 + 0.7 * np.sqrt(spread))], axis=-1))


def _points(physique: Physique, bones: dict[str, Bone]) -> dict[str, Float64]:
    """Every labelled point: CrowdPose-14 and COCO-17 names."""
    points: dict[str, Float64] = {}
    for side in SIDES:
        points[f"{side}_shoulder"] = bones[f"{side}_upper_arm"].origin
        points[f"{side}_elbow"] = bones[f"{side}_forearm"].origin
        points[f"{side}_wrist"] = bones[f"{side}_hand"].origin
        points[f"{side}_hip"] = bones[f"{side}_thigh"].origin
        points[f"{side}_knee"] = bones[f"{side}_shin"].origin
        # People are labelled at the ankle bones that show, slightly above the joint.
        points[f"{side}_ankle"] = bones[f"{side}_shin"].at(0.0, -(SHIN - 0.008) * physique.height_m, 0.0)
    half = HEAD_HALF * physique.head * physique.height_m
    head = bones["head"]
    points["head_top"] = head.at(0.0, 0.94 * half, 0.0)
    points["neck"] = bones["neck"].at(0.0, 0.022 * physique.height_m, 0.0)
    points["nose"] = head.at(0.0, -0.16 * half, 0.98 * half)
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        points[f"{side}_eye"] = head.at(sign * 0.25 * half, 0.10 * half, 0.78 * half)
        points[f"{side}_ear"] = head.at(sign * 0.70 * half, 0.0, -0.08 * half)
    return points
