"""Every state that the session can get into, and every event in each of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from app.gui.live.session_state import RULES, Event, Phase, SessionState, what_is_awaited
from app.sources.base import SourceInfo

INFO = SourceInfo(name="a.mp4", kind="video", width=64, height=48, fps=25.0)
FACTS: dict[str, dict[str, Any]] = {"open": {"spec": "a.mp4"}, "opened": {"info": INFO}}
EVENTS: tuple[Event, ...] = get_args(Event)

# phase, before and after, of what applies whatever is played or recorded
PHASES: dict[tuple[Phase, Event], Phase] = {
    ("empty", "open"): "opening",
    ("opening", "open"): "opening",
    ("open", "open"): "opening",
    ("interrupted", "open"): "opening",
    ("opening", "opened"): "open",
    ("open", "break_off"): "interrupted",
    ("interrupted", "break_off"): "interrupted",
    ("interrupted", "recover"): "open",
    ("opening", "leave"): "empty",
    ("open", "leave"): "empty",
    ("interrupted", "leave"): "empty",
    ("empty", "shut_down"): "closed",
    ("opening", "shut_down"): "closed",
    ("open", "shut_down"): "closed",
    ("interrupted", "shut_down"): "closed",
}
WITH_SOURCE = ("opening", "open", "interrupted")


def reachable() -> list[SessionState]:
    found = [SessionState()]
    for state in found:  # grows meanwhile
        for event in EVENTS:
            after = state.after(event, **FACTS.get(event, {}))
            if after is not None and after not in found:
                found.append(after)
    return found


STATES = reachable()


def test_all_phases_are_reached_playing_or_not_recording_or_not() -> None:
    ways = {(s.phase, s.playing, s.recording) for s in STATES}
    assert ways == {("empty", False, False), ("closed", False, False)} | {
        (phase, playing, recording) for phase in WITH_SOURCE for playing in (False, True) for recording in (False, True)
    }


@pytest.mark.parametrize("state", STATES, ids=lambda s: f"{s.phase}-{s.playing:d}{s.recording:d}")
def test_what_belongs_to_a_source_is_there_only_with_it(state: SessionState) -> None:
    assert (state.spec is not None) == (state.phase in WITH_SOURCE)
    assert (state.info is not None) == state.is_open == (state.phase in ("open", "interrupted"))


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", STATES, ids=lambda s: f"{s.phase}-{s.playing:d}{s.recording:d}")
def test_each_event_leads_to_its_state_or_is_ignored(state: SessionState, event: Event) -> None:
    after = state.after(event, **FACTS.get(event, {}))
    if event in ("play", "pause", "record", "stop_recording"):
        name = "playing" if event in ("play", "pause") else "recording"
        wanted = event in ("play", "record")
        applies = state.phase in WITH_SOURCE and getattr(state, name) != wanted
        assert after == (replace(state, **{name: wanted}) if applies else None)
    elif (state.phase, event) in PHASES:
        assert after is not None and after.phase == PHASES[state.phase, event]
        if event in ("opened", "break_off", "recover"):
            assert (after.playing, after.recording) == (state.playing, state.recording)
        else:
            assert (after.playing, after.recording, after.info) == (event == "open", False, None)
    else:
        assert after is None


def test_another_source_begins_at_its_start_and_the_choices_stay() -> None:
    marked = SessionState(
        "open", "a.mp4", INFO, 9.0, True, 3.0, speed=2.0, loop=True, in_s=1.0, out_s=2.0, model="m", record_s=4.0
    )
    after = marked.after("open", spec="b.mp4")
    assert after == SessionState("opening", "b.mp4", playing=True, speed=2.0, loop=True, model="m", record_s=4.0)
    recording = replace(marked, recording=False).after("record")
    assert recording is not None and recording.recording and recording.record_s == 0


def test_every_event_has_a_rule() -> None:
    assert set(RULES) == set(EVENTS)


def test_while_a_source_is_interrupted_its_model_is_waited_for_as_before() -> None:
    live = replace(SessionState("interrupted", 0, replace(INFO, kind="camera")), loading=True)
    assert what_is_awaited(live, False, 0.0, "looking for a model") == "looking for a model"
    assert what_is_awaited(replace(live, phase="empty"), False, 0.0, "x") == ""
