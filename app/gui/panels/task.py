"""One piece of work on a thread of its own, with its end told to the GUI."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from app.gui.i18n.library_texts import in_users_language
from pose.errors import PoseStudioError

log = logging.getLogger(__name__)


class Task(QObject):
    """Calls `work(report)` once. Exactly one of `done` and `failed` follows, delivered on the receiver's thread.

    report(sentence) emits `progress`. Errors become one plain sentence. The thread keeps the task alive, and a
    receiver that is gone by then is simply not told.
    """

    done = pyqtSignal(object)
    failed = pyqtSignal(str)
    progress = pyqtSignal(str)

    def __init__(self, work: Callable[[Callable[[str], None]], Any], name: str = "task") -> None:
        super().__init__()
        self._work = work
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; False if it did not come in time."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            result = self._work(self.progress.emit)
        except PoseStudioError as error:
            self.failed.emit(in_users_language(str(error)))
        except MemoryError:
            self.failed.emit(self.tr("There is not enough memory for this."))
        except ImportError as error:
            self.failed.emit(self.tr("This needs {0}, which is not installed here.").format(error.name or error))
        except Exception as error:
            log.exception("background task")
            self.failed.emit(self.tr("This failed unexpectedly ({0}).").format(type(error).__name__))
        else:
            self.done.emit(result)
