"""Start of the desktop app: Qt beside OpenCV, the last line of defence against errors, the window."""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import logging
import os
import sys
from types import TracebackType
from typing import NoReturn

from app.opencv_qt import forget_opencv_qt

SWITCH_INTERVAL_S = 0.001  # the GUI waits no longer than this for Python's lock


def run_app(argv: list[str]) -> NoReturn:
    """Open the window, with a source if one is named; ends the process when it is closed."""
    args = _parse(argv)
    logging.basicConfig(level=os.environ.get("LITEPOSE_STUDIO_LOG", "WARNING").upper())
    if sys.stderr is not None:
        faulthandler.enable()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    forget_opencv_qt()
    if not has_display():
        print(
            "error: There is no display to open a window on; the commands work without one, see --help.",
            file=sys.stderr,
        )
        sys.exit(1)

    from PyQt6.QtWidgets import QApplication

    app = QApplication(["litepose-studio"])
    app.setApplicationName("litepose-studio")
    app.setApplicationDisplayName("LitePose Studio")
    app.setDesktopFileName("litepose-studio")

    from app.gui.common.theme import apply_theme
    from app.gui.i18n.library_texts import in_users_language
    from app.gui.i18n.translation import install_translation, translate
    from app.gui.shell.backend import real_backend
    from app.gui.shell.garbage import GarbageCollector
    from app.gui.shell.main_window import MainWindow
    from app.gui.shell.memory import Memory
    from app.settings import Settings, load_settings, settings_path
    from pose.errors import SettingsError

    install_translation(app)
    path = settings_path()
    memory = Memory(path.parent / "window.ini")
    problem = ""
    try:
        settings = load_settings(path) if path.exists() else Settings()
    except SettingsError as error:
        settings = Settings()
        problem = in_users_language(str(error)) + " " + translate("Application", "The usual settings are used.")
    apply_theme(app, memory.text("theme", "system"))  # type: ignore[arg-type]
    window = MainWindow(real_backend(lambda: window.settings), settings, path, memory)
    _install_excepthook(window)
    GarbageCollector(window)
    window.show()
    window.welcome()
    if problem:
        window.banner.show_message(problem, "warning")
    if args.source is not None:
        window.open_words([args.source])
    _end(app.exec())


def has_display() -> bool:
    """False where Qt would abort the process: on Linux without X or Wayland, unless it was told another platform."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _end(code: int) -> NoReturn:
    """End the process at once, now that the window has stopped its threads, closed its files and saved its choices.

    Taking the libraries apart one by one would only take time, up to seconds on a busy machine, and a driver or the
    network may still hold a thread that the program must not wait for.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):  # nobody listens any more
                stream.flush()
    os._exit(code)


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="litepose-studio", description="Opens the desktop app.")
    parser.add_argument("source", nargs="?", metavar="FILE|CAMERA|URL", help="what to play at once")
    return parser.parse_args(argv)


def _install_excepthook(window: object) -> None:
    """Without a hook, PyQt ends the program when a slot raises; say what happened instead and go on."""
    from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

    from app.gui.i18n.translation import translate
    from app.gui.shell.main_window import MainWindow

    assert isinstance(window, MainWindow)

    class Told(QObject):
        """Slots run on other threads too, but only the window's own may touch what is in it."""

        sentence = pyqtSignal(str)

        @pyqtSlot(str)
        def show(self, sentence: str) -> None:
            banner.show_message(sentence, "error")

    banner = window.banner
    told = Told(window)
    told.sentence.connect(told.show)

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        logging.getLogger(__name__).error("unexpected error", exc_info=(kind, error, trace))
        sentence = translate(
            "Application",
            "Something unexpected went wrong ({name}). You can go on; if it happens again, restart.",
        ).format(name=kind.__name__)
        told.sentence.emit(sentence)

    sys.excepthook = hook
