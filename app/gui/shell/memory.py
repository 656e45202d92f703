"""What the window remembers from one start to the next: places, sources, theme. Choices of work are in app.settings."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QByteArray, QSettings

from app.sources.camera import is_stream_url, without_secrets

MAX_RECENT = 10


class Memory:
    """An INI file; losing it costs nothing but comfort, so nothing here fails.

    Passwords in addresses are known until the program ends, and never get into the file.
    """

    def __init__(self, path: Path) -> None:
        self._store = QSettings(str(path), QSettings.Format.IniFormat)
        self._whole: dict[str, str] = {}  # address as it is kept → with its password
        # Earlier versions kept whole addresses.
        self._keep_recent(self.recent)
        self.last_source = self.last_source

    @property
    def recent(self) -> list[str]:
        """Files and addresses, newest first."""
        value = self._store.value("recent", [])
        values = [value] if isinstance(value, str) else list(value or [])
        return [self._whole.get(str(v), str(v)) for v in values][:MAX_RECENT]

    def add_recent(self, spec: str) -> None:
        kept = self._without_secrets(spec)
        self._keep_recent([spec, *(s for s in self.recent if self._without_secrets(s) != kept)])

    def forget_recent(self, spec: str | None = None) -> None:
        """Forget one source, or all."""
        self._keep_recent([] if spec is None else [s for s in self.recent if s != spec])

    @property
    def last_source(self) -> str:
        """What was opened last; empty if nothing was."""
        value = self.text("last_source")
        return self._whole.get(value, value)

    @last_source.setter
    def last_source(self, spec: str) -> None:
        self.keep("last_source", self._without_secrets(spec))

    def _keep_recent(self, specs: list[str]) -> None:
        self._store.setValue("recent", [self._without_secrets(spec) for spec in specs[:MAX_RECENT]])

    def _without_secrets(self, spec: str) -> str:
        if not is_stream_url(spec):
            return spec
        kept = without_secrets(spec)
        if kept != spec:
            self._whole[kept] = spec
        return kept

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
