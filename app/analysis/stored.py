"""The store of a job: what an earlier run left is used, gone on with, or replaced, and the user hears which."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from app.analysis.facts import detection_differences
from app.analysis.job import JobModel
from app.analysis.store import DetectionStore, claimed, create_store, open_store, resume_store
from app.analysis.store_head import StoreHead
from app.looks import SceneLooks
from app.models.input_size import SizeChoice, SizedEstimator
from app.pipeline import Detector
from pose.errors import MediaError
from pose.sentence import Sentence, listed

Notify = Callable[[str], None]
ChooseSize = Callable[[SizedEstimator], SizeChoice | None]


@contextlib.contextmanager
def stored_detections(
    path: Path, wanted: StoreHead, model: JobModel, notify: Notify, choose: ChooseSize, *, overwrite: bool = False
) -> Iterator[tuple[DetectionStore, Detector | None]]:
    """The store of the wanted detections: complete and without a detector, or a writer and what completes it.

    The model is loaded only for the latter. choose: the input size, where the model leaves it to what is seen; an
    unfinished store is completed with its own. Raises MediaError for what is not replaced unasked.
    """
    found = _usable(path, wanted, notify, overwrite)
    if found is not None and found.complete:
        with claimed(found) as found:
            notify(Sentence("the detections stored in {path} are used.", path=path.name))
            yield found, None
        return
    unfinished = None if found is None else found.head
    if found is not None:
        found.close()
    estimator, facts = model.load()
    if model.chooses_size and isinstance(estimator, SizedEstimator):
        size = choose(estimator) if unfinished is None else _size_of(unfinished)
        if size is not None:
            notify(size.sentence)
            estimator = estimator.with_input_size(size.input_size)
            facts = {**facts, "input_size": size.input_size, "input_size_choice": dict(size.reason)}
    head = replace(wanted, model=facts)
    if unfinished is not None and unfinished.model == StoreHead.from_json(head.as_json()).model:
        writer = resume_store(path)
        last = writer.last_detections(1)
        if last:
            notify(Sentence("goes on after frame {index}, where an earlier run ended.", index=last[0].frame_index))
    else:
        if unfinished is not None:
            notify(Sentence("was begun with another engine; detection begins anew."))
        writer = create_store(path, head)
    with writer:
        yield writer, Detector(estimator, SceneLooks())


def _usable(path: Path, wanted: StoreHead, notify: Notify, overwrite: bool) -> DetectionStore | None:
    if not path.exists() or wanted.info.live:
        return None
    try:
        store = open_store(path)
    except MediaError:
        if overwrite:
            return None
        raise
    different = detection_differences(store.head, wanted)
    if not different:
        return store
    with store:
        is_finished, is_imported = store.complete, store.head.origin == "imported"
    if is_imported:
        raise MediaError(
            "{path} holds detections imported from another program, which are never replaced; choose another "
            "folder, or use `convert` to track them.",
            path=path.name,
        )
    what = Sentence("the stored detections differ in {parts}", parts=listed(different))
    if is_finished and not overwrite:
        raise MediaError(
            "{path} is already there from another run: {what}; allow it to be replaced (--overwrite), "
            "or choose another folder.",
            path=path.name,
            what=what,
        )
    notify(Sentence("{what}; detection begins anew.", what=what))
    return None


def _size_of(head: StoreHead) -> SizeChoice | None:
    """What an earlier run chose."""
    reason = head.model.get("input_size_choice")
    return SizeChoice(head.model["input_size"], reason) if reason else None
