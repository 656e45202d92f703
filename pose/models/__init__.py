"""Network architectures, as an explicit table of builders."""

from pose.models.litepose import LITEPOSE, LitePose, LitePoseConfig

__all__ = ["LITEPOSE", "LitePose", "LitePoseConfig"]
