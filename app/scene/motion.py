"""How people move: joint angles as functions of time.

Walking follows the sagittal hip, knee and ankle curves of normal gait (Winter, 1991), tabulated over one cycle that
begins at heel strike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from app.scene.body import Pose

Float64 = NDArray[np.float64]
Rng = np.random.Generator


def _cycle(degrees: list[float]) -> CubicSpline:
    """A periodic curve of phase (0 to 1) through evenly spaced values, in radians."""
    return CubicSpline(np.linspace(0, 1, len(degrees) + 1), np.radians([*degrees, degrees[0]]), bc_type="periodic")


# Every tenth of the gait cycle, degrees.
_HIP = _cycle([29, 24, 15, 6, -3, -10, -4, 13, 26, 31])
_KNEE = _cycle([5, 17, 15, 8, 6, 13, 38, 60, 47, 14])
_ANKLE = _cycle([0, -3, 4, 8, 11, 4, -17, -6, 0, 1])
_RUN_HIP = _cycle([32, 28, 16, 3, -10, -12, 4, 28, 44, 42])
_RUN_KNEE = _cycle([22, 38, 36, 22, 20, 45, 85, 98, 70, 30])
_RUN_ANKLE = _cycle([4, 14, 20, 8, -15, -18, -8, 0, 4, 5])
STRIDE_PER_LEG = 1.62  # metres walked in one gait cycle per metre of leg
RUN_STRIDE_PER_LEG = 2.6


def _pair(curve: CubicSpline, phase: float) -> tuple[float, float]:
    return float(curve(phase % 1.0)), float(curve((phase + 0.5) % 1.0))


def walk(phase: float, vigour: float = 1.0) -> Pose:
    """One instant of walking; `phase` counts gait cycles (two steps each), `vigour` scales the arm swing."""
    swing = 0.42 * vigour * np.cos(2 * np.pi * phase)
    turn = 0.09 * vigour * np.cos(2 * np.pi * phase)
    flexion = (0.06 - swing, 0.06 + swing)
    return Pose(
        hip_flexion=_pair(_HIP, phase),
        hip_abduction=(0.03, 0.03),
        knee=_pair(_KNEE, phase),
        ankle=_pair(_ANKLE, phase),
        shoulder_flexion=flexion,
        shoulder_abduction=(0.12, 0.12),
        elbow=(0.25 + 0.5 * max(flexion[0], 0.0), 0.25 + 0.5 * max(flexion[1], 0.0)),
        lean=0.04,
        sway=0.03 * np.sin(2 * np.pi * phase),
        pelvis_roll=-0.035 * np.sin(2 * np.pi * phase),
        twist=turn,
        head_yaw=-0.7 * turn,
        head_pitch=0.03 * np.cos(4 * np.pi * phase),
    )


def run(phase: float) -> Pose:
    swing = 0.75 * np.cos(2 * np.pi * phase)
    turn = 0.16 * np.cos(2 * np.pi * phase)
    return Pose(
        hip_flexion=_pair(_RUN_HIP, phase),
        hip_abduction=(0.02, 0.02),
        knee=_pair(_RUN_KNEE, phase),
        ankle=_pair(_RUN_ANKLE, phase),
        shoulder_flexion=(-0.1 - swing, -0.1 + swing),
        shoulder_abduction=(0.22, 0.22),
        elbow=(1.55 - 0.3 * swing, 1.55 + 0.3 * swing),
        lean=0.14,
        twist=turn,
        head_yaw=-turn,
    )


def stand(time_s: float, rng_phase: float = 0.0) -> Pose:
    """Standing and shifting weight a little."""
    a = np.sin(0.9 * time_s + 6.28 * rng_phase)
    b = np.sin(0.53 * time_s + 12.6 * rng_phase)
    return Pose(
        hip_abduction=(0.07 + 0.03 * a, 0.07 - 0.03 * a),
        hip_flexion=(0.03 + 0.03 * b, 0.03 - 0.02 * b),
        knee=(0.06 + 0.05 * max(b, 0), 0.06 + 0.05 * max(-b, 0)),
        shoulder_flexion=(0.05 + 0.05 * a, 0.05 - 0.05 * b),
        shoulder_abduction=(0.15, 0.15),
        elbow=(0.3 + 0.08 * b, 0.3 - 0.08 * a),
        sway=0.025 * a,
        pelvis_roll=0.02 * a,
        head_yaw=0.25 * b,
        head_pitch=0.04 * a,
    )


def wave(time_s: float, side: int, rng_phase: float = 0.0) -> Pose:
    """Standing and waving one raised hand (side 0 left, 1 right)."""
    base = stand(time_s, rng_phase)
    beat = np.sin(2 * np.pi * 1.3 * time_s + 6.28 * rng_phase)
    return _with_arm(base, side, flexion=0.15, abduction=1.45, rotation=1.35 + 0.15 * beat, elbow=1.35 + 0.45 * beat)


def point(time_s: float, side: int, rng_phase: float = 0.0) -> Pose:
    base = replace(stand(time_s, rng_phase), head_yaw=0.5 if side == 0 else -0.5)
    lift = 1.35 + 0.12 * np.sin(1.7 * time_s + 6.28 * rng_phase)
    return _with_arm(base, side, flexion=0.35, abduction=lift, rotation=0.0, elbow=0.12)


def jumping_jack(phase: float) -> Pose:
    """Arms and legs apart and together; `phase` counts repetitions."""
    a = 0.5 - 0.5 * np.cos(2 * np.pi * phase)
    arm = 0.15 + 2.35 * a
    return Pose(
        hip_abduction=(0.05 + 0.38 * a, 0.05 + 0.38 * a),
        knee=(0.12, 0.12),
        hip_flexion=(0.06, 0.06),
        shoulder_abduction=(arm, arm),
        shoulder_rotation=(0.6 * a, 0.6 * a),
        elbow=(0.3, 0.3),
    )


def squat(phase: float) -> Pose:
    a = 0.5 - 0.5 * np.cos(2 * np.pi * phase)
    return Pose(
        hip_flexion=(1.45 * a, 1.45 * a),
        hip_abduction=(0.12 + 0.12 * a, 0.12 + 0.12 * a),
        knee=(0.05 + 1.75 * a, 0.05 + 1.75 * a),
        ankle=(0.40 * a, 0.40 * a),
        pelvis_pitch=0.10 * a,
        lean=0.35 * a,
        head_pitch=-0.35 * a,
        shoulder_flexion=(1.25 * a, 1.25 * a),
        shoulder_abduction=(0.10, 0.10),
        elbow=(0.25, 0.25),
    )


def stretch(time_s: float, rng_phase: float = 0.0) -> Pose:
    """Both arms over the head, bending from side to side."""
    a = np.sin(1.4 * time_s + 6.28 * rng_phase)
    return replace(
        stand(time_s, rng_phase),
        shoulder_abduction=(2.55, 2.55),
        shoulder_rotation=(0.5, 0.5),
        elbow=(0.45, 0.45),
        sway=0.22 * a,
        hip_abduction=(0.2, 0.2),
    )


def dance(time_s: float, rng_phase: float = 0.0) -> Pose:
    a = np.sin(2 * np.pi * (0.9 * time_s + rng_phase))
    b = np.cos(2 * np.pi * (0.9 * time_s + rng_phase))
    c = np.sin(2 * np.pi * (0.45 * time_s + rng_phase))
    return Pose(
        hip_flexion=(0.25 + 0.25 * a, 0.25 - 0.25 * a),
        hip_abduction=(0.18, 0.18),
        knee=(0.45 + 0.4 * a, 0.45 - 0.4 * a),
        ankle=(0.1, 0.1),
        shoulder_flexion=(0.5 + 0.5 * b, 0.5 - 0.5 * b),
        shoulder_abduction=(0.75 + 0.55 * c, 0.75 - 0.55 * c),
        shoulder_rotation=(0.5 + 0.4 * a, 0.5 - 0.4 * a),
        elbow=(1.2 + 0.4 * b, 1.2 - 0.4 * b),
        lean=0.08,
        sway=0.12 * a,
        twist=0.25 * c,
        pelvis_roll=0.08 * a,
        head_roll=0.1 * a,
    )


def random_pose(rng: Rng) -> Pose:
    """A plausible pose for still images: a random instant of a random action, loosened joint by joint."""
    t = float(rng.uniform(0, 20))
    side = int(rng.integers(2))
    actions: list[Callable[[], Pose]] = [
        lambda: walk(t, rng.uniform(0.5, 1.3)),
        lambda: run(t),
        lambda: stand(t, t),
        lambda: wave(t, side),
        lambda: point(t, side),
        lambda: jumping_jack(t),
        lambda: squat(t),
        lambda: stretch(t),
        lambda: dance(t),
    ]
    pose = actions[rng.integers(len(actions))]()

    def loosen(pair: tuple[float, float], spread: float, low: float = -9.0) -> tuple[float, float]:
        left, right = (max(low, v + spread * rng.standard_normal()) for v in pair)
        return left, right

    return replace(
        pose,
        hip_flexion=loosen(pose.hip_flexion, 0.12),
        hip_abduction=loosen(pose.hip_abduction, 0.06, -0.1),
        knee=loosen(pose.knee, 0.12, 0.0),
        shoulder_flexion=loosen(pose.shoulder_flexion, 0.25),
        shoulder_abduction=loosen(pose.shoulder_abduction, 0.2, 0.05),
        shoulder_rotation=loosen(pose.shoulder_rotation, 0.3),
        elbow=loosen(pose.elbow, 0.3, 0.0),
        lean=pose.lean + 0.1 * rng.standard_normal(),
        sway=pose.sway + 0.06 * rng.standard_normal(),
        twist=pose.twist + 0.12 * rng.standard_normal(),
        head_yaw=pose.head_yaw + 0.3 * rng.standard_normal(),
        head_pitch=pose.head_pitch + 0.12 * rng.standard_normal(),
    )


def _with_arm(pose: Pose, side: int, *, flexion: float, abduction: float, rotation: float, elbow: float) -> Pose:
    """The pose with one arm (0 left, 1 right) replaced."""

    def swap(pair: tuple[float, float], value: float) -> tuple[float, float]:
        return (value, pair[1]) if side == 0 else (pair[0], value)

    return replace(
        pose,
        shoulder_flexion=swap(pose.shoulder_flexion, flexion),
        shoulder_abduction=swap(pose.shoulder_abduction, abduction),
        shoulder_rotation=swap(pose.shoulder_rotation, rotation),
        elbow=swap(pose.elbow, elbow),
    )
