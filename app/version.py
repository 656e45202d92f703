"""The program's version."""

from __future__ import annotations


def program_version() -> str:
    from importlib import metadata  # takes longer to load than most starts need it

    try:
        return metadata.version("litepose-studio")
    except metadata.PackageNotFoundError:
        return "unknown"
