"""What is dragged onto a window from elsewhere."""

from __future__ import annotations

from PyQt6.QtCore import QUrl
from PyQt6.QtGui import QDropEvent


def dropped_urls(event: QDropEvent | None) -> list[QUrl]:
    """Of what is dragged or dropped; none if it is something else."""
    mime = event.mimeData() if event is not None else None
    return mime.urls() if mime is not None else []


def dropped_files(event: QDropEvent | None) -> list[str]:
    """The files of this machine among them."""
    return [url.toLocalFile() for url in dropped_urls(event) if url.isLocalFile()]
