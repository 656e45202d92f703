"""A batch: many inputs, each a job, and the manifest that says what became of them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from app.analysis.executors import Executor, HooksOf
from app.analysis.inputs import AnnotationInput
from app.analysis.job import Hooks, Job, JobOptions, Outcome
from app.analysis.manifest import NAME, entry_of, read_manifest, record
from app.analysis.outputs import without_clashes
from app.settings import Settings
from app.sources import SourceInfo
from pose.errors import MediaError


def run_batch(
    items: Sequence[AnnotationInput],
    settings: Settings,
    options: JobOptions,
    executor: Executor,
    hooks_of: HooksOf,
    manifest: bool = False,
) -> Iterator[Outcome]:
    """The outcome of every input, as it ends. Raises what kept the model from being loaded.

    manifest: keep one for a single input, too; one that is there already is always kept up.
    """
    kept, clashes = without_clashes(items, options)
    yield from clashes
    begun_s: dict[AnnotationInput, float] = {}
    keeps = manifest or len(items) > 1 or (options.out_dir / NAME).exists()
    done = _done_before(options.out_dir)

    def timed(item: AnnotationInput) -> Hooks:
        hooks = hooks_of(item)

        def begin(info: SourceInfo, expected: int | None) -> None:
            begun_s.setdefault(item, time.perf_counter())
            hooks.begin(info, expected)

        return replace(hooks, begin=begin)

    for outcome in executor.run([Job(item, settings, options) for item in kept], timed):
        seconds = time.perf_counter() - begun_s.get(outcome.item, time.perf_counter())
        is_known = outcome.status == "skipped" and outcome.item.stem in done
        yield _recorded(outcome, seconds, options) if keeps and not is_known else outcome


def _done_before(folder: Path) -> set[str]:
    """Stems that the manifest has as done; one that cannot be read is reported when it is written."""
    with suppress(MediaError):
        return {stem for stem, entry in read_manifest(folder).items() if entry.status == "done"}
    return set()


def _recorded(outcome: Outcome, seconds: float, options: JobOptions) -> Outcome:
    """Written into the manifest, too."""
    item, folder = outcome.item, options.out_dir
    if isinstance(item.spec, int | str) or outcome.status == "cancelled":
        return outcome  # a live source has other names every time
    try:
        record(folder, entry_of(folder, outcome, seconds))
    except MediaError as error:
        return replace(outcome, warnings=(*outcome.warnings, str(error)))
    return outcome
