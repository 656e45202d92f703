"""A sentence for the user that can be said in another language: a template and the values in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any


class Sentence(str):
    """The English sentence, filled in; `template` and `values` are what it was made of. Can be pickled.

    template: with a {name} for each value; without values it is the sentence itself, braces and all, or one that is
              finished, which comes back as it is.
    values:   kept as text. Those that are sentences stay so: they are translated with the rest.
    """

    template: str
    values: dict[str, str]

    def __new__(cls, template: str, /, **values: object) -> Sentence:
        if isinstance(template, Sentence) and not values:
            return template
        texts = {name: value if isinstance(value, str) else str(value) for name, value in values.items()}
        sentence = super().__new__(cls, template.format(**texts) if texts else template)
        sentence.template, sentence.values = template, texts
        return sentence

    def __str__(self) -> str:
        """Itself, not a plain copy that has forgotten its template."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (self.template, self.values)


def listed(parts: Iterable[str]) -> str:
    """The parts with "and" between them."""
    return reduce(lambda first, second: Sentence("{first} and {second}", first=first, second=second), parts)


def _remade(template: str, values: dict[str, str]) -> Sentence:
    return Sentence(template, **values)
