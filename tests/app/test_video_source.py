from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.sources import open_source
from app.sources.packet_index import _build, _Entry
from app.threads import Stopped, StopSignal
from pose.errors import MediaError
from tests.app.media import file_server, packet_sizes, remux, write_sound, write_two_videos, write_video
from tests.fakes import numbered_image, read_number


def numbers_and_times(path: Path, **options: int) -> list[tuple[int, int, float]]:
    with open_source(path, **options) as source:
        return [(f.index, read_number(f.image_bgr), f.time_s) for f in source]


def test_frames_come_in_order_with_exact_times(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mp4", count=30, fps=25)
    assert numbers_and_times(video) == [(i, i, pytest.approx(i / 25, abs=1e-9)) for i in range(30)]


def test_info_tells_what_the_file_is(tmp_path: Path) -> None:
    with open_source(write_video(tmp_path / "a.mp4", count=30, fps=25, sound="aac")) as source:
        info = source.info
    assert (info.kind, info.width, info.height, info.fps, info.frame_count) == ("video", 96, 64, 25.0, 30)
    assert info.duration_s == pytest.approx(1.2)
    assert (info.rotation, info.variable_frame_rate, info.live, info.has_audio) == (0, False, False, True)


def test_variable_frame_rate_stays_true(tmp_path: Path) -> None:
    steps = [1, 3, 1, 7, 2, 2, 30, 1, 4, 4]
    times = [Fraction(sum(steps[:i]), 100) for i in range(10)]
    video = write_video(tmp_path / "vfr.mp4", count=10, times=times)
    assert [t for _, _, t in numbers_and_times(video)] == pytest.approx([float(t) for t in times], abs=1e-9)
    with open_source(video) as source:
        assert source.info.variable_frame_rate is True


def test_first_frame_is_at_zero_wherever_the_container_begins(tmp_path: Path) -> None:
    times = [Fraction(5) + Fraction(i, 25) for i in range(10)]
    for name in ("late.mkv", "late.ts"):
        video = write_video(tmp_path / name, count=10, times=times)
        read = numbers_and_times(video)
        assert [n for _, n, _ in read] == list(range(10))
        assert [t for _, _, t in read] == pytest.approx([i / 25 for i in range(10)], abs=2e-3)
        with open_source(video) as source:
            assert source.info.start_time_s >= 5


@pytest.mark.parametrize(("counter_clockwise", "clockwise"), [(90, 270), (180, 180), (-90, 90)])
def test_rotation_metadata_is_applied(tmp_path: Path, counter_clockwise: int, clockwise: int) -> None:
    plain = write_video(tmp_path / "plain.mp4", count=3)
    turned = write_video(tmp_path / "turned.mp4", count=3, rotation=counter_clockwise)
    with open_source(plain) as a, open_source(turned) as b:
        assert b.info.rotation == clockwise
        assert (b.info.width, b.info.height) == ((64, 96) if clockwise in (90, 270) else (96, 64))
        for stored, upright in zip(a, b, strict=True):
            assert np.array_equal(np.rot90(stored.image_bgr, counter_clockwise // 90), upright.image_bgr)
            assert upright.image_bgr.flags.c_contiguous


def test_mirrored_metadata_is_applied(tmp_path: Path) -> None:
    with (
        open_source(write_video(tmp_path / "a.mp4", count=3)) as a,
        open_source(write_video(tmp_path / "b.mp4", count=3, hflip=True)) as b,
    ):
        assert b.info.mirrored
        assert np.array_equal(next(iter(a)).image_bgr[:, ::-1], next(iter(b)).image_bgr)


def test_asked_rotation_replaces_the_files_own(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mp4", count=3, rotation=90)
    with open_source(video, rotation=0) as source:
        assert (source.info.width, source.info.height, source.info.rotation) == (96, 64, 0)
    with open_source(video, rotation=90) as source:
        assert (source.info.width, source.info.height, source.info.rotation) == (64, 96, 90)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.avi", "a.webm"])
def test_seeking_finds_the_same_frame_as_reading_on(tmp_path: Path, name: str) -> None:
    codec = {"a.webm": "libvpx-vp9", "a.avi": "mpeg4"}.get(name, "libx264")
    video = write_video(tmp_path / name, count=60, codec=codec, gop=12)
    with open_source(video) as source:
        read = [(f.index, read_number(f.image_bgr), f.time_s) for f in source]
        assert [n for _, n, _ in read] == list(range(60))
        for k in (59, 0, 37, 36, 35, 12, 11, 58, 1):
            source.seek(read[k][2])
            frame = next(iter(source))
            assert (frame.index, read_number(frame.image_bgr), frame.time_s) == read[k]
            following = next(iter(source), None)
            assert (following.index if following else 60) == k + 1


def test_seeking_between_and_beyond_frames(tmp_path: Path) -> None:
    with open_source(write_video(tmp_path / "a.mp4", count=30, fps=25)) as source:
        for time_s, expected in ((0.5 / 25, 0), (10.99 / 25, 10), (1e6, 29), (-3.0, 0)):
            source.seek(time_s)
            assert next(iter(source)).index == expected


def test_range_and_stride_select_by_time_and_keep_the_numbers(tmp_path: Path) -> None:
    with open_source(write_video(tmp_path / "a.mp4", count=50, fps=25)) as source:
        frames = list(source.frames(start_s=0.4, end_s=1.2, stride=3))
    assert [f.index for f in frames] == [10, 13, 16, 19, 22, 25, 28]
    assert [read_number(f.image_bgr) for f in frames] == [10, 13, 16, 19, 22, 25, 28]
    assert source.counts.decoded == 20
    assert source.counts.corrupt == 0


def test_a_destroyed_frame_is_counted_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mkv", count=30, codec="mjpeg")
    position, size = packet_sizes(video)[10]
    data = bytearray(video.read_bytes())
    at = data.index(b"\xff\xd8", position)
    data[at : at + size - 64] = bytes(size - 64)
    video.write_bytes(data)
    with open_source(video) as source:
        read = [(f.index, read_number(f.image_bgr)) for f in source]
        assert source.counts.corrupt == 1
        assert source.counts.decoded == 29
    assert read == [(i, i) for i in range(30) if i != 10]


def test_a_truncated_video_gives_what_it_has_and_counts_what_it_lacks(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mp4", count=60, options={"movflags": "+faststart"})
    data = video.read_bytes()
    cut = packet_sizes(video)[40][0]
    video.write_bytes(data[:cut])
    with open_source(video) as source:
        read = [(f.index, read_number(f.image_bgr)) for f in source]
        counts, warnings = source.counts, source.warnings
    assert read == [(i, i) for i in range(len(read))]
    assert 20 < len(read) < 60
    assert counts.decoded + counts.corrupt == 60
    assert any("ends early" in w for w in warnings)


def test_a_video_without_an_index_that_was_cut_off_is_reported(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mkv", count=60, codec="mjpeg")
    with open_source(video) as source:
        assert len(list(source)) == 60 and not source.warnings
    video.write_bytes(video.read_bytes()[: packet_sizes(video)[30][0]])
    with open_source(video) as source:
        assert len(list(source)) == 30
        assert "may have been cut off: it announces 2.4 s, its images end at 1.2 s" in source.warnings[0]


def test_packets_that_are_not_shown_do_not_make_the_rate_vary() -> None:
    """As at the head of a video that was trimmed without encoding it again: decoding times are known, and even."""
    hidden = {0, 1, 3}
    entries = [_Entry(100 * i, 40 * i, i == 0, i in hidden) for i in range(20)]
    index = _build(entries, presentation=False, second=1000)
    assert (index.variable_frame_rate, index.shown_count) == (False, 17)
    entries[10] = entries[10]._replace(ticks=420)
    assert _build(entries, presentation=False, second=1000).variable_frame_rate is True


def test_images_stored_in_another_order_come_in_theirs_from_avi(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.avi", count=40)
    with open_source(video) as source:
        read = [(f.index, read_number(f.image_bgr), f.time_s) for f in source]
        assert source.counts.corrupt == 0 and not source.warnings
        assert [(i, n) for i, n, _ in read] == [(k, k) for k in range(40)]
        assert [t for *_, t in read][:-1] == pytest.approx([k / 25 for k in range(39)], abs=1e-6)
        for k in (25, 7, 31):
            source.seek(read[k][2])
            frame = next(iter(source))
            assert (frame.index, read_number(frame.image_bgr), frame.time_s) == read[k]


def test_odd_and_tiny_sizes_are_read_exactly(tmp_path: Path) -> None:
    for width, height in ((97, 65), (1, 1), (3, 101)):
        video = write_video(tmp_path / f"{width}x{height}.mov", count=3, width=width, height=height, codec="png")
        with open_source(video) as source:
            assert (source.info.width, source.info.height) == (width, height)
            assert all(f.image_bgr.shape == (height, width, 3) for f in source)


def test_unicode_names_are_opened(tmp_path: Path) -> None:
    folder = tmp_path / "Übung № 1 – 跑步"
    folder.mkdir()
    assert len(numbers_and_times(write_video(folder / "día: 50%.mp4", count=3))) == 3


def opening_error(path: Path) -> str:
    with pytest.raises(MediaError) as caught:
        open_source(path)
    return str(caught.value)


def test_each_unusable_file_is_named_for_what_it_is(tmp_path: Path) -> None:
    assert "does not exist" in opening_error(tmp_path / "missing.mp4")
    (tmp_path / "empty.mp4").touch()
    assert "empty file" in opening_error(tmp_path / "empty.mp4")
    (tmp_path / "text.mp4").write_text("not a video\n" * 100)
    assert "not a video" in opening_error(tmp_path / "text.mp4")
    (tmp_path / "text.txt").write_text("not a video\n" * 100)
    assert "not a video" in opening_error(tmp_path / "text.txt")
    assert "only sound" in opening_error(write_sound(tmp_path / "sound.mp4"))
    whole = write_video(tmp_path / "whole.mp4", count=30)
    (tmp_path / "cut.mp4").write_bytes(whole.read_bytes()[:-400])
    assert "its index is missing" in opening_error(tmp_path / "cut.mp4")
    assert "no image" in opening_error(tmp_path)
    with pytest.raises(MediaError, match=r"no image that can be decoded|not a video|no video"):
        open_source(write_video(tmp_path / "none.mp4", count=0))


def test_reading_ends_quietly_after_closing_and_opening_again(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mp4", count=5)
    for _ in range(3):
        assert len(numbers_and_times(video)) == 5


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
def test_times_that_only_count_the_packets_are_shared_out_in_order(tmp_path: Path, name: str) -> None:
    """As some programs write them: each packet's presentation time is its decoding time."""

    def use_decoding_time(number: int, packet: Any) -> None:
        packet.pts = packet.dts = number * 512 - 1024

    # All of the image changes, so that the encoder reorders frames.
    plain = write_video(tmp_path / "plain.mp4", count=40, draw=lambda n, w, h: numbered_image(n, w, h, band=1.0))
    video = remux(plain, tmp_path / name, use_decoding_time)
    with open_source(video) as source:
        read = [(f.index, read_number(f.image_bgr), f.time_s) for f in source]
        assert source.counts.corrupt == 0 and not source.warnings
        assert [(i, n) for i, n, _ in read] == [(k, k) for k in range(40)]
        assert [t for *_, t in read] == pytest.approx([k / 25 for k in range(40)], abs=2e-3)
        for k in (25, 7, 31):
            source.seek(read[k][2])
            assert read_number(next(iter(source)).image_bgr) == k


def test_a_time_given_twice_loses_no_frame(tmp_path: Path) -> None:
    times: list[int] = []

    def repeat_the_tenth(number: int, packet: Any) -> None:
        times.append(packet.pts)
        packet.pts = times[9] if number == 10 else packet.pts

    video = remux(write_video(tmp_path / "a.mp4", count=40), tmp_path / "a.mkv", repeat_the_tenth)
    with open_source(video) as source:
        assert [(f.index, read_number(f.image_bgr)) for f in source] == [(k, k) for k in range(40)]
        assert source.counts.corrupt == 0
        assert "estimated" in source.warnings[0]


def test_pixels_are_made_square(tmp_path: Path) -> None:
    wide = Fraction(4, 3)
    video = write_video(tmp_path / "a.mp4", count=3, pixel_aspect=wide)
    turned = write_video(tmp_path / "b.mkv", count=3, pixel_aspect=1 / wide)
    with open_source(video) as source:
        assert (source.info.width, source.info.height) == (128, 64)
        assert source.info.pixel_aspect == pytest.approx(4 / 3)
        assert [(f.image_bgr.shape, read_number(f.image_bgr)) for f in source] == [((64, 128, 3), n) for n in range(3)]
    with open_source(turned) as source:
        assert (source.info.width, source.info.height) == (72, 64)
    with open_source(video, rotation=90) as source:
        assert next(iter(source)).image_bgr.shape == (128, 64, 3)
    for aspect in (Fraction(100), Fraction(136, 135)):
        with open_source(write_video(tmp_path / "c.mkv", count=3, pixel_aspect=aspect)) as source:
            assert (source.info.width, source.info.pixel_aspect) == (96, 1.0)


@pytest.mark.parametrize(("name", "default", "taken"), [("a.mkv", 0, 7), ("a.mkv", 1, 200), ("a.ts", None, 200)])
def test_of_two_videos_the_default_one_or_else_the_larger_is_taken(
    tmp_path: Path, name: str, default: int | None, taken: int
) -> None:
    with open_source(write_two_videos(tmp_path / name, default)) as source:
        assert [read_number(f.image_bgr) for f in source] == [taken] * 5
        number, size = (1, "96x64") if taken == 7 else (2, "192x128")
        assert source.warnings == (f"{name} holds 2 videos; number {number} ({size}) was taken.",)


def combing(image: Any) -> float:
    """How much neighbouring lines differ more than lines two apart: large for two moments in one frame."""
    grey = image[8:-8].mean(axis=2)
    return float(np.abs(grey[1:-1] - grey[2:]).mean() - np.abs(grey[:-2] - grey[2:]).mean())


def two_moments(number: int, width: int, height: int) -> Any:
    """A bright bar that moves on by eight pixels from the even lines to the odd ones."""
    image = np.full((height, width, 3), 30, np.uint8)
    for field in range(2):
        x = 8 * (2 * number + field)
        image[field::2, x : x + 16] = 220
    return image


@pytest.mark.parametrize("name", ["a.mpg", "a.mkv"])
def test_interlaced_frames_are_made_whole(tmp_path: Path, name: str) -> None:
    video = write_video(tmp_path / name, count=9, gop=1, width=192, height=128, codec="mpeg2video", draw=two_moments)
    with open_source(video) as source:
        frames = list(source)
        assert [f.index for f in frames] == list(range(9)) and source.counts.corrupt == 0
        assert [f.time_s for f in frames] == pytest.approx([k / 25 for k in range(9)], abs=1e-3)
        assert all(combing(f.image_bgr) < 0.2 * combing(two_moments(f.index, 192, 128)) for f in frames)
        assert source.warnings == (f"{name} is interlaced; its frames were deinterlaced.",)
        for k in (0, 4, 8):
            source.seek(frames[k].time_s)
            again = next(iter(source))
            assert again.index == k and np.array_equal(again.image_bgr, frames[k].image_bgr)


def test_a_gap_in_a_transport_stream_is_counted(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.ts", count=120, codec="mpeg4", gop=1, draw=lambda n, w, h: noise(n, w, h))
    packets = len(video.read_bytes()) // 188
    data = video.read_bytes()
    video.write_bytes(data[: packets // 2 * 188] + data[(packets // 2 + packets // 6) * 188 :])
    with open_source(video) as source:
        read = [(f.index, f.time_s) for f in source]
        counts = source.counts
        assert len(read) < 110 and read[-1][0] == 119
        assert counts.decoded + counts.corrupt == 120
        assert [t for _, t in read] == pytest.approx([i / 25 for i, _ in read], abs=2e-3)
        source.seek(read[-10][1])
        assert next(iter(source)).index == read[-10][0]


def noise(number: int, width: int, height: int) -> Any:
    return np.random.default_rng(number).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_a_jump_in_time_is_reported_and_leaves_the_rate(tmp_path: Path, name: str) -> None:
    times = [Fraction(i, 25) + (3600 if i >= 20 else 0) for i in range(40)]
    with open_source(write_video(tmp_path / name, count=40, times=times)) as source:
        assert source.info.fps == pytest.approx(25)
        assert [f.time_s for f in source] == pytest.approx([float(t) for t in times], abs=1e-3)
        assert source.warnings == (f"Jumps in the times of {name}: 1, the longest of 3600.0 s at 0.8 s.",)


def test_two_recordings_in_one_stream_are_read_on(tmp_path: Path) -> None:
    """As when transport streams are joined: the clock begins anew, and here the shape changes, too."""
    first = write_video(tmp_path / "1.ts", count=60)
    second = write_video(tmp_path / "2.ts", count=60, width=64, height=96)
    (tmp_path / "a.ts").write_bytes(first.read_bytes() + second.read_bytes())
    with open_source(tmp_path / "a.ts") as source:
        frames = list(source)
        assert source.counts.corrupt == 0
    assert [f.index for f in frames] == list(range(120))
    steps = np.diff([f.time_s for f in frames])
    assert steps.min() > 0.01 and steps.max() < 0.2 and np.median(steps) == pytest.approx(0.04, abs=1e-3)
    last = frames[-1].image_bgr
    assert last.shape == (64, 96, 3)
    with open_source(tmp_path / "a.ts") as source:
        for k in (70, 20, 90):
            source.seek(frames[k].time_s)
            assert next(iter(source)).index == k
    inner = last[:, 27:69]  # 64x96 fits as 43x64, with a border
    assert read_number(inner) == 59 and last[:, :24].max() < 10


def test_a_video_behind_an_address_is_a_file(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mp4", count=40)
    write_video(tmp_path / "b.mkv", count=40)
    with file_server(tmp_path) as (address, asked):
        for name in ("a.mp4", "b.mkv"):
            with open_source(f"{address}/{name}") as source:
                assert (source.info.live, source.info.name, source.info.path) == (False, name, None)
                read = [(f.index, read_number(f.image_bgr)) for f in source]
                assert read == [(k, k) for k in range(40)] and source.counts.corrupt == 0
                source.seek(1.0)
                assert next(iter(source)).index == 25
        assert len(asked) < 20
        with pytest.raises(MediaError, match="cannot be opened"):
            open_source(f"{address}/none.mp4")
        (tmp_path / "text.mp4").write_text("no video\n" * 100)
        with pytest.raises(MediaError, match="is not a video"):
            open_source(f"{address}/text.mp4")
    assert video.exists()


@pytest.mark.parametrize("most_bytes", [0, 20_000])
def test_a_network_that_stalls_is_not_waited_for_when_stopped(tmp_path: Path, most_bytes: int) -> None:
    """Before the first byte, or in the middle: the wait ends with the stop, not with the network's time limit."""
    options = {"movflags": "+faststart"}
    write_video(tmp_path / "a.mp4", count=120, draw=noise, options=options)
    stop = StopSignal()

    def read() -> None:
        with open_source(f"{address}/a.mp4", sleep=stop.sleep) as source:
            for _ in source:
                pass

    with file_server(tmp_path, most_bytes) as (address, asked), ThreadPoolExecutor() as pool:
        reading = pool.submit(read)
        while not asked:
            time.sleep(0.01)
        stop.set()
        with pytest.raises(Stopped):
            reading.result(timeout=5)
