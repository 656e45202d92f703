"""What the session gets from the rest of the program: real sources and real models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.gui.i18n.translation import translate
from app.gui.live.session_state import Backend, SourceSpec
from app.gui.live.workers import Brain, is_out_of_memory
from app.gui.shell.source_picker import SAMPLE
from app.models.auto_model import resolve_model
from app.models.loading import load_model, model_info
from app.settings import ModelSettings, Settings
from app.sources import Source, open_source
from app.sources.camera import LiveSource, is_camera_number

if TYPE_CHECKING:
    from pose.estimator import PoseEstimator


SAMPLE_S = 12.0


def real_backend(settings_now: Callable[[], Settings]) -> Backend:
    return Backend(lambda spec, sleep: open_any(spec, sleep, settings_now().camera_wh), ModelBuilder())


def open_any(spec: SourceSpec, sleep: Callable[[float], None], camera_size: tuple[int, int] | None = None) -> Source:
    """Open what the user chose. Live sources wait with `sleep` and leave reconnecting to the caller."""
    if spec == SAMPLE:
        from app.scene.scene import Scene
        from app.scene.source import SceneSource

        return SceneSource(Scene(duration_s=SAMPLE_S), duration_s=SAMPLE_S)
    if isinstance(spec, int) or is_camera_number(spec):
        return LiveSource(int(spec), reconnects=0, size=camera_size, sleep=sleep)
    return open_source(spec, reconnects=0, sleep=sleep)


class ModelBuilder:
    """Builds brains one after the other on one thread; a network stays loaded while only other settings change."""

    def __init__(self) -> None:
        self._loaded: tuple[ModelSettings, PoseEstimator] | None = None

    def __call__(self, settings: Settings, forced_device: str, progress: Callable[[str], None]) -> Brain:
        import tracking.tracker  # noqa: F401  while the model loads, so that the first image need not wait for it

        measuring = translate("ModelBuilder", "Finding the best model for this machine, once: {0} …")
        model = resolve_model(settings.model, progress=lambda what: progress(measuring.format(what)))
        notice = ""
        if forced_device:
            model = on_device(model, forced_device)
        try:
            estimator = self._estimator(model)
        except Exception as error:
            if forced_device or model.device == "cpu" or not is_out_of_memory(error):
                raise
            notice = translate(
                "ModelBuilder",
                "The graphics memory is full, so the model runs on the processor, which is slower. "
                "Close other programs, or choose a smaller model or input size in Settings.",
            )
            estimator = self._estimator(on_device(model, "cpu"))
        estimator = estimator.with_settings(settings.decode)
        tracker = replace(settings.tracker, smooth=settings.smoothing == "one-euro")
        engine = estimator.engine
        name = f"{estimator.spec.name} · {estimator.input_size} px"
        engine_name = f"{engine.name} {engine.precision}"
        return Brain(
            estimator, tracker, name, engine_name, engine.device, notice, settings.parallel_requests,
            model_info(estimator), settings.refine_whom,
        )  # fmt: skip

    def _estimator(self, model: ModelSettings) -> PoseEstimator:
        if self._loaded is not None and self._loaded[0] == model:
            return self._loaded[1]
        estimator = load_model(model)
        self._loaded = (model, estimator)
        return estimator


def on_device(model: ModelSettings, device: str) -> ModelSettings:
    """The same model elsewhere, with the engine and precision that suit the place."""
    return replace(model, device=device, engine="auto", precision="auto")  # type: ignore[arg-type]
