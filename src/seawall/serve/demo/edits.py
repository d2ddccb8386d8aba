"""What a demo changes in its project: a wider random lane, and a strategy that goes live too early."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seawall.policy.folder import SETTINGS_PATH
from seawall.simulate.rhythm import HOUR

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.serve.live import Live

STRATEGY = "spam.same_text_burst"
FILE = "strategies/spam/same_text_burst.yml"
AFTER = 11 * HOUR
"""The trend that it will take for spam begins an hour later."""
NOTE = "same_text_burst live: it caught every copy of yesterday's ring"
BY = "strategist"
WIDER = 100
"""How much wider budgets are than the starter's."""
_BUDGET = re.compile(r"(disturbance_per_10k: )([0-9.]+)")
_SHADOW, _LIVE = "mode: shadow", "mode: live"
_LANE = (
    ("  rate: 0.05                 # of what a live strategy fired on, one in twenty\n",
     "  rate: 0.35                 # of what a live strategy fired on: much, since a demo's day is short\n"),
    ("  everything: 0.002          # of all that was decided, one in five hundred: finds what got through\n",
     "  everything: 0.03           # of all that was decided, three in a hundred: finds what got through\n"),
)  # fmt: skip


class Rash:
    """A strategist in a hurry: releases one strategy live, once, through the same door as everybody."""

    def __init__(self, root: Path, live: Live) -> None:
        """Take the folder that people edit and the process that serves it."""
        self._path = root / FILE
        self._root = root
        self._live = live
        self._done = False

    def act(self, since: int) -> None:
        """Do it when the time has come.

        Args:
            since: the beginning of the day, microseconds.
        """
        if self._done or since < AFTER:
            return
        self._done = True
        written = self._path.read_text(encoding="utf-8") if self._path.is_file() else ""
        if _SHADOW in written:  # else somebody has edited the demo's project: it is theirs now
            self._path.write_text(written.replace(_SHADOW, _LIVE), encoding="utf-8")
            self._live.releases.release(self._root, by=BY, note=NOTE)


def fit(root: Path) -> None:
    """Fit a scaffolded project to a demo's day, which is short and holds far more abuse than any platform's.

    The random lane draws more, and every budget of disturbance is wider but that of the strategy which is to
    break it. What is not written as the starter has it stays as it is.
    """
    path = root / SETTINGS_PATH
    written = path.read_text(encoding="utf-8")
    for before, after in _LANE:
        written = written.replace(before, after)
    path.write_text(written, encoding="utf-8")
    for each in sorted(root.glob("strategies/**/*.yml")):
        if each != root / FILE:
            written = each.read_text(encoding="utf-8")
            each.write_text(_BUDGET.sub(_wider, written), encoding="utf-8")


def _wider(found: re.Match[str]) -> str:
    return f"{found[1]}{float(found[2]) * WIDER:g}"


def take_back(root: Path) -> None:
    """Put the strategy into shadow again, for a day that begins anew."""
    path = root / FILE
    written = path.read_text(encoding="utf-8") if path.is_file() else ""
    if _LIVE in written:
        path.write_text(written.replace(_LIVE, _SHADOW), encoding="utf-8")
