"""A rendered scene as a source of frames, with the truth of the frame read last."""

from __future__ import annotations

from app.scene.scene import Scene
from app.scene.truth import SceneTruth
from app.sources.base import Grabbed, Image, Source, SourceInfo
from pose.errors import SettingsError

DEFAULT_FPS = 30.0


class SceneSource(Source):
    """Plays a scene like a video file: `duration_s` seconds at `fps` frames per second.

    truth: of the frame handed out last; None before the first.
    Raises SettingsError for a length or frame rate that cannot be used.
    """

    def __init__(self, scene: Scene, duration_s: float = 8.0, fps: float = DEFAULT_FPS) -> None:
        super().__init__()
        if not 0 < duration_s <= 3600:
            raise SettingsError(f"A scene must last between 0 and 3600 seconds, not {duration_s:g}.")
        if not 1 <= fps <= 240:
            raise SettingsError(f"A scene must have 1 to 240 frames per second, not {fps:g}.")
        self.truth: SceneTruth | None = None
        self._scene = scene
        self._count = max(1, round(duration_s * fps))
        self._next = 0
        self.info = SourceInfo(
            name=f"rendered {scene.place}",
            kind="video",
            width=scene.camera.width,
            height=scene.camera.height,
            fps=fps,
            frame_count=self._count,
            duration_s=self._count / fps,
            variable_frame_rate=False,
        )

    def seek(self, time_s: float) -> None:
        self._next = min(max(int(time_s * self.info.fps + 1e-6), 0), self._count)

    def _grab(self) -> Grabbed | None:
        if self._next >= self._count:
            return None
        index = self._next
        self._next += 1
        return Grabbed(index, index / self.info.fps)

    def _retrieve(self) -> Image:
        image, self.truth = self._scene.frame((self._next - 1) / self.info.fps)
        return image
