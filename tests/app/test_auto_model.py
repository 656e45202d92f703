"""The choice of the model: the most accurate that keeps up, measured no more than needed, remembered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models import auto_model
from app.models.auto_model import GOAL_FPS, MARGIN, PICTURE_HW, SpeedCache, known_speed, resolve_model, speed_key
from app.models.ranking import ranked_candidates
from app.settings import AUTO, ModelSettings
from pose.errors import WeightsError
from pose.preprocess import fit_to_network
from pose.skeleton import COCO17
from pose.weights.library import WeightsSpec

SPECS = [
    WeightsSpec(name, name, Path(name), name, "MIT", size, COCO17, {"AP": ap}, parameters=parameters)
    for name, size, ap, parameters in (("m", 448, 60.0, 35), ("s", 448, 57.0, 27), ("xs", 256, 41.0, 17))
]
ASKED = ModelSettings(name=AUTO)
COST = {"m": 1.0, "s": 0.7, "xs": 0.5}  # per pixel


class Machine:
    """Measures by arithmetic and remembers what it was asked."""

    def __init__(self, fps_at_m448: float) -> None:
        self._fps = fps_at_m448
        self.asked: list[tuple[str, int]] = []

    def fps(self, name: str, size: int) -> float:
        height, width = fit_to_network(PICTURE_HW, size).network_hw
        return self._fps * 448 * 832 / (COST[name] * height * width)

    def __call__(self, settings: ModelSettings) -> float:
        assert settings.input_size is not None
        self.asked.append((settings.name, settings.input_size))
        return self.fps(settings.name, settings.input_size)


@pytest.fixture(autouse=True)
def idle_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto_model, "share_of_others", lambda before: 0.0)
    next_start()


def next_start() -> None:
    auto_model._while_busy.clear()
    auto_model._is_still_busy.cache_clear()


@pytest.fixture
def cache(tmp_path: Path) -> SpeedCache:
    return SpeedCache(tmp_path / "folder" / "speeds.json")


def choose(machine: Machine, cache: SpeedCache, settings: ModelSettings = ASKED) -> tuple[str, int | None]:
    chosen = resolve_model(settings, measure=machine, specs=SPECS, cache=cache)
    return chosen.name, chosen.input_size


def test_a_fast_machine_gets_the_best_model_after_one_measurement(cache: SpeedCache) -> None:
    machine = Machine(100.0)
    assert choose(machine, cache) == ("m", 448)
    assert machine.asked == [("m", 448)]


def test_a_very_slow_machine_gets_the_fastest_candidate(cache: SpeedCache) -> None:
    assert choose(Machine(0.01), cache) == ("xs", 192)


@given(st.floats(0.5, 200))
def test_nothing_more_accurate_would_have_kept_up(fps: float) -> None:
    machine = Machine(fps)
    memory: dict[str, float] = {}
    cache = SpeedCache(Path("unused"))
    cache.get = memory.get  # type: ignore[method-assign]
    cache.put = lambda key, fps, lasting=True: memory.update({key: fps})  # type: ignore[method-assign]
    chosen = choose(machine, cache)
    for candidate in ranked_candidates(SPECS):
        if (candidate.spec.name, candidate.input_size) == chosen:
            break
        assert machine.fps(candidate.spec.name, candidate.input_size) < GOAL_FPS * MARGIN * (1 + 1e-9)


def test_the_second_time_nothing_is_measured(cache: SpeedCache) -> None:
    first, second = Machine(9.0), Machine(9.0)
    chosen = choose(first, cache)
    assert first.asked
    assert choose(second, cache) == chosen
    assert second.asked == []


def test_a_speed_of_a_busy_machine_lasts_until_a_start_finds_it_at_rest(
    cache: SpeedCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auto_model, "share_of_others", lambda before: 0.5)
    slowed = Machine(9.0)
    chosen = choose(slowed, cache)
    asked = len(slowed.asked)
    assert choose(slowed, cache) == chosen and len(slowed.asked) == asked
    next_start()  # busy again
    assert choose(slowed, cache) == chosen and len(slowed.asked) == asked
    spec = next(spec for spec in SPECS if spec.name == chosen[0])
    assert known_speed(spec, chosen[1] or 0, ASKED, cache) == pytest.approx(
        slowed.fps(spec.name, chosen[1] or 0), abs=0.01
    )
    next_start()  # when nothing else runs
    monkeypatch.setattr(auto_model, "share_of_others", lambda before: 0.1)
    assert choose(Machine(100.0), cache) == choose(Machine(1.0), cache) == ("m", 448)


def test_what_counts_is_the_load_during_the_whole_measurement(
    cache: SpeedCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program that works for a part of it slows it down, even if it rests before and after."""
    looks: list[float] = []
    monkeypatch.setattr(auto_model, "look", lambda: looks.append(0.0) or len(looks))

    def share(before: int) -> float:
        assert before == len(looks), "since before the measurement"
        return 0.3

    monkeypatch.setattr(auto_model, "share_of_others", share)
    choose(Machine(100.0), cache)
    assert cache._read().keys() == {speed_key(SPECS[0], 448, ASKED) + auto_model.WHEN_BUSY}


def test_choosing_takes_seconds_on_any_machine_and_later_starts_go_on(cache: SpeedCache) -> None:
    now_s = 0.0

    class Slow(Machine):
        def __call__(self, settings: ModelSettings) -> float:
            nonlocal now_s
            now_s += 15.0
            return super().__call__(settings)

    starts = []
    for _ in range(6):
        machine, begun_s = Slow(6.0), now_s
        chosen = resolve_model(ASKED, measure=machine, specs=SPECS, cache=cache, clock=lambda: now_s)
        starts.append((chosen.name, chosen.input_size))
        assert now_s - begun_s <= 45.0
    assert starts[-1] == choose(Machine(6.0), SpeedCache(cache._path.with_name("other.json")))
    assert not machine.asked, "in the end all is known"


def test_measuring_anew_forgets_both_kinds(cache: SpeedCache) -> None:
    cache.put("quiet", 10.0)
    cache.put("busy", 5.0, lasting=False)
    assert cache.get("quiet") == 10.0 and cache.get("busy") == 5.0
    cache.clear()
    assert cache.get("quiet") is None and cache.get("busy") is None


def test_hopeless_sizes_are_not_measured(cache: SpeedCache) -> None:
    machine = Machine(2.0)
    choose(machine, cache)
    assert len(machine.asked) < len(ranked_candidates(SPECS)) / 2


def test_a_named_model_and_a_file_are_left_alone(cache: SpeedCache) -> None:
    for settings in (ModelSettings(name="litepose-m"), ModelSettings(name=AUTO, weights="x.pth")):
        machine = Machine(1.0)
        assert resolve_model(settings, measure=machine, specs=SPECS, cache=cache) is settings
        assert machine.asked == []


def test_an_input_size_that_was_asked_for_is_kept(cache: SpeedCache) -> None:
    name, size = choose(Machine(9.0), cache, replace(ASKED, input_size=320))
    assert size == 320
    assert name in COST


def test_everything_else_that_was_asked_for_is_kept(cache: SpeedCache) -> None:
    asked = replace(ASKED, engine="onnxruntime", fit="long", flip=True, precision="fp32", device="cpu")
    chosen = resolve_model(asked, measure=Machine(100.0), specs=SPECS, cache=cache)
    assert replace(chosen, name=AUTO, input_size=None) == asked


def test_weights_that_cannot_be_loaded_are_passed_over(cache: SpeedCache) -> None:
    def measure(settings: ModelSettings) -> float:
        if settings.name == "m":
            raise WeightsError("damaged")
        return 100.0

    assert resolve_model(ASKED, measure=measure, specs=SPECS, cache=cache).name == "s"


def test_without_weights_the_default_name_is_left_to_fail_when_it_loads(cache: SpeedCache) -> None:
    assert resolve_model(ASKED, measure=Machine(1.0), specs=[], cache=cache).name == "litepose-m"


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"k": "fast"}', '{"k": -1}', '{"k": null}'])
def test_a_damaged_cache_is_an_empty_one(tmp_path: Path, content: str) -> None:
    path = tmp_path / "speeds.json"
    path.write_text(content)
    cache = SpeedCache(path)
    assert cache.get("k") is None
    cache.put("k", 12.0)
    assert SpeedCache(path).get("k") == 12.0


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    cache = SpeedCache(blocked / "speeds.json")
    cache.put("k", 1.0)
    assert cache.get("k") is None


def test_speeds_are_kept_apart_by_all_they_depend_on() -> None:
    spec = SPECS[0]
    keys = {
        speed_key(spec, 448, ASKED),
        speed_key(spec, 320, ASKED),
        speed_key(replace(spec, sha256="other"), 448, ASKED),
        speed_key(spec, 448, replace(ASKED, engine="torch")),
        speed_key(spec, 448, replace(ASKED, flip=True)),
        speed_key(spec, 448, replace(ASKED, precision="fp32")),
    }
    assert len(keys) == 6
    assert speed_key(spec, 448, ASKED) == speed_key(spec, 448, replace(ASKED, name="m", input_size=448))
