"""Network addresses: which are streams, and what may be shown of them."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

STREAM_SCHEMES = ("rtsp", "rtsps", "rtmp", "http", "https", "udp", "tcp", "rtp", "srt", "mms")


def is_stream_url(text: str) -> bool:
    return "://" in text and urlsplit(text).scheme.lower() in STREAM_SCHEMES


def may_have_an_end(url: str) -> bool:
    """Whether there may be a file behind the address, which can be asked for its length."""
    return urlsplit(url).scheme.lower() in ("http", "https")


def public_url(url: str) -> str:
    """The address without user name and password, fit for the screen and for files."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"


def name_of_url(url: str) -> str:
    """The name of the file behind the address, or else the address."""
    return PurePosixPath(unquote(urlsplit(url).path)).name or public_url(url)
