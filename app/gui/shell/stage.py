"""What the parts of the main window use of it: its widgets, and what it does for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt6.QtWidgets import QMainWindow, QWidget

from app.gui.analysis.analyst import Analyst
from app.gui.analysis.review_panel import ReviewPanel
from app.gui.live.session import Session
from app.gui.live.session_state import SourceSpec
from app.gui.live.sharing import Sharing
from app.gui.shell.banner import Banner
from app.gui.shell.docks import Docks
from app.gui.shell.memory import Memory
from app.gui.shell.transport import Transport
from app.gui.view.video_view import VideoView
from app.settings import Settings


class Stage(QMainWindow):
    """MainWindow is the only one; its parts know this of it, and it knows its parts."""

    settings: Settings
    memory: Memory
    session: Session
    sharing: Sharing
    analyst: Analyst
    banner: Banner
    view: VideoView
    transport: Transport
    review: ReviewPanel
    docks: Docks
    page: QWidget
    hidden_ids: frozenset[int]

    @property
    def hud_shown(self) -> bool:
        raise NotImplementedError

    def open_source(self, spec: SourceSpec) -> None:
        raise NotImplementedError

    def open_sample(self) -> None:
        raise NotImplementedError

    def enter_address(self, url: str = "") -> None:
        raise NotImplementedError

    def reopen(self) -> None:
        raise NotImplementedError

    def show_sources(self) -> None:
        raise NotImplementedError

    def forget_recent(self) -> None:
        raise NotImplementedError

    def use_settings(self, settings: Settings) -> None:
        raise NotImplementedError

    def set_style(self, **changes: Any) -> None:
        raise NotImplementedError

    def remembered_theme(self) -> str:
        raise NotImplementedError

    def set_theme(self, theme: str) -> None:
        raise NotImplementedError

    def toggle_full_screen(self, full: bool) -> None:
        raise NotImplementedError

    def show_hud(self, shown: bool) -> None:
        raise NotImplementedError

    def show_heatmap(self, shown: bool) -> None:
        raise NotImplementedError

    def show_presence(self) -> None:
        raise NotImplementedError

    def focus_people(self) -> None:
        raise NotImplementedError

    def focus_view(self) -> None:
        raise NotImplementedError

    def start_tour(self) -> None:
        raise NotImplementedError

    def person_name(self, person: int) -> str:
        raise NotImplementedError

    def set_names(self, names: Mapping[int, str]) -> None:
        raise NotImplementedError
