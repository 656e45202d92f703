"""From settings to a loaded network, and what to tell about it: the one place for command line and desktop app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.pipeline import Estimator
from app.settings import AUTO, ModelSettings, settings_to_table
from pose.decode_settings import DecodeSettings
from pose.skeleton import Skeleton
from pose.topdown.settings import OFF

if TYPE_CHECKING:
    from pose.estimator import PoseEstimator
    from pose.weights.file import WeightsSpec

MOST_ACCURATE = "litepose-m"  # of the models that come with the program


def load_model(
    model: ModelSettings, decode: DecodeSettings | None = None, *, threads: int | None = None
) -> PoseEstimator:
    """Load what is set; "auto" is MOST_ACCURATE here, so that a file gives the same table on every machine.

    threads: of the processor, at most; None = all cores that this process may use.
    Raises WeightsError, EngineError or SettingsError, each with one sentence for the user.
    """
    from pose.estimator import load_estimator  # engines take their time to import

    first = load_estimator(
        MOST_ACCURATE if model.name == AUTO else model.name,
        weights=model.weights,
        device=model.device,
        engine=model.engine,
        precision=model.precision,
        input_size=model.input_size,
        fit=model.fit,
        flip=model.flip,
        decode=decode,
        threads=threads,
    )
    if model.refine.method == OFF:
        return first
    from pose.topdown.estimator import with_refinement

    where = {"device": model.device, "engine": model.engine, "precision": model.precision}
    return with_refinement(first, model.refine, **where, threads=threads)


@dataclass
class LazyModel:
    """The model of some settings: what is asked for is known at once, the network is loaded when it is first needed.

    loader:  how; None = load_model. failure: why it could not be loaded.
    Raises WeightsError, EngineError or SettingsError, each with one sentence for the user.
    """

    model: ModelSettings
    decode: DecodeSettings
    loader: Callable[[ModelSettings, DecodeSettings], PoseEstimator] | None = None
    failure: Exception | None = None
    _estimator: PoseEstimator | None = None

    @cached_property
    def spec(self) -> WeightsSpec:
        from pose.weights.library import find_weights, inspect_checkpoint

        if self.model.weights is not None:
            return inspect_checkpoint(Path(self.model.weights))
        return find_weights(MOST_ACCURATE if self.model.name == AUTO else self.model.name)

    @property
    def skeleton(self) -> Skeleton:
        return self.spec.skeleton

    @property
    def asked(self) -> dict[str, Any]:
        """The settings of the model, with the hash of the weights for their name, and its joint threshold."""
        spec, asked = self.spec, settings_to_table(self.model)
        asked = {key: value for key, value in asked.items() if key not in ("name", "weights")}
        size = self.model.input_size or AUTO
        threshold = self.decode.det_thr or spec.det_thr
        return asked | {"weights_sha256": spec.sha256, "input_size": size, "det_thr": threshold}

    @property
    def chooses_size(self) -> bool:
        return self.model.input_size is None

    def unloaded(self) -> LazyModel:
        """The same for another process: nothing of it is loaded, nothing has failed."""
        return replace(self, loader=None, failure=None, _estimator=None)

    def with_decode(self, decode: DecodeSettings) -> LazyModel:
        """The same network with other decoding settings; nothing is loaded again."""
        estimator = None if self._estimator is None else self._estimator.with_settings(decode)
        return LazyModel(self.model, decode, self.loader, None, estimator)

    def load(self) -> tuple[PoseEstimator, dict[str, Any]]:
        """The estimator, and what the sidecar says about it."""
        if self._estimator is None:
            try:
                self._estimator = (self.loader or load_model)(self.model, self.decode)
            except Exception as error:
                self.failure = error
                raise
        return self._estimator, model_info(self._estimator)


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model that is loaded already, for jobs. facts: what the sidecar says about it."""

    estimator: Estimator
    facts: Mapping[str, Any] = field(default_factory=dict)
    failure: None = None
    chooses_size: bool = False

    @property
    def skeleton(self) -> Skeleton:
        return self.estimator.skeleton

    @property
    def asked(self) -> Mapping[str, Any]:
        return self.facts

    def load(self) -> tuple[Estimator, Mapping[str, Any]]:
        return self.estimator, self.facts


def model_info(estimator: PoseEstimator) -> dict[str, Any]:
    """What the sidecar tells about the network."""
    spec, engine = estimator.spec, estimator.engine
    return {
        "name": spec.name,
        "arch": spec.arch,
        "weights_sha256": spec.sha256,
        "licence": spec.licence,
        "input_size": estimator.input_size,
        "det_thr": estimator.det_thr,
        "engine": engine.name,
        "device": engine.device,
        "precision": engine.precision,
        "refine": estimator.refinement,
    }
