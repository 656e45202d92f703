"""Which networks there are, without torch: their names, what they are for and the input they were made for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pose.models.config import LITEPOSE

Stage = Literal["bottom-up", "top-down"]


@dataclass(frozen=True, slots=True)
class Architecture:
    """stage: "bottom-up" networks see whole images, "top-down" ones a crop of one person.

    input_size: pixels; the image's short side, or the crop's height.
    """

    name: str
    stage: Stage
    input_size: int

    @property
    def top_down(self) -> bool:
        return self.stage == "top-down"


CROP_HEIGHT = 256
CROPS: dict[int, tuple[int, int]] = {256: (256, 192), 384: (384, 288)}  # by height: the published crops
_TOP_DOWN: dict[str, tuple[str, ...]] = {  # hosts, and what can stand before their heads: see pose.models.rmpg
    "lite-hrnet-18": ("", "+rmpg", "+rmpg-lite"),
    "lite-hrnet-30": ("", "+rmpg", "+rmpg-lite"),
    "naive-lite-hrnet-18": ("",),
    "wider-naive-lite-hrnet-18": ("",),
    "simple-baseline-r50": ("", "+rmpg"),
}
ARCHITECTURES: dict[str, Architecture] = {
    **{name: Architecture(name, "bottom-up", config.input_size) for name, config in LITEPOSE.items()},
    **{
        host + neck: Architecture(host + neck, "top-down", CROP_HEIGHT)
        for host, necks in _TOP_DOWN.items()
        for neck in necks
    },
}
