"""What joints and angles are called on the screen."""

from __future__ import annotations

from app.gui.i18n.translation import translate
from app.repetitions import COUNTABLE


def joint_title(name: str) -> str:
    """The translated name of a keypoint or an angle of app.angles; an unknown one reads as it is spelt."""

    titles = {
        "nose": translate("Joints", "nose"),
        "left_eye": translate("Joints", "left eye"),
        "right_eye": translate("Joints", "right eye"),
        "left_ear": translate("Joints", "left ear"),
        "right_ear": translate("Joints", "right ear"),
        "left_shoulder": translate("Joints", "left shoulder"),
        "right_shoulder": translate("Joints", "right shoulder"),
        "left_elbow": translate("Joints", "left elbow"),
        "right_elbow": translate("Joints", "right elbow"),
        "left_wrist": translate("Joints", "left wrist"),
        "right_wrist": translate("Joints", "right wrist"),
        "left_hip": translate("Joints", "left hip"),
        "right_hip": translate("Joints", "right hip"),
        "left_knee": translate("Joints", "left knee"),
        "right_knee": translate("Joints", "right knee"),
        "left_ankle": translate("Joints", "left ankle"),
        "right_ankle": translate("Joints", "right ankle"),
        "head_top": translate("Joints", "head top"),
        "neck": translate("Joints", "neck"),
        "trunk_lean": translate("Joints", "trunk lean"),
        "knee": translate("Joints", "knees"),
        "hip": translate("Joints", "hips"),
        "elbow": translate("Joints", "elbows"),
        "shoulder": translate("Joints", "shoulders"),
    }
    return titles.get(name, name.replace("_", " "))


def angle_choices() -> list[tuple[str, str]]:
    """The angles whose repetitions can be counted, with what they are called."""
    return [(name, joint_title(name)) for name in COUNTABLE]


def angle_meaning(name: str) -> str:
    """One line on how the angle is measured, for tool tips."""

    meanings = {
        "knee": translate("Joints", "180° = straight leg"),
        "hip": translate("Joints", "between trunk and thigh, 180° = standing"),
        "elbow": translate("Joints", "180° = straight arm"),
        "shoulder": translate("Joints", "between trunk and upper arm, 0° = hanging arm"),
        "lean": translate("Joints", "0° = upright, positive = to the right of the image"),
        "neck": translate("Joints", "between trunk and head, 180° = in line"),
    }
    return meanings.get(name.split("_")[-1], "")
