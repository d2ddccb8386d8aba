"""Where a demo keeps what is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class Paths(NamedTuple):
    """Where a demo keeps what is its own, inside the data folder of its project."""

    root: Path
    folder: Path

    @property
    def data(self) -> Path:
        """The data folder of the project."""
        return self.folder.parent

    @property
    def events(self) -> Path:
        """The simulated day."""
        return self.folder / "day.jsonl"

    @property
    def truth(self) -> Path:
        """What is true of each of its events."""
        return self.folder / "truth.jsonl"

    @property
    def decisions(self) -> Path:
        """What was decided on each, in the same order."""
        return self.folder / "decisions.jsonl"

    @property
    def platform(self) -> Path:
        """What the platform was told."""
        return self.folder / "platform.db"

    @property
    def guide(self) -> Path:
        """The stories and the pages they end on; there only when everything before it is."""
        return self.folder / "stories.json"
