"""Where an output goes: this machine unless another address is named."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from ipaddress import ip_address
from types import ModuleType

from pose.errors import MediaError, SettingsError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Address:
    """A host (name or IP address) and a port."""

    host: str
    port: int

    @property
    def is_this_machine(self) -> bool:
        """Whether nothing that is sent there can leave this machine."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(text: str) -> Address:
    """From `9000` (on this machine), `HOST:9000` or `[IPv6]:9000`. Raises SettingsError."""
    host, colon, port = text.rpartition(":")
    if not (port.isascii() and port.isdecimal() and 1 <= int(port) <= 65535):
        raise SettingsError(
            "An address is written PORT or HOST:PORT, such as 9000 or 127.0.0.1:9000, not {text}.", text=text
        )
    if not colon:
        return Address(LOOPBACK, int(port))
    bracketed = host.startswith("[") and host.endswith("]")
    host = host[1:-1] if bracketed else host
    if not host or (":" in host) != bracketed:
        raise SettingsError("The host in {text} is written as a name, 192.168.1.5 or [::1].", text=text)
    return Address(host, int(port))


def optional_module(module: str, package: str, option: str) -> ModuleType:
    """Import what one output needs. Raises MediaError that names the package to install."""
    try:
        return importlib.import_module(module)
    except (ImportError, OSError, RuntimeError) as error:  # the latter: its own library is missing or does not fit
        missing = (getattr(error, "name", None) or "").split(".")[0]
        if missing == module.split(".")[0]:
            raise MediaError(
                "{option} needs the package {package}: python -m pip install {package}", option=option, package=package
            ) from error
        raise MediaError(
            "{option} needs the package {package}, which cannot be loaded here ({reason}).",
            option=option,
            package=package,
            reason=error,
        ) from error
