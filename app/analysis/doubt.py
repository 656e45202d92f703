"""A doubtful moment of a tracking: what it may be, and how it is put in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["new", "lost", "broken", "swap", "gap", "jump", "joint", "mixed", "weak", "still", "cut"]
IDENTITY_KINDS: frozenset[Kind] = frozenset(("new", "lost", "broken", "swap", "gap", "jump"))


@dataclass(frozen=True, slots=True)
class Doubt:
    """One doubtful moment. first, last: frames of the source. severity: 0 to 1, 1 = most likely wrong.

    new, lost:  people[0] begins or ends in mid-image.
    broken:     people[0] ended and people[1] begins nearby soon after: perhaps one person.
    swap:       people[0] and people[1] touched and may have been exchanged.
    gap:        people[0] was away for a moment and may be somebody else since.
    jump:       the body of people[0] moved faster than bodies do: perhaps somebody else since.
    joint:      a joint of people[0] jumped; `joint` is its name.
    mixed:      the joints of people[0] may be of two people.
    weak:       people[0] was hardly seen.
    still:      people[0] does not move by a hair: perhaps a photo, a poster or a drawing.
    cut:        another shot begins.
    """

    kind: Kind
    first: int
    last: int
    people: tuple[int, ...] = ()
    severity: float = 0.0
    joint: str = ""

    @property
    def moment(self) -> int:
        """The frame to look at, and from which on a repair would hold: somebody else may be there since."""
        return self.last if self.kind in ("broken", "gap", "jump") else self.first


def sentence(doubt: Doubt) -> str:
    """A doubtful moment in plain words."""
    a, b = (*doubt.people, 0, 0)[:2]
    words = {
        "new": f"person {a} begins in mid-image",
        "lost": f"person {a} ends in mid-image",
        "broken": f"person {a} ends and person {b} begins nearby: perhaps one person",
        "swap": f"person {a} and person {b} touch and may have been exchanged",
        "gap": f"person {a} was away: perhaps somebody else afterwards",
        "jump": f"person {a} jumps: perhaps somebody else afterwards",
        "joint": f"person {a}: {doubt.joint.replace('_', ' ')} jumps",
        "mixed": f"person {a}: joints perhaps of two people",
        "weak": f"person {a} is hardly seen",
        "still": f"person {a} does not move at all: perhaps a picture",
        "cut": "another shot begins",
    }
    return words[doubt.kind]
