"""From settings to a loaded network, and what to tell about it: the one place for command line and desktop app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.settings import AUTO, ModelSettings
from pose.decode_settings import DecodeSettings
from pose.topdown.settings import OFF

if TYPE_CHECKING:
    from pose.estimator import PoseEstimator

MOST_ACCURATE = "litepose-m"  # of the models that come with the program


def load_model(model: ModelSettings, decode: DecodeSettings | None = None) -> PoseEstimator:
    """Load what is set; "auto" is MOST_ACCURATE here, so that a file gives the same table on every machine.

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
    )
    if model.refine.method == OFF:
        return first
    from pose.topdown.estimator import with_refinement

    return with_refinement(first, model.refine, device=model.device, engine=model.engine, precision=model.precision)


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
