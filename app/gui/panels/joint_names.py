"""What joints and angles are called on the screen."""

from __future__ import annotations

from PyQt6.QtCore import QCoreApplication


def joint_title(name: str) -> str:
    """The translated name of a keypoint or an angle of app.angles; an unknown one reads as it is spelt."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Joints", text)

    titles = {
        "nose": tr("nose"),
        "left_eye": tr("left eye"),
        "right_eye": tr("right eye"),
        "left_ear": tr("left ear"),
        "right_ear": tr("right ear"),
        "left_shoulder": tr("left shoulder"),
        "right_shoulder": tr("right shoulder"),
        "left_elbow": tr("left elbow"),
        "right_elbow": tr("right elbow"),
        "left_wrist": tr("left wrist"),
        "right_wrist": tr("right wrist"),
        "left_hip": tr("left hip"),
        "right_hip": tr("right hip"),
        "left_knee": tr("left knee"),
        "right_knee": tr("right knee"),
        "left_ankle": tr("left ankle"),
        "right_ankle": tr("right ankle"),
        "head_top": tr("head top"),
        "neck": tr("neck"),
        "trunk_lean": tr("trunk lean"),
    }
    return titles.get(name, name.replace("_", " "))


def angle_meaning(name: str) -> str:
    """One line on how the angle is measured, for tool tips."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Joints", text)

    meanings = {
        "knee": tr("180° = straight leg"),
        "hip": tr("between trunk and thigh, 180° = standing"),
        "elbow": tr("180° = straight arm"),
        "shoulder": tr("between trunk and upper arm, 0° = hanging arm"),
        "lean": tr("0° = upright, positive = to the right of the picture"),
        "neck": tr("between trunk and head, 180° = in line"),
    }
    return meanings.get(name.split("_")[-1], "")
