"""The settings that the dialog shows: where each lives, what it is called, how it is edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PyQt6.QtCore import QCoreApplication

from app.gui.panels.editors import Editor, choice, flag, number, whole
from app.settings import Settings

INPUT_SIZES = (192, 256, 320, 384, 448, 512, 640)


@dataclass(frozen=True, slots=True)
class Field:
    """path: "section.name" within Settings, or a name of Settings itself. make: builds the editor."""

    path: str
    label: str
    tip: str
    make: Callable[[Callable[[], None]], Editor]


def value_at(settings: Settings, path: str) -> Any:
    section, _, name = path.rpartition(".")
    return getattr(getattr(settings, section) if section else settings, name)


def with_value(settings: Settings, path: str, value: Any) -> Settings:
    """The settings with one value changed. Raises SettingsError if it cannot be used."""
    section, _, name = path.rpartition(".")
    if not section:
        return replace(settings, **{name: value})
    return replace(settings, **{section: replace(getattr(settings, section), **{name: value})})


def tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)


def engine_fields() -> list[Field]:
    sizes = [(None, tr("automatic")), *((size, f"{size} px") for size in INPUT_SIZES)]
    devices = [
        ("auto", tr("automatic")),
        ("cpu", tr("processor")),
        ("cuda", tr("NVIDIA graphics")),
        ("mps", tr("Apple graphics")),
    ]
    engines = [
        ("auto", tr("automatic")),
        ("openvino", "OpenVINO"),
        ("onnxruntime", "ONNX Runtime"),
        ("torch", "PyTorch"),
    ]
    precisions = [("auto", tr("automatic")), ("fp32", "fp32"), ("bf16", "bf16"), ("fp16", "fp16")]
    fits = [("short", tr("short side: more detail")), ("long", tr("long side: quicker"))]
    return [
        Field(
            "model.input_size",
            tr("Input size"),
            tr("Pixels that the network sees: fewer are quicker, more find smaller people; automatic suits the model"),
            lambda changed: choice(sizes, changed),
        ),
        Field(
            "model.fit",
            tr("Counted along"),
            tr("The side of the picture that gets the input size"),
            lambda changed: choice(fits, changed),
        ),
        Field("model.device", tr("Device"), tr("Where the network runs"), lambda changed: choice(devices, changed)),
        Field(
            "model.engine",
            tr("Engine"),
            tr("The program that runs the network"),
            lambda changed: choice(engines, changed),
        ),
        Field(
            "model.precision",
            tr("Precision"),
            tr("16 bits are quicker where the device supports them; automatic checks the result"),
            lambda changed: choice(precisions, changed),
        ),
        Field(
            "model.flip",
            "",
            tr("Average with the mirrored picture: a little more accurate"),
            lambda changed: flag(tr("Look twice, mirrored too (half the speed)"), changed),
        ),
    ]


def people_fields() -> list[Field]:
    smoothings = [
        ("off", tr("off")),
        ("one-euro", tr("live, with little delay")),
        ("zero-phase", tr("in files only, without delay")),
    ]
    return [
        Field(
            "decode.det_thr",
            tr("Joint threshold"),
            tr("Joints less certain than this are not used"),
            lambda changed: number(0.0, 1.0, 0.01, "", changed),
        ),
        Field(
            "decode.person_thr",
            tr("Person threshold"),
            tr("People less certain than this are left out"),
            lambda changed: number(0.0, 1.0, 0.01, "", changed),
        ),
        Field(
            "decode.max_people",
            tr("Most people"),
            tr("The most certain so many people are kept in each frame"),
            lambda changed: whole(1, 100, "", changed),
        ),
        Field(
            "decode.fill",
            "",
            tr("Look again for joints that were missed at first"),
            lambda changed: flag(tr("Search for missing joints"), changed),
        ),
        Field(
            "tracker.det_thr_high",
            tr("New person from"),
            tr("People less certain than this do not get an identity of their own"),
            lambda changed: number(0.05, 1.0, 0.01, "", changed),
        ),
        Field(
            "tracker.max_lost_s",
            tr("Remember hidden people"),
            tr("Somebody unseen for longer gets a new identity"),
            lambda changed: number(0.0, 30.0, 0.5, " s", changed),
        ),
        Field(
            "tracker.emit_predicted",
            "",
            tr("Show and save the expected position of people who are hidden for the moment"),
            lambda changed: flag(tr("Show where hidden people should be"), changed),
        ),
        Field("smoothing", tr("Smoothing"), tr("Calms trembling joints"), lambda changed: choice(smoothings, changed)),
        Field(
            "tracker.smooth_cutoff_hz",
            tr("Smoothing cutoff"),
            tr("Of live smoothing: lower is calmer and later"),
            lambda changed: number(0.1, 20.0, 0.1, " Hz", changed),
        ),
    ]


def drawing_fields() -> list[Field]:
    colours = [("track", tr("one per person")), ("side", tr("left green, right orange"))]
    backgrounds = [("picture", tr("the picture")), ("plain", tr("plain: skeletons only"))]
    return [
        Field("overlay.colours", tr("Colours"), tr("Of skeletons"), lambda changed: choice(colours, changed)),
        Field(
            "overlay.background",
            tr("Background"),
            tr("Plain hides everything but the skeletons"),
            lambda changed: choice(backgrounds, changed),
        ),
        Field(
            "overlay.thickness",
            tr("Line thickness"),
            tr("Times the usual one"),
            lambda changed: number(0.2, 5.0, 0.1, " ×", changed),
        ),
        Field(
            "overlay.min_score",
            tr("Draw joints from"),
            tr("Joints less certain than this are not drawn"),
            lambda changed: number(0.0, 1.0, 0.01, "", changed),
        ),
        Field("overlay.skeleton", "", tr("Lines and joints"), lambda changed: flag(tr("Skeletons"), changed)),
        Field("overlay.boxes", "", tr("A frame around each person"), lambda changed: flag(tr("Boxes"), changed)),
        Field("overlay.labels", "", tr("Names or numbers of people"), lambda changed: flag(tr("Labels"), changed)),
        Field(
            "overlay.trails",
            "",
            tr("Where each person was during the last second"),
            lambda changed: flag(tr("Trails"), changed),
        ),
        Field(
            "overlay.blur_faces",
            "",
            tr("Faces of people who are found become unrecognisable"),
            lambda changed: flag(tr("Blur faces"), changed),
        ),
        Field("overlay.mirror", "", tr("Cameras only"), lambda changed: flag(tr("Mirror the live picture"), changed)),
    ]
