"""Settings: frozen dataclasses from the plain values of a TOML table, and back."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from pathlib import Path
from types import NoneType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from pose.errors import SettingsError
from pose.sentence import Sentence

T = TypeVar("T")
Check = Callable[[str, Any], None]
"""Called with the full name of a setting and its value, of the right type; raises SettingsError."""

_WORDS = {
    bool: Sentence("true or false"),
    int: Sentence("a whole number"),
    float: Sentence("a number"),
    str: Sentence("a text"),
    Path: Sentence("a path"),
    tuple: Sentence("a list"),
}


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """The plain values of a file. what: for the sentence, such as "recipe". Raises SettingsError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError("The {what} {path} does not exist.", what=what, path=path) from None
    except OSError as error:
        reason = error.strerror or error
        raise SettingsError(
            "The {what} {path} cannot be read ({reason}).", what=what, path=path, reason=reason
        ) from None
    except ValueError as error:  # of TOML, UTF-8 or numbers with thousands of digits
        raise SettingsError(
            "The {what} {path} is not valid TOML ({reason}).", what=what, path=path, reason=error
        ) from None


def from_table(
    table: Mapping[str, Any], kind: type[T], prefix: str = "", check: Check | None = None, default: T | None = None
) -> T:
    """The dataclass that the table describes. Raises SettingsError that names the key, with `prefix` before it.

    default: its values stand for what the table, or a table in it, leaves out; None = the class's own.
    """
    hints = get_type_hints(kind)
    values = {}
    for key, value in table.items():
        if key not in hints:
            known = ", ".join(hints)
            raise SettingsError("There is no setting {name}; known here: {known}.", name=prefix + key, known=known)
        values[key] = _value(hints[key], value, prefix + key, check, getattr(default, key, None))
    if default is not None:
        return replace(default, **values)  # type: ignore[type-var]
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name not in values and field.default is MISSING and field.default_factory is MISSING:
            raise SettingsError("The setting {name} is missing.", name=prefix + field.name)
    return kind(**values)


def to_table(settings: Any, nulls: bool = True) -> dict[str, Any]:
    """Plain values that `from_table` reads back. nulls: with those that are None, which TOML does not know."""

    def plain(value: Any) -> Any:
        if is_dataclass(value):
            found = {f.name: getattr(value, f.name) for f in fields(value)}
            return {name: plain(v) for name, v in found.items() if nulls or v is not None}
        if isinstance(value, tuple):
            return [plain(v) for v in value]
        return str(value) if isinstance(value, Path) else value

    table: dict[str, Any] = plain(settings)
    return table


def _value(hint: Any, value: Any, name: str, check: Check | None, default: Any = None) -> Any:
    """The value as the hint wants it. An int may stand for a float; a bool stands for no number."""
    options = [option for option in get_args(hint) if option is not NoneType]
    if NoneType in get_args(hint):
        return None if value is None else _value(options[0], value, name, check, default)
    if is_dataclass(hint):
        if not isinstance(value, Mapping):
            raise SettingsError("The setting {name} must be a table, written as [{name}].", name=name)
        return from_table(value, cast(type[Any], hint), f"{name}.", check, default)
    if get_origin(hint) is Literal and value not in options:
        choices = ", ".join(map(str, options))
        raise SettingsError(
            "The setting {name} must be one of {choices}, not {value}.", name=name, choices=choices, value=repr(value)
        )
    if get_origin(hint) is tuple and isinstance(value, list | tuple):
        if Ellipsis not in options and len(value) != len(options):
            count = len(options)
            raise SettingsError(
                "The setting {name} must have {count} entries, not be {value}.",
                name=name,
                count=count,
                value=list(value),
            )
        value = tuple(_value(options[0], entry, name, check) for entry in value)
    elif hint is Path and isinstance(value, str) and value.strip() and "\0" not in value:
        value = Path(value)
    elif hint is float and type(value) is int:
        value = float(value)
    elif (hint in _WORDS and type(value) is not hint) or get_origin(hint) is tuple:
        word = _WORDS[get_origin(hint) or hint]
        raise SettingsError("The setting {name} must be {word}, not {value}.", name=name, word=word, value=repr(value))
    if check is not None:
        check(name, value)
    return value
