"""The job: train some networks one after the other within a time, measure them, then the device."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from pose.engines.torch_engine import TorchEngine
from pose.models.litepose import LitePose, build_litepose
from pose.skeleton import Skeleton
from pose.training.augment import AugmentSettings
from pose.training.batch_teacher import batch_teacher
from pose.training.checkpoint import plain_write_errors
from pose.training.fit import Length, fit, last_step
from pose.training.fit_batches import FitOptimiser, FitSettings
from pose.training.kit.measure import held_out_ap
from pose.training.kit.pack import Pack, read_pack
from pose.training.kit.speed import measure_speed
from pose.training.loop import StepReport
from pose.weights.checkpoint import State
from pose.weights.file import WeightsSpec, read_weights, write_weights

_AUGMENT = AugmentSettings(
    rotation_deg=25, scale=(0.5, 1.5), stretch=0.1, shift=0.05, colour=0.45, blur=0.15, grey=0.1, enlarge=1.3,
    upside_down=0.03,
)  # fmt: skip
_SIZES: dict[str, tuple[tuple[int, ...], tuple[float, ...]]] = {
    "litepose-xs": ((224, 256, 320), (0.2, 0.5, 0.3)),
    "litepose-s": ((256, 320, 448), (0.35, 0.3, 0.35)),
    "litepose-m": ((256, 320, 448), (0.35, 0.3, 0.35)),
}
_MEASURING_MINUTES, _MEASURED = 0.3, 100  # for the accuracy of each network, on so many photos
_RATES = {"litepose-xs": 6e-4, "litepose-s": 5e-4, "litepose-m": 2.5e-4}


@dataclass(frozen=True)
class Job:
    """starts: weights to begin with, in order of worth, and each one's share of the training time.

    minutes: for everything, `speed_minutes` of it for measuring the device. steps: a rehearsal of that many steps each.
    teacher: weights that see every view, "" = none. shares: how often each source of the pack is drawn from.
    """

    pack: Path
    starts: tuple[tuple[Path, float], ...]
    out: Path
    minutes: float = 9.0
    speed_minutes: float = 1.0
    steps: int | None = None
    batch: int = 96
    teacher: Path | None = None
    teacher_factor: float = 1.5
    shares: tuple[float, ...] = (0.5, 0.35, 0.15)
    frozen_statistics: bool = True


def run_job(job: Job, tell: Callable[[str], None]) -> dict[str, Any]:
    """Leaves in `out` each network's weights and losses, and `report.json`; goes on where it was stopped.

    Raises PoseStudioError with one sentence.
    """
    began = time.monotonic()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    pack = read_pack(job.pack)
    tell(f"{len(pack.bank)} photos decoded in {time.monotonic() - began:.1f} s; training on {_device_name(device)}")
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    probabilities = draw_probabilities(pack, job.shares)
    on_device = replace(pack, bank=pack.bank.to(device))
    loaded_s = time.monotonic() - began
    training = max(0.0, job.minutes - job.speed_minutes - loaded_s / 60 - _MEASURING_MINUTES * len(job.starts))
    total = sum(share for _, share in job.starts)
    report: dict[str, Any] = {"device": _device_name(device), "load_s": loaded_s, "networks": {}, "speed": []}
    states: dict[str, State] = {}
    for path, share in job.starts:
        spec, state = read_weights(path)
        length = Length(training * share / total, job.steps)
        trained, entry = _train(job, on_device, probabilities, spec, state, length, device, tell)
        report["networks"][spec.arch] = entry
        states[spec.arch] = trained
        _write(job.out, report)
    left = 60 * job.minutes - (time.monotonic() - began) if job.steps is None else 60 * job.speed_minutes
    if job.speed_minutes > 0 and left > 0:
        quick = job.steps is not None
        sizes, batches = ((64,), (1, 2)) if quick else ((448,), (1, 16))
        report["speed"] = measure_speed(states, pack, spec.skeleton, sizes, batches, left, tell)
    report["seconds"] = time.monotonic() - began
    _write(job.out, report)
    return report


def draw_probabilities(pack: Pack, shares: tuple[float, ...]) -> NDArray[np.float64]:
    """(N,) of drawing each photo: shares between the sources, the same for all of one, 0 for those held out."""
    weights = np.zeros(len(pack.bank))
    for source, share in enumerate(shares):
        members = (pack.source == source) & ~pack.held
        if members.any():
            weights[members] = share / members.sum()
    return weights / weights.sum()


def settings_for(arch: str, batch: int, device: torch.device, frozen_statistics: bool) -> FitSettings:
    sizes, weights = _SIZES[arch]
    on_card = device.type == "cuda"
    return FitSettings(
        batch=batch,
        sizes=sizes,
        size_weights=weights,
        ema=0.998,
        batch_norm="frozen" if frozen_statistics else "train",
        checkpoint_every_s=60.0,
        log_every=20 if on_card else 1,
        optimiser=FitOptimiser("muon", _RATES[arch], weight_decay=0.01),
        augment=_AUGMENT,
    )


def _train(
    job: Job,
    pack: Pack,
    probabilities: NDArray[np.float64],
    spec: WeightsSpec,
    state: State,
    length: Length,
    device: torch.device,
    tell: Callable[[str], None],
) -> tuple[State, dict[str, Any]]:
    settings = settings_for(spec.arch, job.batch, device, job.frozen_statistics)
    if job.steps is not None:  # a rehearsal: everything, small
        settings = replace(settings, sizes=(64,), size_weights=())
    teacher = None
    if job.teacher is not None:
        teacher_spec, teacher_state = read_weights(job.teacher)
        network = network_from(teacher_state, teacher_spec.arch, teacher_spec.skeleton).to(device)
        teacher = batch_teacher(network, teacher_spec.skeleton, job.teacher_factor, flip=True)
    folder = job.out / spec.arch
    began = time.monotonic()

    def report(row: StepReport | str) -> None:
        if isinstance(row, str):
            tell(row)
            return
        if row.step % (10 * settings.log_every) == 0:
            tell(
                f"{spec.arch} step {row.step}, {(time.monotonic() - began) / 60:.1f} min: heatmap {row.heatmap:.5f}, "
                f"{row.photos_per_s:.0f} views/s at {row.size} px"
            )

    bank = pack.bank.for_skeleton(spec.skeleton)
    model = network_from(state, spec.arch, spec.skeleton)
    average = fit(model, bank, probabilities, settings, length, folder, device, teacher, report=report)
    seconds = time.monotonic() - began
    trained = {name: value.float().cpu().numpy() for name, value in average.state_dict().items()}
    header = {
        "arch": spec.arch,
        "skeleton": spec.skeleton.name,
        "input_size": str(spec.input_size),
        "licence": spec.licence,
        "source": f"{spec.name}, trained on from labels and pseudo-labels",
        "det_thr": str(spec.det_thr),
    }
    write_weights(job.out / f"{spec.arch}.safetensors", trained, header, half=True)
    steps = last_step(folder)
    entry: dict[str, Any] = {"steps": steps, "views": steps * job.batch, "seconds": seconds}
    limit = 2 if job.steps is not None else _MEASURED
    for name, tensors in (("start", state), ("end", trained)):
        engine = TorchEngine(tensors, spec.arch, spec.skeleton.num_keypoints, precision="fp32")
        for size in settings.sizes:
            entry[f"AP {size} {name}"] = held_out_ap(engine, pack, spec.skeleton, size, limit)
    tell(f"{spec.arch}: {json.dumps(entry)}")
    return trained, entry


def network_from(state: State, arch: str, skeleton: Skeleton) -> LitePose:
    network = build_litepose(arch, skeleton.num_keypoints)
    network.load_state_dict({name: torch.from_numpy(np.array(values)) for name, values in state.items()})
    return network


def _write(out: Path, report: dict[str, Any]) -> None:
    with plain_write_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def _device_name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else platform.processor() or "the CPU"
