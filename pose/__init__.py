"""Multi-person 2D pose estimation: `load_estimator("litepose-m")(image_bgr) -> Poses`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pose.types import Poses

if TYPE_CHECKING:
    from pose.estimator import PoseEstimator, load_estimator

__all__ = ["PoseEstimator", "Poses", "load_estimator"]


def __getattr__(name: str) -> Any:
    # Loaded on first use: `import pose` stays cheap for those who only need its types.
    if name in ("PoseEstimator", "load_estimator"):
        import pose.estimator

        return getattr(pose.estimator, name)
    raise AttributeError(f"module 'pose' has no attribute {name!r}")
