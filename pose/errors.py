"""Errors that a user can act on: each message is one plain sentence."""

from __future__ import annotations

from typing import Any

from pose.sentence import Sentence


class PoseStudioError(Exception):
    """Base of every error whose message is meant to be shown to the user as it is; `str` gives its Sentence."""

    def __init__(self, template: str, /, **values: object) -> None:
        """As for Sentence."""
        self.sentence = Sentence(template, **values)
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return self.sentence

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.sentence,)


class WeightsError(PoseStudioError):
    """A weights file is missing, damaged, unsafe or does not fit the model."""


class EngineError(PoseStudioError):
    """The requested inference engine or device cannot be used on this machine."""


class MediaError(PoseStudioError):
    """A video, image, camera or stream cannot be opened, read or written."""


class SettingsError(PoseStudioError):
    """A setting has a value that cannot be used."""


class UnknownWeightsError(WeightsError, SettingsError):
    """No weights have the name that was asked for."""
