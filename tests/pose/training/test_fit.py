"""Training for a time: annealed at its end, resumed exactly, from labels and a teacher."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from pose.models.litepose import build_litepose
from pose.skeleton import CROWDPOSE14
from pose.training.augment import AugmentSettings
from pose.training.bank import make_bank, read_canvases
from pose.training.batch_teacher import batch_teacher, widen_batch
from pose.training.checkpoint import TrainingError
from pose.training.clock import Clock, rate
from pose.training.fit import LOG, Length, fit
from pose.training.fit_batches import FitOptimiser, FitSettings, make_views, view_loss
from pose.training.sources import read_source
from pose.training.state_parts import load_state, save_state
from pose.training.widening import widen
from tests.pose.training.scenes import write_labelled

CPU = torch.device("cpu")
SETTINGS = FitSettings(
    batch=4, sizes=(64,), mosaic=0.25, log_every=2, augment=AugmentSettings(rotation_deg=5, scale=(0.9, 1.1)),
    optimiser=FitOptimiser("adamw", 2e-3), batch_norm="train",
)  # fmt: skip


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    photos = read_source(write_labelled(folder, (1, 2, 0, 3)), folder)
    return make_bank(photos, read_canvases(photos, 64)).for_skeleton(CROWDPOSE14)


EVEN = np.full(4, 0.25)


def network():
    torch.manual_seed(0)
    return build_litepose("litepose-xs", 14)


def test_the_clock_counts_all_sessions_and_the_rate_ends_low():
    time = 100.0
    clock = Clock(1.0, spent_s=30, now=lambda: time)
    assert clock.part == 0.5
    time = 200.0
    assert clock.part == 1.0
    rates = [rate(part, 1.0, 0.1) for part in np.linspace(0, 1, 21)]
    assert max(rates) == rates[2] == pytest.approx(1.0) and rates[-1] == pytest.approx(0.02)
    assert rates[2:] == sorted(rates[2:], reverse=True)


def test_a_run_of_no_time_changes_nothing(bank, tmp_path):
    before = network().state_dict()
    after = fit(network(), bank, EVEN, SETTINGS, Length(minutes=0), tmp_path, CPU).state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_the_loss_falls_and_frozen_parts_stay(bank, tmp_path):
    rows = []
    model = network()
    first = model.first[0][0].weight.clone()
    fit(model, bank, EVEN, replace(SETTINGS, frozen=("first",)), Length(steps=8), tmp_path, CPU, report=rows.append)
    assert rows[-1].heatmap < 0.8 * rows[0].heatmap
    assert torch.equal(model.first[0][0].weight, first)
    assert len((tmp_path / LOG).read_text().splitlines()) == 1 + 4


def test_a_stopped_run_goes_on_exactly(bank, tmp_path):
    whole = fit(network(), bank, EVEN, SETTINGS, Length(steps=3), tmp_path / "whole", CPU)
    fit(network(), bank, EVEN, SETTINGS, Length(steps=3, stop_after=1), tmp_path / "parts", CPU)
    torch.manual_seed(9)
    parts = fit(build_litepose("litepose-xs", 14), bank, EVEN, SETTINGS, Length(steps=3), tmp_path / "parts", CPU)
    for name, value in whole.state_dict().items():
        assert torch.equal(value, parts.state_dict()[name]), name


def test_a_teacher_speaks_only_where_labels_are_silent(bank):
    batch = make_views(bank, EVEN, SETTINGS, 0, CPU)
    targets = replace(batch.targets, weights=torch.where(batch.targets.heatmaps > 0.5, 1.0, 0.0))
    coarse, fine = torch.zeros(4, 28, 16, 16), torch.zeros(4, 14, 32, 32)

    def heatmap(taught):
        return float(view_loss((coarse, fine), targets, SETTINGS, taught)["heatmap"])

    agrees = torch.where(targets.weights == 0, 0.0, 5.0)  # 5 where the labels speak must not be heard
    assert heatmap(agrees) == pytest.approx(heatmap(None))
    assert heatmap(torch.ones(4, 14, 32, 32)) > 2 * heatmap(None)


def test_the_teacher_shows_mirror_images_and_larger_views():
    model = build_litepose("litepose-xs", 14).eval()
    views = torch.rand(2, 3, 64, 64)
    teach = batch_teacher(model, CROWDPOSE14, 1.5, flip=True)
    maps = teach(views)
    assert maps.shape == (2, 14, 32, 32)
    mirrored = teach(views.flip(3))[:, list(CROWDPOSE14.flip_index)].flip(3)
    assert torch.allclose(maps, mirrored, atol=1e-4)


def test_maps_are_widened_as_for_one_photo(rng):
    maps = rng.uniform(-0.2, 1, (2, 3, 20, 24)).astype(np.float32)
    ours = widen_batch(torch.from_numpy(maps), 1.6).numpy()
    assert ours == pytest.approx(np.stack([widen(m, 1.6) for m in maps]), abs=1e-6)


def test_a_state_in_parts_is_whole_or_named_damaged(tmp_path):
    save_state(tmp_path, {"step": 1, "x": torch.arange(1000.0)}, part_bytes=700)
    save_state(tmp_path, {"step": 2, "x": torch.arange(1000.0)}, part_bytes=700)
    parts = sorted(tmp_path.glob("state-*"))
    assert len(parts) > 3 and all(p.stat().st_size <= 700 and "0000002" in p.name for p in parts)
    assert torch.equal(load_state(tmp_path)["x"], torch.arange(1000.0))
    parts[1].unlink()
    with pytest.raises(TrainingError, match="damaged"):
        load_state(tmp_path)
    assert load_state(tmp_path / "nothing") is None


def test_a_loss_that_overflows_ends_the_run(bank, tmp_path):
    wild = replace(SETTINGS, optimiser=FitOptimiser("adamw", 1e30), log_every=1)
    with pytest.raises(TrainingError, match="finite"):
        fit(network(), bank, EVEN, wild, Length(steps=40), tmp_path, CPU)
