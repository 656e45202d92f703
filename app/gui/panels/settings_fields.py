"""The settings that the dialog shows: where each lives, what it is called, how it is edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from app.gui.i18n.translation import translate
from app.gui.panels.editors import Editor, choice, flag, number, whole
from pose.topdown.settings import CROPS, OFF
from pose.weights.library import list_refiners

INPUT_SIZES = (192, 256, 320, 384, 448, 512, 640)


@dataclass(frozen=True, slots=True)
class Field:
    """path: of dotted names within Settings. make: builds the editor."""

    path: str
    label: str
    tip: str
    make: Callable[[Callable[[], None]], Editor]


def value_at(settings: Any, path: str) -> Any:
    return attrgetter(path)(settings)


def with_value(settings: Any, path: str, value: Any) -> Any:
    """Settings, or a section of them, with one value changed. Raises SettingsError if it cannot be used."""
    name, _, rest = path.partition(".")
    return replace(settings, **{name: with_value(getattr(settings, name), rest, value) if rest else value})


def _switch(path: str, text: str, tip: str) -> Field:
    return Field(path, "", tip, lambda changed: flag(text, changed))


def engine_fields() -> list[Field]:
    sizes = [(None, translate("Settings", "automatic")), *((size, f"{size} px") for size in INPUT_SIZES)]
    devices = [
        ("auto", translate("Settings", "automatic")),
        ("cpu", translate("Settings", "processor")),
        ("cuda", translate("Settings", "NVIDIA graphics")),
        ("mps", translate("Settings", "Apple graphics")),
    ]
    engines = [
        ("auto", translate("Settings", "automatic")),
        ("openvino", "OpenVINO"),
        ("onnxruntime", "ONNX Runtime"),
        ("torch", "PyTorch"),
    ]
    precisions = [("auto", translate("Settings", "automatic")), *((p, p) for p in ("fp32", "bf16", "fp16", "int8"))]
    at_once = [
        ("auto", translate("Settings", "automatic")),
        ("one", translate("Settings", "one: shown soonest")),
        ("two", translate("Settings", "two: more per second")),
    ]
    second_looks = [
        (OFF, translate("Settings", "off")),
        (CROPS, translate("Settings", "by the same model")),
        *((spec.name, spec.name) for spec in list_refiners()),
    ]
    whom = [
        ("everybody", translate("Settings", "everybody")),
        ("locked", translate("Settings", "the locked person")),
    ]
    fits = [
        ("short", translate("Settings", "short side: more detail")),
        ("long", translate("Settings", "long side: quicker")),
    ]
    return [
        Field(
            "model.input_size",
            translate("Settings", "Input size"),
            translate(
                "Settings",
                "Pixels that the network sees: fewer are quicker, more find smaller people; automatic suits the model",
            ),
            lambda changed: choice(sizes, changed),
        ),
        Field(
            "model.fit",
            translate("Settings", "Counted along"),
            translate("Settings", "The side of the image that gets the input size"),
            lambda changed: choice(fits, changed),
        ),
        Field(
            "model.device",
            translate("Settings", "Device"),
            translate("Settings", "Where the network runs"),
            lambda changed: choice(devices, changed),
        ),
        Field(
            "model.engine",
            translate("Settings", "Engine"),
            translate("Settings", "The program that runs the network"),
            lambda changed: choice(engines, changed),
        ),
        Field(
            "model.precision",
            translate("Settings", "Precision"),
            translate("Settings", "Fewer bits are quicker where the device supports them; automatic checks the result"),
            lambda changed: choice(precisions, changed),
        ),
        Field(
            "parallel_requests",
            translate("Settings", "Parallel inference requests"),
            translate(
                "Settings",
                "How many images the network works on: two are more per second, but each is shown later; "
                "automatic takes two for files and quick models",
            ),
            lambda changed: choice(at_once, changed),
        ),
        Field(
            "model.refine.method",
            translate("Settings", "Second look"),
            translate("Settings", "People are looked at again, enlarged: sharper joints, less per second"),
            lambda changed: choice(second_looks, changed),
        ),
        Field(
            "refine_whom",
            translate("Settings", "Second look for"),
            translate("Settings", "In the live image; files have nobody who is locked"),
            lambda changed: choice(whom, changed),
        ),
        _switch(
            "model.flip",
            translate("Settings", "Look twice, mirrored too (half the speed)"),
            translate("Settings", "Average with the mirrored image: a little more accurate"),
        ),
    ]


def people_fields() -> list[Field]:
    automatic = translate("Settings", "automatic")
    smoothings = [
        ("off", translate("Settings", "off")),
        ("one-euro", translate("Settings", "live, with little delay")),
        ("zero-phase", translate("Settings", "in files only, without delay")),
    ]
    return [
        Field(
            "decode.det_thr",
            translate("Settings", "Joint threshold"),
            translate("Settings", "Joints less certain than this are not used; automatic suits the model"),
            lambda changed: number(0.0, 1.0, 0.01, "", changed, automatic),
        ),
        Field(
            "decode.person_thr",
            translate("Settings", "Person threshold"),
            translate("Settings", "People less certain than this are left out"),
            lambda changed: number(0.0, 1.0, 0.01, "", changed),
        ),
        Field(
            "decode.max_people",
            translate("Settings", "Most people"),
            translate("Settings", "The most certain so many people are kept in each frame"),
            lambda changed: whole(1, 100, "", changed),
        ),
        _switch(
            "decode.fill",
            translate("Settings", "Search for missing joints"),
            translate("Settings", "Look again for joints that were missed at first"),
        ),
        Field(
            "tracker.track_high_thr",
            translate("Settings", "New person from"),
            translate("Settings", "People less certain than this do not get an identity of their own"),
            lambda changed: number(0.05, 1.0, 0.01, "", changed),
        ),
        Field(
            "tracker.max_age_s",
            translate("Settings", "Remember hidden people"),
            translate("Settings", "Somebody unseen for longer gets a new identity"),
            lambda changed: number(0.0, 30.0, 0.5, " s", changed),
        ),
        _switch(
            "tracker.emit_predicted",
            translate("Settings", "Show where hidden people should be"),
            translate("Settings", "Show and save the expected position of people who are hidden for the moment"),
        ),
        Field(
            "smoothing",
            translate("Settings", "Smoothing"),
            translate("Settings", "Calms trembling joints"),
            lambda changed: choice(smoothings, changed),
        ),
        Field(
            "tracker.smooth_cutoff_hz",
            translate("Settings", "Smoothing cutoff"),
            translate("Settings", "Of live smoothing: lower is calmer and later"),
            lambda changed: number(0.1, 20.0, 0.1, " Hz", changed),
        ),
    ]


def drawing_fields() -> list[Field]:
    colours = [
        ("track", translate("Settings", "one per person")),
        ("side", translate("Settings", "left green, right orange")),
    ]
    backgrounds = [
        ("image", translate("Settings", "the image")),
        ("plain", translate("Settings", "plain: skeletons only")),
    ]
    return [
        Field(
            "overlay.colours",
            translate("Settings", "Colours"),
            translate("Settings", "Of skeletons"),
            lambda changed: choice(colours, changed),
        ),
        Field(
            "overlay.background",
            translate("Settings", "Background"),
            translate("Settings", "Plain hides everything but the skeletons"),
            lambda changed: choice(backgrounds, changed),
        ),
        Field(
            "overlay.thickness",
            translate("Settings", "Line thickness"),
            translate("Settings", "Times the usual one"),
            lambda changed: number(0.2, 5.0, 0.1, " ×", changed),
        ),
        Field(
            "overlay.min_score",
            translate("Settings", "Draw joints from"),
            translate("Settings", "Joints less certain than this are not drawn"),
            lambda changed: number(0.0, 1.0, 0.01, "", changed),
        ),
        _switch("overlay.skeleton", translate("Settings", "Skeletons"), translate("Settings", "Lines and joints")),
        _switch("overlay.boxes", translate("Settings", "Boxes"), translate("Settings", "A frame around each person")),
        _switch("overlay.labels", translate("Settings", "Labels"), translate("Settings", "Names or numbers of people")),
        _switch(
            "overlay.trails",
            translate("Settings", "Trails"),
            translate("Settings", "Where each person was during the last second"),
        ),
        _switch(
            "overlay.blur_faces",
            translate("Settings", "Blur faces"),
            translate("Settings", "Faces of people who are found become unrecognisable"),
        ),
        _switch(
            "overlay.mirror", translate("Settings", "Mirror the live image"), translate("Settings", "Cameras only")
        ),
    ]
