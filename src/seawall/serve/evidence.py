"""Keeps encrypted copies of what was acted on or sent to people, and opens files for whoever may see them."""

from __future__ import annotations

import secrets
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from seawall.core.clock import format_time
from seawall.core.media import Refusal
from seawall.core.types import Media
from seawall.policy.kinds.media import DAY_US
from seawall.serve.secret import keep_secret
from seawall.signals.media.marks import FileMark, read_marks
from seawall.store.evidence_copies import EvidenceCopies

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.policy.model import Project
    from seawall.signals.media.viewer import Viewer
    from seawall.store.evidence_copies import Copy

FOLDER, SECRET = "evidence", "evidence.key"
"""In the data folder: the copies, and what their keys are made from."""

_MOST = 10_000
_SECRET_BYTES = 32
_TOGETHER = 50  # files of one turn, so that a process can stop


class Wanted(NamedTuple):
    """A file of a decision: its pointer, and the digest of what was looked at."""

    media: Media
    sha256: str | None


class Evidence:
    """The evidence of one process.

    What waits to be copied is in memory: after a crash a file is fetched when somebody asks to see it.

    Attributes:
        missed: files that could not be had when they were to be copied.
    """

    def __init__(self, data: Path, viewer: Viewer, clock: Clock) -> None:
        self._data = data
        self._viewer = viewer
        self._clock = clock
        self._copies: EvidenceCopies | None = None
        self._waiting: deque[Wanted] = deque(maxlen=_MOST)
        self.missed = 0

    def offer(self, pairs: Iterable[tuple[Event, Decision]]) -> None:
        """Decisions that were released; the files of those that acted or called people wait to be copied."""
        for event, decision in pairs:
            if not decision.actions and not decision.review:
                continue
            for value in event.fields.values():
                if isinstance(value, Media):
                    self._waiting.append(Wanted(value, digest_of(value, decision)))

    def turn(self, project: Project) -> int:
        """Drop what is due to go, and copy some of what waits; gives how many copies were made.

        Raises:
            StorageError: the disk refuses.
        """
        if self._copies is not None or (self._data / FOLDER).is_dir():
            self.copies.drop(today=_day(self._clock.now()))
        kept = 0
        for _ in range(min(_TOGETHER, len(self._waiting))):
            wanted = self._waiting.popleft()
            if project.media is None:
                continue
            if isinstance(self.open(wanted, project), Refusal):
                self.missed += 1
            else:
                kept += 1
        return kept

    def open(self, wanted: Wanted, project: Project) -> Copy | Refusal:
        """The copy of a file; made now if there is none yet and the platform still has it.

        Raises:
            StorageError: the disk refuses.
        """
        copy = self.copies.find(wanted.sha256) if wanted.sha256 else None
        if copy is not None:
            return copy
        plan = project.media
        if plan is None:
            return Refusal("not_allowed", "the project does not say where media may be read from")
        media = Media(wanted.media.uri, wanted.sha256, wanted.media.mime)
        fetched = self._viewer.fetcher(plan).fetch(media)
        if isinstance(fetched, Refusal):
            return fetched
        day = _day(self._clock.now() + (plan.evidence_days + 1) * DAY_US)
        self.copies.keep(fetched.sha256, fetched.data, fetched.format.mime, day=day)
        return self.copies.find(fetched.sha256) or Refusal("unreachable", "the copy is gone already")

    @property
    def copies(self) -> EvidenceCopies:
        """The copies of the data folder; the secret is made with the first."""
        if self._copies is None:
            secret = keep_secret(self._data / SECRET, secrets.token_hex(_SECRET_BYTES)).strip()
            self._copies = EvidenceCopies(self._data / FOLDER, secret=bytes.fromhex(secret))
        return self._copies


def file_of(media: Media, decision: Decision) -> FileMark | None:
    """The file that was looked at, as some signal of the decision says; None where none did.

    A decision names no field beside a reading, so of an event with several files the one with the digest of
    the pointer is taken, or the only one.
    """
    found = {read_marks(reading.evidence).file for reading in decision.signals.values()}
    files = [each for each in found if each is not None]
    if media.sha256 is not None:
        return next((each for each in files if each.sha256 == media.sha256), None)
    return files[0] if len(files) == 1 else None


def digest_of(media: Media, decision: Decision) -> str | None:
    """The digest of a file: as the event says it, or of what was looked at."""
    if media.sha256 is not None:
        return media.sha256
    found = file_of(media, decision)
    return found.sha256 if found else None


def _day(micros: int) -> str:
    return format_time(micros)[:10]
