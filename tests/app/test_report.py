from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from app import cli
from app.analysis.edit_log import EditLog
from app.analysis.edits import Rename
from app.analysis.facts import file_facts
from app.analysis.measure import Scale
from app.analysis.repair import Repair
from app.analysis.result import open_result
from app.analysis.store import open_store
from app.render.overlay import OverlayStyle
from app.report.batch import entry_of
from app.report.plots import presence
from app.report.strip import PIXELS_WH, find_video, thumbnails
from app.report.summary import summarise
from app.types import TrackedFrame
from tests.app.media import write_video
from tests.app.stores import write_store
from tests.app.tracked import tracked_frame

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)


class Page(HTMLParser):
    """What a browser would fetch or run, the visible text, and unclosed elements."""

    VOID = frozenset(("meta", "br", "img", "input", "link", "hr"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        if tag in ("script", "link", "iframe", "img"):
            self.outside.append(tag)
        links = [v for k, v in attrs if k in ("src", "href", "xlink:href") and v]
        self.outside += [link for link in links if not link.startswith(("#", "data:image/"))]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        return

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def walkers() -> list[TrackedFrame]:
    """One person walks all the time, another is away for a while in between."""
    frames = []
    for i in range(60):
        people = {1: (100 + 8.0 * i, 100.0)}
        if not 20 <= i < 40:
            people[2] = (600 - 4.0 * i, 120.0)
        frames.append(tracked_frame(i, people))
    return frames


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report about two people, one of whom is away for a moment."""
    folder = tmp_path_factory.mktemp("report")
    store = write_store(folder / "walk & <run>.litepose", walkers())
    assert cli.main(["report", str(store), "--out", str(folder / "r.html")]) == 0
    return folder / "r.html"


@pytest.fixture
def page(file: Path) -> Page:
    return Page(file.read_text(encoding="utf-8"))


def test_the_page_is_whole_and_needs_nothing_from_outside(page: Page) -> None:
    assert page.open == []
    assert page.outside == []
    assert "walk & <run>.mp4" in page.text


def test_everything_is_told(page: Page) -> None:
    text = " ".join(page.text)
    for words in ("Who is there when", "Where people were", "Person 1", "Knees, °", "Speed, px/s", "Share of joints"):
        assert words in text
    assert "perhaps" in text  # a doubtful moment
    assert len(re.findall(r"left ankle", text)) >= 2  # of two people


def test_edits_names_and_metres_are_honoured(tmp_path: Path) -> None:
    path = write_store(tmp_path / "a.litepose", walkers())
    with open_result(path) as result:
        log, repair = result.log, Repair(result.tracked())
        log.add(repair.rename(1, "Anna"))
        log.add(Scale(x0=0, y0=0, x1=100, y1=0, metres=1))
        file = summarise(result)
    assert isinstance(file.people[0].name, str) and file.people[0].name == "Anna"
    assert file.unit == "m"
    assert file.people[0].motion.path == pytest.approx(4.76, rel=0.03)
    assert "rename 1: Anna" in file.edits
    with open_store(path) as store:
        assert [type(edit) for edit in EditLog(store).active] == [Rename, Scale]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere names are text")
def test_a_name_is_no_formula_and_the_name_of_a_file_need_not_be_text(tmp_path: Path) -> None:
    path = write_store(tmp_path / os.fsdecode(b"x\xff.litepose"), walkers())
    with open_result(path) as result:
        result.log.add(Repair(result.tracked()).rename(1, r"\oops $_ or $"))
        file = summarise(result)
    assert r">\oops $_ or $</text>" in presence(file)


def walker_image(number: int, width: int, height: int) -> Any:
    """A red square stands where `walkers` has person 1, at the same time."""
    image = np.full((height, width, 3), 40, np.uint8)
    x = 100 + 8 * number
    image[90:200, x - 30 : x + 30] = (0, 0, 220)
    return image


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The store of a video that lies in another folder, and the video."""
    folder = tmp_path_factory.mktemp("walk")
    (folder / "videos").mkdir()
    video = write_video(folder / "videos" / "walk.mp4", count=60, width=800, height=400, draw=walker_image, gop=60)
    return write_store(folder / "walk.litepose", walkers(), files=file_facts([video])), video


def test_people_are_cut_out_of_the_video_at_the_right_place_and_time(walk: tuple[Path, Path]) -> None:
    store, video = walk
    with open_result(store) as result:
        assert find_video(result) is None
        assert find_video(result, [video.parent]) == video
        file = summarise(result)
    pictures = thumbnails(file, video)
    mine = {frame: uri for (person, frame), uri in pictures.items() if person == 1}
    assert sorted(mine) == [0, 8, 17, 25, 34, 42, 51, 59]
    for uri in mine.values():
        data = np.frombuffer(base64.b64decode(uri.partition(",")[2]), np.uint8)
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
        assert len(data) < 6000
        red = np.argwhere(picture[..., 2] > 150)
        assert red.mean(axis=0)[1] == pytest.approx(PIXELS_WH[0] / 2, abs=4)


def test_pictures_are_in_the_page_where_the_video_is_at_hand(walk: tuple[Path, Path], tmp_path: Path) -> None:
    store, video = walk
    out = tmp_path / "r.html"
    assert cli.main(["report", str(store), "--out", str(out)]) == 0
    assert "data:image/webp" not in out.read_text(encoding="utf-8")
    assert cli.main(["report", str(store), "--videos", str(video.parent), "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert text.count("data:image/webp") == 16
    assert Page(text).outside == []
    shutil.copy(write_video(tmp_path / "other.mp4", count=3), tmp_path / "walk.mp4")  # of the same name
    assert cli.main(["report", str(store), "--videos", str(tmp_path), "--out", str(out)]) == 0
    assert "data:image/webp" not in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("overlay", [OverlayStyle(), OverlayStyle(blur_faces=True), OverlayStyle(background="plain")])
def test_pictures_show_no_more_of_people_than_they_may(walk: tuple[Path, Path], overlay: OverlayStyle) -> None:
    store, video = walk
    with open_result(store) as result:
        section = entry_of(result, videos=[video.parent], overlay=overlay).section
        plain = entry_of(result, videos=[video.parent]).section
    if overlay.background == "plain":
        assert "data:image" not in section
    else:
        assert (section == plain) is not overlay.blur_faces


def test_a_video_that_cannot_be_read_any_more_stops_no_report(walk: tuple[Path, Path], tmp_path: Path) -> None:
    store, _ = walk
    with open_result(store) as result:
        file = summarise(result)
    (tmp_path / "walk.mp4").write_bytes(b"no video")
    assert thumbnails(file, tmp_path / "walk.mp4") == {}


def test_a_batch_begins_with_the_files_that_need_attention_most(tmp_path: Path) -> None:
    calm = [tracked_frame(i, {1: (300.0, 100.0)}) for i in range(60)]
    write_store(tmp_path / "a-calm.litepose", calm)
    write_store(tmp_path / "e-calm.litepose", calm)  # so many that several processes share the work
    write_store(tmp_path / "b-doubts.litepose", walkers())
    write_store(tmp_path / "c-cut-off.litepose", calm, finish=False)
    write_store(tmp_path / "d-nobody.litepose", [tracked_frame(i, {}) for i in range(30)])
    out = tmp_path / "r.html"
    assert cli.main(["report", str(tmp_path), "--out", str(out)]) == 0
    page = Page(out.read_text(encoding="utf-8"))
    rows = [t for t in page.text if re.fullmatch(r"[a-e]-[a-z-]+\.mp4", t)][:5]
    assert rows[-2:] == ["a-calm.mp4", "e-calm.mp4"]
    assert sorted(rows) == ["a-calm.mp4", "b-doubts.mp4", "c-cut-off.mp4", "d-nobody.mp4", "e-calm.mp4"]
    assert "nobody found" in page.text and "not complete" in page.text


def test_damaged_results_are_named_and_the_others_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_store(tmp_path / "good.litepose", walkers())
    (tmp_path / "bad.litepose").write_bytes(b"nothing")
    out = tmp_path / "r.html"
    assert cli.main(["report", str(tmp_path), str(tmp_path / "none.csv"), "--out", str(out)]) == 1
    errors = capsys.readouterr().err
    assert "bad.litepose is not a store" in errors and "There is no result" in errors
    assert "good.mp4" in out.read_text(encoding="utf-8")
    assert not out.with_name("r.html.partial").exists()


def test_a_page_never_takes_the_place_of_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_store(tmp_path / "a.litepose", walkers())
    monkeypatch.chdir(tmp_path)
    for out in (str(tmp_path), "."):
        assert cli.main(["report", str(tmp_path), "--out", out]) == 1
        assert "is a folder" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [path]


def test_the_same_results_give_the_same_page(file: Path, tmp_path: Path) -> None:
    store = file.with_name("walk & <run>.litepose")
    cli.main(["report", str(store), "--out", str(tmp_path / "again.html")])
    assert (tmp_path / "again.html").read_bytes() == file.read_bytes()


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_a_browser_shows_it(file: Path, tmp_path: Path) -> None:
    assert BROWSER is not None
    words = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
    words += ["--dump-dom", file.as_uri()]
    shown = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True).stdout
    assert shown.count("<svg") >= 20
    assert "Doubtful moments, worst first" in shown
