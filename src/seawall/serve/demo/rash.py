"""A strategist who is in a hurry, simulated: a strategy goes live without its time in shadow."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
_SHADOW, _LIVE = "mode: shadow", "mode: live"


class Rash:
    """Releases one strategy live, once, through the same door as everybody."""

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


def take_back(root: Path) -> None:
    """Put the strategy into shadow again, for a day that begins anew."""
    path = root / FILE
    written = path.read_text(encoding="utf-8") if path.is_file() else ""
    if _LIVE in written:
        path.write_text(written.replace(_LIVE, _SHADOW), encoding="utf-8")
