"""Doubtful moments and edits in the user's language."""

from __future__ import annotations

from app.analysis.doubt import Doubt, Kind
from app.gui.common.joint_names import joint_title
from app.gui.i18n.translation import translate


def doubt_words(doubt: Doubt, names: dict[int, str]) -> str:
    """One short sentence; people by their names, where they have any."""
    a, b = (names.get(i) or str(i) for i in (*doubt.people, 0, 0)[:2])
    words: dict[Kind, str] = {
        "new": translate("Review", "{a} begins in mid-image"),
        "lost": translate("Review", "{a} ends in mid-image"),
        "broken": translate("Review", "{a} ends, {b} begins nearby: one person?"),
        "swap": translate("Review", "{a} and {b} touch: exchanged?"),
        "gap": translate("Review", "{a} was away: somebody else since?"),
        "jump": translate("Review", "{a} jumps: somebody else since?"),
        "joint": translate("Review", "{a}: {joint} jumps"),
        "mixed": translate("Review", "{a}: joints of two people?"),
        "weak": translate("Review", "{a} is hardly seen"),
        "still": translate("Review", "{a} does not move at all: a picture?"),
        "cut": translate("Review", "Another shot begins"),
    }
    return words[doubt.kind].format(a=a, b=b, joint=joint_title(doubt.joint))
