"""The shapes of a person: one profile of rings per body part, in fractions of body height.

Rows of a profile: position along the bone, half-width, half-depth, shift sideways, shift forward.
"""

from __future__ import annotations

import numpy as np

from app.scene.body import FOREARM, HEAD_HALF, SHIN, THIGH, UPPER_ARM, Physique
from app.scene.mesh import Tube, make_tube

# Points around a ring: fine for large parts, coarse for small ones. Few different numbers make fast meshes.
FINE, MEDIUM, COARSE = 30, 16, 10


def rings(count: int, detail: float) -> int:
    return max(5, round(count * detail))


def segments(count: int, detail: float) -> int:
    return max(8, 2 * round(count * detail / 2))


def torso(p: Physique, detail: float) -> Tube:
    """From the crotch to the base of the neck."""
    g, f, s, hip = p.girth, p.figure, p.shoulders, p.hips
    waist = 0.084 - 0.012 * f
    bust = 0.012 * f
    knots: list[tuple[float, ...]] = [
        (-0.075, 0.010, 0.010, 0.0, -0.004),
        (-0.066, 0.050 * hip * g, 0.042 * g, 0.0, -0.006),
        (-0.045, 0.088 * hip * g, 0.059 * g, 0.0, -0.011),
        (-0.015, (0.102 + 0.004 * f) * hip * g, 0.067 * g, 0.0, -0.009),
        (0.030, (0.097 + 0.002 * f) * hip * g, 0.063 * g, 0.0, -0.004),
        (0.080, waist * g, 0.054 * g, 0.0, 0.002),
        (0.110, waist * g, 0.054 * g, 0.0, 0.003),
        (0.160, (0.090 - 0.006 * f) * (0.5 + 0.5 * s) * g, 0.061 * g + bust * 0.3, 0.0, 0.002 + bust * 0.3),
        (0.205, (0.099 - 0.006 * f) * s * g, 0.065 * g + bust, 0.0, 0.001 + bust),
        (0.240, (0.105 - 0.004 * f) * s * (0.6 + 0.4 * g), 0.060 * g + bust * 0.3, 0.0, -0.003),
        (0.268, 0.112 * s, 0.050 * g, 0.0, -0.006),
        (0.288, 0.107 * s, 0.042, 0.0, -0.008),
        (0.302, 0.080 * s, 0.037, 0.0, -0.008),
        (0.314, 0.052, 0.034, 0.0, -0.006),
        (0.328, 0.036, 0.032, 0.0, -0.004),
    ]
    return make_tube(
        "torso", ("pelvis", "chest"), (1, 1), knots, rings(32, detail), segments(FINE, detail), p.height_m, 0.09, 0.05
    )


def neck(p: Physique, detail: float) -> Tube:
    r = 0.031 * (0.75 + 0.25 * p.girth) * (1.0 - 0.1 * p.figure)
    knots: list[tuple[float, ...]] = [
        (-0.03, r * 1.25, r * 1.1, 0.0, -0.002),
        (0.0, r * 1.08, r * 1.05, 0.0, 0.0),
        (0.05, r, r, 0.0, 0.004),
        (0.075, r, r, 0.0, 0.006),
    ]
    return make_tube("neck", ("neck", "neck"), (1, 1), knots, rings(8, detail), segments(MEDIUM, detail), p.height_m)


def head(p: Physique, detail: float) -> Tube:
    """Chin to crown, in half-heights of the head."""
    knots: list[tuple[float, ...]] = [
        (-1.00, 0.06, 0.08, 0.0, 0.38),
        (-0.97, 0.20, 0.22, 0.0, 0.37),
        (-0.88, 0.34, 0.36, 0.0, 0.34),
        (-0.70, 0.46, 0.50, 0.0, 0.24),
        (-0.45, 0.575, 0.64, 0.0, 0.13),
        (-0.15, 0.645, 0.76, 0.0, 0.03),
        (0.15, 0.68, 0.82, 0.0, -0.02),
        (0.45, 0.675, 0.82, 0.0, -0.04),
        (0.70, 0.58, 0.70, 0.0, -0.05),
        (0.88, 0.40, 0.49, 0.0, -0.06),
        (0.97, 0.20, 0.25, 0.0, -0.06),
        (1.00, 0.05, 0.06, 0.0, -0.06),
    ]
    scale = HEAD_HALF * p.head * p.height_m
    return make_tube("head", ("head", "head"), (1, 1), knots, rings(22, detail), segments(FINE, detail), scale)


def arm(p: Physique, side: str, detail: float) -> Tube:
    """Shoulder cap to wrist."""
    g = (0.45 + 0.55 * p.girth) * (1.0 - 0.13 * p.figure)
    end = UPPER_ARM + FOREARM
    knots: list[tuple[float, ...]] = [
        (-0.022, 0.004, 0.004, 0.0, 0.0),
        (-0.019, 0.014 * g, 0.016 * g, 0.0, 0.0),
        (-0.008, 0.0240 * g, 0.027 * g, 0.0, 0.0),
        (0.015, 0.0295 * g, 0.032 * g, 0.0, 0.0),
        (0.050, 0.0285 * g, 0.031 * g, 0.0, 0.001),
        (0.100, 0.0255 * g, 0.0285 * g, 0.0, 0.002),
        (UPPER_ARM - 0.02, 0.0215 * g, 0.0225 * g, 0.0, 0.0),
        (UPPER_ARM + 0.005, 0.0215 * g, 0.0215 * g, 0.0, -0.001),
        (UPPER_ARM + 0.040, 0.0235 * g, 0.0240 * g, 0.0, 0.0),
        (UPPER_ARM + 0.090, 0.0195 * g, 0.0190 * g, 0.0, 0.0),
        (end - 0.015, 0.0155 * g, 0.0135 * g, 0.0, 0.0),
        (end + 0.006, 0.0145 * g, 0.0125 * g, 0.0, 0.0),
    ]
    bones = (f"{side}_upper_arm", f"{side}_forearm")
    count = rings(24, detail)
    return make_tube(
        f"{side}_arm", bones, (1, -1), knots, count, segments(MEDIUM, detail), p.height_m, UPPER_ARM, 0.028
    )


def hand(p: Physique, side: str, detail: float) -> list[Tube]:
    """Palm with fingers, and thumb. The palm faces the body: thin across x, wide along z."""
    sign = 1.0 if side == "left" else -1.0
    knots: list[tuple[float, ...]] = [
        (-0.010, 0.0125, 0.0135, 0.0, 0.0),
        (0.010, 0.0120, 0.0165, 0.0, 0.0),
        (0.035, 0.0120, 0.0225, 0.0, 0.001),
        (0.052, 0.0110, 0.0220, -0.002 * sign, 0.0),
        (0.075, 0.0090, 0.0195, -0.005 * sign, -0.001),
        (0.093, 0.0075, 0.0140, -0.009 * sign, -0.002),
        (0.100, 0.0020, 0.0040, -0.010 * sign, -0.002),
    ]
    thumb: list[tuple[float, ...]] = [
        (0.008, 0.006, 0.006, 0.0, 0.010),
        (0.025, 0.0075, 0.0075, -0.003 * sign, 0.022),
        (0.045, 0.0065, 0.0065, -0.005 * sign, 0.029),
        (0.058, 0.0050, 0.0050, -0.006 * sign, 0.032),
        (0.062, 0.0010, 0.0010, -0.006 * sign, 0.032),
    ]
    bones = (f"{side}_hand", f"{side}_hand")
    around = segments(COARSE, detail)
    return [
        make_tube(f"{side}_hand", bones, (1, -1), knots, rings(10, detail), around, p.height_m),
        make_tube(f"{side}_thumb", bones, (1, -1), thumb, rings(6, detail), around, p.height_m),
    ]


def leg(p: Physique, side: str, detail: float) -> Tube:
    """Hip to ankle."""
    g = (0.35 + 0.65 * p.girth) * (1.0 - 0.02 * p.figure)
    sign = 1.0 if side == "left" else -1.0
    knots: list[tuple[float, ...]] = [
        (-0.030, 0.008, 0.010, 0.0, -0.004),
        (-0.024, 0.024 * g, 0.034 * g, 0.0, -0.004),
        (0.000, (0.042 + 0.003 * p.figure) * g, 0.054 * g, 0.003 * sign, -0.004),
        (0.045, (0.0475 + 0.003 * p.figure) * g, 0.056 * g, 0.003 * sign, -0.002),
        (0.100, 0.0445 * g, 0.051 * g, 0.003 * sign, 0.002),
        (0.180, 0.036 * g, 0.041 * g, 0.0, 0.003),
        (THIGH - 0.010, 0.0295 * g, 0.0325 * g, 0.0, 0.002),
        (THIGH + 0.020, 0.0285 * g, 0.0310 * g, 0.0, 0.0),
        (THIGH + 0.070, 0.0315 * g, 0.0345 * g, 0.0, -0.006),
        (THIGH + 0.130, 0.0270 * g, 0.0290 * g, 0.0, -0.006),
        (THIGH + 0.200, 0.0195 * g, 0.0215 * g, 0.0, -0.003),
        (THIGH + SHIN, 0.0190 * g, 0.0220 * g, 0.0, -0.002),
    ]
    bones = (f"{side}_thigh", f"{side}_shin")
    count = rings(28, detail)
    return make_tube(f"{side}_leg", bones, (1, -1), knots, count, segments(MEDIUM, detail), p.height_m, THIGH, 0.035)


def shoe(p: Physique, side: str, detail: float) -> Tube:
    """Heel to toe, along the foot's forward axis; the second half-size and shift are upwards."""
    knots: list[tuple[float, ...]] = [
        (-0.045, 0.006, 0.008, 0.0, -0.024),
        (-0.041, 0.018, 0.021, 0.0, -0.018),
        (-0.025, 0.0225, 0.0275, 0.0, -0.012),
        (0.000, 0.0235, 0.0290, 0.0, -0.010),
        (0.030, 0.0245, 0.0235, 0.0, -0.0155),
        (0.065, 0.0280, 0.0180, 0.0, -0.0205),
        (0.090, 0.0280, 0.0150, 0.0, -0.0235),
        (0.110, 0.0200, 0.0110, 0.0, -0.0270),
        (0.117, 0.0050, 0.0040, 0.0, -0.0300),
    ]
    bones = (f"{side}_foot", f"{side}_foot")
    around = segments(COARSE, detail)
    return make_tube(f"{side}_shoe", bones, (2, 1), knots, rings(13, detail), around, p.height_m)


def ball(
    name: str, centre: tuple[float, float, float], half: tuple[float, float, float], p: Physique, detail: float
) -> Tube:
    """An ellipsoid on the head (nose, ear, bun), in half-heights of the head."""
    t = np.sin(np.linspace(-1.0, 1.0, 9) * np.pi / 2)
    r = np.sqrt(np.maximum(1.0 - t * t, 0.002))
    knots: list[tuple[float, ...]] = [
        (centre[1] + a * half[1], b * half[0], b * half[2], centre[0], centre[2])
        for a, b in zip(t.tolist(), r.tolist(), strict=True)
    ]
    scale = HEAD_HALF * p.head * p.height_m
    return make_tube(name, ("head", "head"), (1, 1), knots, rings(6, detail), segments(COARSE, detail), scale)


def hanging_hair(p: Physique, length: float, detail: float) -> Tube:
    """Long hair behind head and neck; everything, `length` below the head's centre too, in half-heights of the head."""
    knots: list[tuple[float, ...]] = [
        (-length, 0.30, 0.10, 0.0, -0.62),
        (-length + 0.12, 0.56, 0.24, 0.0, -0.60),
        (-0.85, 0.62, 0.36, 0.0, -0.58),
        (-0.2, 0.72, 0.58, 0.0, -0.34),
        (0.4, 0.70, 0.56, 0.0, -0.32),
        (0.7, 0.30, 0.30, 0.0, -0.30),
    ]
    scale = HEAD_HALF * p.head * p.height_m
    return make_tube("hair", ("head", "head"), (1, 1), knots, rings(12, detail), segments(MEDIUM, detail), scale)


def skirt(p: Physique, length: float, flare: float, detail: float) -> Tube:
    """From the waist down to `length` body heights below the hip joints."""
    g = p.girth
    knots: list[tuple[float, ...]] = [
        (-0.085, 0.080 * g, 0.060 * g, 0.0, 0.002),
        (-0.040, 0.101 * p.hips * g, 0.072 * g, 0.0, -0.005),
        (0.010, 0.113 * p.hips * g, 0.083 * g, 0.0, -0.008),
        (length * 0.6, (0.113 + 0.5 * flare) * g, (0.087 + 0.5 * flare) * g, 0.0, -0.004),
        (length, (0.116 + flare) * g, (0.090 + flare) * g, 0.0, -0.002),
    ]
    return make_tube(
        "skirt", ("pelvis", "skirt"), (1, -1), knots, rings(14, detail), segments(FINE, detail), p.height_m, 0.0, 0.05
    )
