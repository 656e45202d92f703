"""Widths and depths of the LitePose family, and the sizes of input that they were made for. No torch here."""

from __future__ import annotations

from dataclasses import dataclass

STAGE_STRIDES = (2, 2, 2, 1)
EXPANSION = 6
KERNEL = 7


@dataclass(frozen=True)
class LitePoseConfig:
    """One member of the family (LitePose, arXiv 2205.01271; widths found by its architecture search).

    input_size: pixels on the short side that the network was searched for.
    stem:       channels after the stem (1/2 of the input resolution).
    stages:     channels of the four backbone stages (1/4, 1/8, 1/16, 1/16).
    deconvs:    channels of the three fusion deconvolutions (1/8, 1/4, 1/2).
    blocks:     inverted bottlenecks per stage.
    """

    input_size: int
    stem: int
    stages: tuple[int, int, int, int]
    deconvs: tuple[int, int, int]
    blocks: tuple[int, int, int, int] = (6, 8, 10, 10)


LITEPOSE = {
    "litepose-xs": LitePoseConfig(256, 16, (16, 32, 48, 80), (16, 24, 24)),
    "litepose-s": LitePoseConfig(448, 16, (16, 32, 48, 120), (32, 24, 32)),
    "litepose-m": LitePoseConfig(448, 16, (24, 48, 72, 120), (64, 40, 32)),
    "litepose-l": LitePoseConfig(512, 24, (24, 64, 96, 160), (64, 40, 32)),
}


def hidden_channels(channels: int) -> int:
    """Width inside an inverted bottleneck: six times the input, to a multiple of 8."""
    return max(8, int(channels * EXPANSION + 4) // 8 * 8)
