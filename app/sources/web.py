"""Addresses on the web: whether a file is stored there or something live comes, and what may be shown of them."""

from __future__ import annotations

import base64
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from app.sources.camera import public_url

ANSWER_TIMEOUT_S = 5.0


def is_stored(url: str) -> bool:
    """Whether an http address says how long the answer is: what is live cannot know.

    A playlist has a length too, though what it lists may be live. False as well if there is no answer.
    """
    parts = urlsplit(url)
    if parts.scheme.lower() not in ("http", "https"):
        return False
    import http.client
    import urllib.request

    plain = parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()
    headers = {"Range": "bytes=0-0", "User-Agent": "Mozilla/5.0"}
    if parts.username is not None:
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
    try:
        request = urllib.request.Request(plain, headers=headers)
        with urllib.request.urlopen(request, timeout=ANSWER_TIMEOUT_S) as answer:
            return answer.status == http.HTTPStatus.PARTIAL_CONTENT or answer.headers["Content-Length"] is not None
    except (OSError, ValueError, http.client.HTTPException):
        return False


def name_of_url(url: str) -> str:
    """The name of the file behind the address, or else the address without its secrets."""
    return PurePosixPath(unquote(urlsplit(url).path)).name or public_url(url)
