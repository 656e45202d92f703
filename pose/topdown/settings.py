"""The choices of the second stage, apart from it: every start reads settings, few need its libraries."""

from __future__ import annotations

from dataclasses import dataclass

from pose.errors import SettingsError

OFF, CROPS = "off", "crops"


@dataclass(frozen=True, slots=True)
class RefineSettings:
    """Whether people are looked at again in enlarged crops.

    method: "off"; "crops" = the same network on each crop; else the name of weights of a top-down network.
    people: at most so many people per frame, the smallest first.
    every:  in every how many frames, counted from where a process begins: in parallel jobs each part counts anew.
    """

    method: str = OFF
    people: int = 16
    every: int = 1

    def __post_init__(self) -> None:
        if self.people < 1 or self.every < 1:
            raise SettingsError("People are refined one at least, and in every frame at most.")
