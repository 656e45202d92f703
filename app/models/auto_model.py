"""The model and input size that suit this machine: the most accurate that keeps up, measured once and remembered.

Live, model "auto" stands for that choice. Measuring starts with the most accurate candidate and stops at the first that
reaches GOAL_FPS on a 1280 x 720 image; sizes that cannot make it, judging by their pixels, are not tried. Speeds are
kept in a file in the user's cache folder, by engine, processor, weights and input size; those of a machine that was
busy with other programs while they were measured, only until a start finds it at rest.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path

import cv2
import numpy as np
import platformdirs
from numpy.typing import NDArray

from app.models.loading import MOST_ACCURATE, load_model
from app.models.machine_load import look, share_of_others
from app.models.ranking import Candidate, ranked_candidates
from app.settings import AUTO, ModelSettings
from pose.errors import WeightsError
from pose.preprocess import fit_to_network
from pose.weights.library import WeightsSpec, list_weights

GOAL_FPS = 20.0
MARGIN = 1.1  # room for what is not measured here: grouping a crowd, tracking, drawing
PICTURE_HW = (720, 1280)
HOPE = 1.15  # speed grows with shrinking pixels, at most so much more than in proportion (caches)
RUNS = 5
LONGEST_S = 2.0  # measuring one speed, without loading: on a slow machine one run will do
PATIENCE_S = 20.0  # then only the smallest candidate is measured; later starts go on with the others
BUSY = 0.15  # share of the processor that other programs may use while a speed is measured that is to last
LOOKS = 3  # at a machine that was busy, before it counts as busy still
ENGINES = 2  # raised when an engine gets quicker: what was measured before no longer counts
WHEN_BUSY = " (busy)"  # after the key of a speed of a busy machine

_while_busy: dict[tuple[Path, str], float] = {}  # (cache file, key) → frames per second, until the program ends


class SpeedCache:
    """Frames per second by configuration, in a JSON file. A damaged or unwritable file only costs measuring again."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or cache_path()

    def get(self, key: str) -> float | None:
        """Measured at rest, or by this very program while the machine was busy."""
        return _speed(self._read().get(key, _while_busy.get((self._path, key))))

    def get_when_busy(self, key: str) -> float | None:
        """Measured while the machine was busy, be it by an earlier program."""
        return _speed(self._read().get(key + WHEN_BUSY))

    def put(self, key: str, fps: float, lasting: bool = True) -> None:
        if not lasting:
            _while_busy[self._path, key] = fps
            key += WHEN_BUSY
        speeds = self._read() | {key: round(fps, 2)}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_suffix(f".{os.getpid()}.tmp")
            temporary.write_text(json.dumps(speeds, indent=1), encoding="utf-8")
            temporary.replace(self._path)
        except OSError:
            return

    def clear(self) -> None:
        self._path.unlink(missing_ok=True)
        _while_busy.clear()

    def _read(self) -> dict[str, float]:
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}


def _speed(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value > 0 else None


def cache_path() -> Path:
    """Where speeds are remembered; the environment variable LITEPOSE_STUDIO_HOME moves it."""
    home = os.environ.get("LITEPOSE_STUDIO_HOME")
    folder = Path(home) / "cache" if home else Path(platformdirs.user_cache_dir("litepose-studio", appauthor=False))
    return folder / "speeds.json"


def resolve_model(
    settings: ModelSettings,
    *,
    measure: Callable[[ModelSettings], float] | None = None,
    specs: Iterable[WeightsSpec] | None = None,
    cache: SpeedCache | None = None,
    progress: Callable[[str], None] = lambda sentence: None,
    still_busy: Callable[[], bool] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> ModelSettings:
    """Settings that name a model: "auto" becomes the best one for this machine, anything else stays.

    An input size that is set is kept. The first call on a machine measures for some seconds and reports to `progress`.
    still_busy: whether speeds that were measured on a busy machine will do; without it, the machine is looked at once.
    Raises EngineError if the engine cannot be used at all.
    """
    if settings.name != AUTO or settings.weights is not None:
        return settings
    cache = cache or SpeedCache()
    candidates = ranked_candidates(list_weights() if specs is None else specs, settings.input_size)
    if not candidates:
        return replace(settings, name=MOST_ACCURATE)  # loading it will say what is missing
    fastest: tuple[float, Candidate] | None = None
    known: dict[str, tuple[float, float]] = {}  # model → (fps, pixels) of its last measurement
    begun_s = clock()
    for candidate in candidates:
        remembered = known_speed(candidate.spec, candidate.input_size, settings, cache) is not None
        if clock() - begun_s > PATIENCE_S and candidate is not candidates[-1] and not remembered:
            continue
        pixels = _pixels(candidate.input_size, settings)
        if candidate.spec.name in known:
            fps, measured_pixels = known[candidate.spec.name]
            hoped = fps * measured_pixels / pixels * HOPE
            if hoped < GOAL_FPS * MARGIN and candidate is not candidates[-1]:
                continue
        fps = speed_of(candidate, settings, cache=cache, measure=measure, progress=progress, still_busy=still_busy)
        if fps >= GOAL_FPS * MARGIN:
            return _named(settings, candidate)
        known[candidate.spec.name] = (fps, pixels)
        if fastest is None or fps > fastest[0]:
            fastest = (fps, candidate)
    assert fastest is not None
    return _named(settings, fastest[1])


def known_speed(
    spec: WeightsSpec, input_size: int, settings: ModelSettings, cache: SpeedCache | None = None
) -> float | None:
    """Frames per second measured earlier on this machine with this engine, or None."""
    cache, key = cache or SpeedCache(), speed_key(spec, input_size, settings)
    at_rest = cache.get(key)
    return at_rest if at_rest is not None else cache.get_when_busy(key)


def speed_of(
    candidate: Candidate,
    settings: ModelSettings,
    *,
    cache: SpeedCache,
    measure: Callable[[ModelSettings], float] | None = None,
    progress: Callable[[str], None] = lambda sentence: None,
    still_busy: Callable[[], bool] | None = None,
) -> float:
    """Frames per second, remembered or measured now. Weights that cannot be loaded count as 0."""
    key = speed_key(candidate.spec, candidate.input_size, settings)
    if (fps := cache.get(key)) is not None:
        return fps
    if (fps := cache.get_when_busy(key)) is not None and (still_busy or _is_still_busy)():
        return fps
    progress(f"{candidate.spec.name}, {candidate.input_size} px")
    before = look()
    try:
        fps = (measure or measure_fps)(_named(settings, candidate))
    except WeightsError:
        return 0.0
    cache.put(key, fps, lasting=share_of_others(before) < BUSY)
    return fps


@functools.cache
def _is_still_busy() -> bool:
    """Looked at once in a program's life, since it takes a moment."""
    return all(share_of_others(look()) >= BUSY for _ in range(LOOKS))


def measure_fps(settings: ModelSettings) -> float:
    """Frames per second of a named model on a 1280 x 720 image, preparing and decoding included; about a second."""
    estimator = load_model(replace(settings, weights=None))  # by name, whatever file is set
    image = _image()
    estimator(image)  # compiles
    durations: list[float] = []
    while len(durations) < RUNS and sum(durations) < LONGEST_S:
        start = time.perf_counter()
        estimator(image)
        durations.append(time.perf_counter() - start)
    return 1 / statistics.median(durations)


def speed_key(spec: WeightsSpec, input_size: int, settings: ModelSettings) -> str:
    """What a speed depends on: machine, engine as asked for, versions, weights, size."""
    asked = asdict(settings) | {"name": "", "weights": None, "input_size": input_size}
    versions = [_version(package) for package in ("openvino", "onnxruntime", "torch")]
    parts = json.dumps([ENGINES, processor_name(), os.cpu_count(), versions, asked, spec.sha256], sort_keys=True)
    return f"{spec.name}-{input_size}-{hashlib.sha256(parts.encode()).hexdigest()[:16]}"


def processor_name() -> str:
    """The processor's model, as exactly as the system tells."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.lower().startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass  # not Linux
    return platform.processor() or platform.machine()


def _pixels(input_size: int, settings: ModelSettings) -> float:
    height, width = fit_to_network(PICTURE_HW, input_size, settings.fit).network_hw
    return float(height * width)


def _named(settings: ModelSettings, candidate: Candidate) -> ModelSettings:
    return replace(settings, name=candidate.spec.name, input_size=candidate.input_size)


def _image() -> NDArray[np.uint8]:
    """Soft blobs: as heavy for the network as any image, and the same on every machine."""
    coarse = np.random.default_rng(0).integers(0, 255, (9, 16, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, PICTURE_HW[::-1], interpolation=cv2.INTER_CUBIC), np.uint8)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
