from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image as PillowImage

from app.analysis.inputs import resolve_inputs
from app.sources import open_source
from app.sources.camera import LiveSource, is_stream_url, lacks_secrets, public_url, without_secrets
from pose.errors import MediaError
from tests.app.media import HEIC_77, write_video
from tests.fakes import numbered_image, read_number, write_images


def test_images_come_in_natural_order_at_the_given_rate(tmp_path: Path) -> None:
    write_images(tmp_path, ["f1.png", "f2.png", "f9.png", "f10.png", "f100.png"])
    (tmp_path / "notes.txt").write_text("x")
    with open_source(tmp_path, image_fps=10) as source:
        frames = list(source)
    assert [read_number(f.image_bgr) for f in frames] == [0, 1, 2, 3, 4]
    assert [f.time_s for f in frames] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert (source.info.kind, source.info.frame_count, source.info.width) == ("images", 5, 96)


def test_a_damaged_image_is_counted_and_leaves_a_gap(tmp_path: Path) -> None:
    write_images(tmp_path, ["a0.png", "a1.png", "a2.png"])
    (tmp_path / "a1.png").write_bytes(b"no image")
    with open_source(tmp_path) as source:
        assert [f.index for f in source] == [0, 2]
        assert (source.counts.decoded, source.counts.corrupt) == (2, 1)
        assert "a1.png" in source.warnings[0]


def test_exif_rotation_is_applied(tmp_path: Path) -> None:
    jpeg = cv2.imencode(".jpg", numbered_image(5))[1].tobytes()
    # An EXIF block with the one entry Orientation = 6: turn 90 degrees clockwise to see it upright.
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    (tmp_path / "a.jpg").write_bytes(jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:])
    with open_source(tmp_path / "a.jpg") as source:
        assert (source.info.width, source.info.height) == (64, 96)


def test_seeking_among_images(tmp_path: Path) -> None:
    write_images(tmp_path, [f"{i}.png" for i in range(10)])
    with open_source(tmp_path, image_fps=10) as source:
        for time_s, expected in ((0.5, 5), (0.99, 9), (100, 9), (0, 0)):
            source.seek(time_s)
            assert next(iter(source)).index == expected


def test_unicode_names_and_grey_images_are_read(tmp_path: Path) -> None:
    path = tmp_path / "跑步 ü.png"
    path.write_bytes(cv2.imencode(".png", np.full((20, 30), 7, np.uint8))[1].tobytes())
    with open_source(path) as source:
        assert next(iter(source)).image_bgr.shape == (20, 30, 3)


def test_unusable_images_are_explained(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="holds no images"):
        open_source(tmp_path)
    (tmp_path / "bad.png").write_text("x")
    for spec in (tmp_path, tmp_path / "bad.png"):
        with pytest.raises(MediaError, match=r"can be read|damaged"):
            open_source(spec)
    with pytest.raises(MediaError, match="does not exist"):
        open_source(tmp_path / "none.png")


def test_photos_of_telephones_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.heic").write_bytes(HEIC_77)
    (tmp_path / "b.jpg").write_bytes(HEIC_77)
    (tmp_path / "c.mp4").write_bytes(HEIC_77)
    for name in ("a.heic", "b.jpg", "c.mp4"):
        with open_source(tmp_path / name) as source:
            assert (source.info.kind, source.info.frame_count) == ("images", 1)
            assert read_number(next(iter(source)).image_bgr) == 77


def test_all_images_of_a_folder_are_read_or_named(tmp_path: Path) -> None:
    write_images(tmp_path, ["0.png"])
    (tmp_path / "1.heic").write_bytes(HEIC_77)
    as_pillow(3).save(tmp_path / "2.avif")
    as_pillow(4).save(tmp_path / "3.jfif", "JPEG")
    (tmp_path / "4.CR2").write_bytes(b"raw")
    (tmp_path / "notes.txt").write_text("x")
    with open_source(tmp_path) as source:
        assert [read_number(f.image_bgr) for f in source] == [0, 77, 3, 4]
        assert source.counts.corrupt == 0 and source.info.frame_count == 4
        assert source.warnings == ("Images that cannot be read here were left out: 1 (4.CR2).",)
    with pytest.raises(MediaError, match="convert them"):
        open_source(tmp_path / "4.CR2")


def test_avif_is_turned_upright(tmp_path: Path) -> None:
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    as_pillow(5).save(tmp_path / "a.avif", exif=exif)
    with open_source(tmp_path / "a.avif") as source:
        assert (source.info.width, source.info.height) == (64, 96)
        assert read_number(np.rot90(next(iter(source)).image_bgr)) == 5


def test_a_video_by_another_name_is_still_one(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.mkv", "a.avi"):
        video = write_video(tmp_path / name, count=3)
        with open_source(video.rename(tmp_path / "a.jpg")) as source:
            assert source.info.kind == "video" and len(list(source)) == 3


@pytest.mark.parametrize("name", ["a.webp", "a.png", "a.avif"])
def test_an_animation_is_a_video_with_its_own_times(tmp_path: Path, name: str) -> None:
    images = [as_pillow(n) for n in range(6)]
    durations = [40, 80, 40, 200, 5, 40]
    images[0].save(tmp_path / name, save_all=True, append_images=images[1:], duration=durations)
    times = [0, 0.04, 0.12, 0.16, 0.36, 0.46]  # browsers take what is too short for a tenth of a second
    with open_source(tmp_path / name) as source:
        assert (source.info.kind, source.info.frame_count) == ("video", 6)
        frames = list(source)
        assert [read_number(f.image_bgr) for f in frames] == list(range(6))
        assert [f.time_s for f in frames] == pytest.approx(times)
        for time_s, expected in ((0.36, 4), (0.1, 1), (9.0, 5), (0.0, 0)):
            source.seek(time_s)
            frame = next(iter(source))
            assert (frame.index, read_number(frame.image_bgr)) == (expected, expected)
    with open_source(tmp_path / name) as source:
        assert [f.index for f in source.frames(0.12, 0.4)] == [2, 3, 4]


def test_a_broken_animation_says_what_it_lacks(tmp_path: Path) -> None:
    images = [PillowImage.fromarray(np.random.default_rng(n).integers(0, 255, (64, 96, 3), np.uint8)) for n in range(6)]
    images[0].save(tmp_path / "a.png", save_all=True, append_images=images[1:], duration=40)
    (tmp_path / "a.png").write_bytes((tmp_path / "a.png").read_bytes()[:60_000])
    with open_source(tmp_path / "a.png") as source:
        read = len(list(source))
        assert 0 < read < 6 and source.counts.corrupt == 6 - read
        assert "ends early" in source.warnings[0]


def test_pages_of_one_size_are_a_sequence_and_previews_are_not(tmp_path: Path) -> None:
    pages = [as_pillow(n) for n in range(3)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    with open_source(tmp_path / "a.tif", image_fps=10) as source:
        assert [(read_number(f.image_bgr), f.time_s) for f in source] == [(n, pytest.approx(n / 10)) for n in range(3)]
    pages[0].save(tmp_path / "b.tif", save_all=True, append_images=[pages[1].resize((48, 32))])
    with open_source(tmp_path / "b.tif") as source:
        assert (source.info.kind, len(list(source))) == ("images", 1)


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_values_of_more_than_8_bits_are_scaled_by_what_they_use(tmp_path: Path, name: str) -> None:
    for bits, factor in ((10, 4), (12, 16), (14, 64), (16, 256), (8, 1)):
        cv2.imwrite(str(tmp_path / name), numbered_image(9).astype(np.uint16) * factor)
        with open_source(tmp_path / name) as source:
            image = next(iter(source)).image_bgr
            assert image.dtype == np.uint8 and np.abs(image.astype(int) - numbered_image(9)).max() <= 1
            assert source.warnings == (
                () if bits == 16 else (f"The 16-bit values of {name} were taken as {bits}-bit ones.",)
            )


def test_images_of_floats_are_read(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.tif"), numbered_image(9).astype(np.float32) / 255)
    with open_source(tmp_path / "a.tif") as source:
        assert np.abs(next(iter(source)).image_bgr.astype(int) - numbered_image(9)).max() <= 1


def as_pillow(number: int) -> PillowImage.Image:
    return PillowImage.fromarray(np.ascontiguousarray(numbered_image(number)[:, :, ::-1]))


class FakeClock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


class FakeCapture:
    """Gives what its script says: a number is an image, -1 a broken one, None none yet; at the end, none."""

    def __init__(self, script: list[int | None] | None) -> None:
        self.script, self.released = script, False
        self.number: int | None = None
        self.decoded = 0

    def isOpened(self) -> bool:
        return self.script is not None

    def grab(self) -> bool:
        self.number = self.script.pop(0) if self.script else None
        return self.number is not None

    def retrieve(self) -> tuple[bool, Any]:
        self.decoded += 1
        return (False, None) if self.number is None or self.number < 0 else (True, numbered_image(self.number))

    def get(self, prop: int) -> float:
        return 0.0

    def release(self) -> None:
        self.released = True


def live(scripts: list[list[int | None] | None], **options: Any) -> tuple[LiveSource, list[tuple[Any, int]], FakeClock]:
    clock, opened = FakeClock(), []
    captures = [FakeCapture(s) for s in scripts]

    def opener(device: int | str, backend: int) -> FakeCapture:
        opened.append((device, backend))
        return captures[min(len(opened), len(captures)) - 1]

    source = LiveSource(
        options.pop("device", 0), opener=opener, backends=(1, 2), clock=clock, sleep=clock.sleep, **options
    )
    return source, opened, clock


def test_a_camera_is_asked_for_a_compressed_image_of_the_size_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    class Camera(FakeCapture):
        def __init__(self, device: int, backend: int) -> None:
            super().__init__([5])

        def set(self, prop: int, value: float) -> bool:
            asked.append(prop)
            return False  # many cameras refuse, and come with what they have

    monkeypatch.setattr(cv2, "VideoCapture", Camera)
    with open_source(0) as source:
        assert source.info.width == numbered_image(5).shape[1]
    assert asked == [cv2.CAP_PROP_BUFFERSIZE]
    with open_source(0, camera_size=(1280, 720)) as source:
        assert source.info.width == numbered_image(5).shape[1]
    assert asked[2:] == [cv2.CAP_PROP_FOURCC, cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT]


def test_the_next_back_end_is_tried_when_one_cannot_open() -> None:
    source, opened, _ = live([None, [0, 1, 2]])
    assert opened == [(0, 1), (0, 2)]
    frames = source.frames()
    assert [read_number(next(frames).image_bgr) for _ in range(3)] == [0, 1, 2]
    assert source.info.live
    assert source.info.fps == 30.0


def test_a_slow_start_is_waited_for() -> None:
    source, opened, clock = live([[None] * 100 + [7]])
    assert len(opened) == 1
    assert 4 < clock.now_s < 10
    frame = next(iter(source))
    assert (read_number(frame.image_bgr), frame.index, frame.time_s) == (7, 0, 0.0)


def test_a_camera_without_images_is_given_up_with_a_reason() -> None:
    with pytest.raises(MediaError, match="gives no image"):
        live([[None] * 10_000, None])
    with pytest.raises(MediaError, match="cannot be opened"):
        live([None])


def test_a_broken_camera_is_opened_again_and_time_goes_on() -> None:
    source, opened, _ = live([[0, 1], [2, 3], [4]], reconnects=3)
    frames = source.frames()
    read = [next(frames) for _ in range(5)]
    assert [read_number(f.image_bgr) for f in read] == [0, 1, 2, 3, 4]
    assert [f.index for f in read] == [0, 1, 2, 3, 4]
    assert all(a.time_s <= b.time_s for a, b in pairwise(read))
    assert len(opened) == 3
    assert "opened again" in source.warnings[0]


def test_without_reconnects_a_break_is_an_error() -> None:
    source, _, _ = live([[0, 1]], reconnects=0)
    frames = source.frames()
    next(frames), next(frames)
    with pytest.raises(MediaError, match="broke off"):
        next(frames)


def test_a_image_that_nobody_wants_is_not_decoded() -> None:
    source, _, _ = live([list(range(10))])
    wanted = iter([True, False, False, True, False, True])
    frames = source.frames(wanted=lambda: next(wanted))
    assert [(f.index, read_number(f.image_bgr)) for f in (next(frames), next(frames), next(frames))] == [
        (0, 0),
        (3, 3),
        (5, 5),
    ]
    assert isinstance(source._capture, FakeCapture)
    assert source._capture.decoded == 3
    assert source.counts.decoded == 6


def test_a_broken_image_is_replaced_by_the_next_one() -> None:
    frames = live([[0, -1, None, 2]])[0].frames()
    assert [read_number(next(frames).image_bgr) for _ in range(2)] == [0, 2]


def test_a_camera_that_sends_only_broken_images_has_broken_off() -> None:
    frames = live([[0] + [-1] * 10_000], reconnects=0)[0].frames()
    next(frames)
    with pytest.raises(MediaError, match="broke off"):
        next(frames)


def test_a_streams_pixels_are_made_square(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {cv2.CAP_PROP_SAR_NUM: 4.0, cv2.CAP_PROP_SAR_DEN: 3.0}
    monkeypatch.setattr(FakeCapture, "get", lambda self, prop: said.get(prop, 0.0))
    source = live([[3, 4]], device="rtsp://host/a")[0]
    assert (source.info.width, source.info.height, source.info.pixel_aspect) == (128, 64, pytest.approx(4 / 3))
    assert next(iter(source)).image_bgr.shape == (64, 128, 3)
    assert live([[3]])[0].info.width == 96


def test_closing_releases_the_device() -> None:
    source, _, _ = live([[0, 1]])
    capture = source._capture
    source.close()
    source.close()
    assert isinstance(capture, FakeCapture)
    assert capture.released


def test_a_live_source_cannot_be_sought() -> None:
    with pytest.raises(MediaError, match="live"):
        live([[0]])[0].seek(1.0)


def test_urls_are_known_and_their_passwords_hidden() -> None:
    assert is_stream_url("rtsp://host/a")
    assert not is_stream_url("C:\\clips\\a.mp4")
    assert not is_stream_url("file:///a.mp4")
    assert public_url("rtsp://me:secret@10.0.0.1:554/live?token=x") == "rtsp://10.0.0.1:554/live"
    assert public_url("rtsp://me:se@cret@[::1]:554/live") == "rtsp://[::1]:554/live"
    assert not is_stream_url("rtsp://[::1/live") and public_url("rtsp://me:secret@[::1/live?token=x") == "[::1/live"
    inputs, problems = resolve_inputs(["rtsp://[::1/live"])
    assert not inputs and len(problems) == 1
    assert live([[0]], device="rtsp://me:secret@host/a")[0].info.name == "rtsp://host/a"


@pytest.mark.parametrize(
    ("url", "kept", "lacking"),
    [
        ("rtsp://host:554/a", "rtsp://host:554/a", False),
        ("rtsp://me@host/a", "rtsp://me@host/a", False),
        ("rtsp://me:se:cr@et@host/a", "rtsp://me:@host/a", True),
        ("http://host/a?token=x&n=1#y", "http://host/a?token=&n=", True),
        ("http://host/a?sesame", "http://host/a?=", True),
    ],
)
def test_what_is_kept_of_an_address_holds_no_secret(url: str, kept: str, lacking: bool) -> None:
    assert without_secrets(url) == kept
    assert without_secrets(kept) == kept
    assert lacks_secrets(kept) is lacking
    assert lacks_secrets(url) is False
