"""What the window remembers from one start to the next: places, sources, theme. Choices of work are in app.settings."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QByteArray, QSettings

MAX_RECENT = 10


class Memory:
    """An INI file; losing it costs nothing but comfort, so nothing here fails."""

    def __init__(self, path: Path) -> None:
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def recent(self) -> list[str]:
        """Files and addresses, newest first."""
        value = self._store.value("recent", [])
        values = [value] if isinstance(value, str) else list(value or [])
        return [str(v) for v in values][:MAX_RECENT]

    def add_recent(self, spec: str) -> None:
        self._store.setValue("recent", [spec, *(s for s in self.recent if s != spec)][:MAX_RECENT])

    def forget_recent(self, spec: str | None = None) -> None:
        """Forget one source, or all."""
        self._store.setValue("recent", [] if spec is None else [s for s in self.recent if s != spec])

    def text(self, key: str, default: str = "") -> str:
        return str(self._store.value(key, default))

    def flag(self, key: str, default: bool) -> bool:
        return str(self._store.value(key, default)).lower() == "true"

    def blob(self, key: str) -> QByteArray:
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep(self, key: str, value: str | bool | QByteArray) -> None:
        self._store.setValue(key, value)

    def flush(self) -> None:
        self._store.sync()
