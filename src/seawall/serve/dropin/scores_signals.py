"""Scores of texts by the signals of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.event import Event
from seawall.core.types import Media
from seawall.policy.kinds.signal import field_behind
from seawall.serve.dropin.model import Scored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seawall.policy.model import SignalSpec
    from seawall.serve.dropin.model import Ask
    from seawall.serve.dropin.ports import Languages, Told
    from seawall.signals import Detectors

PATIENCE_S = 10.0
"""How long a dear signal may take for the texts of one batch; what is not there by then has no score."""

_GONE = Reading(null="unavailable")  # a release that is not in force any more had it
_LATIN = 0x0250  # letters before it are of alphabets that short texts cannot tell apart
_TYPE = "text"


class SignalScores:
    """Asks the detectors that are in force. Any thread may call it.

    Args:
        detectors: gives those that are in force now.
        languages: tells the language of a text that comes without one.
    """

    def __init__(self, detectors: Callable[[], Detectors], languages: Languages) -> None:
        self._detectors = detectors
        self._languages = languages

    def score(self, asks: Sequence[Ask]) -> list[Scored]:
        """One answer per text, in order, under one version of the project."""
        detectors = self._detectors()
        known = self._known(asks)
        readings: list[dict[str, Reading]] = [{} for _ in asks]
        for some in _groups(asks, detectors.specs):
            # all signals of a group before the next: heads of one model then share what it computed
            wanted = dict.fromkeys(name for row in some for name in asks[row].signals)
            for name in wanted:
                rows = [row for row in some if name in asks[row].signals]
                spec = detectors.specs.get(name)
                said = [_GONE] * len(rows) if spec is None else self._read(detectors, spec, asks, known, rows)
                for row, reading in zip(rows, said, strict=True):
                    readings[row][name] = reading
        return [Scored(language, found) for language, found in zip(known, readings, strict=True)]

    def _read(
        self,
        detectors: Detectors,
        spec: SignalSpec,
        asks: Sequence[Ask],
        known: Sequence[str | None],
        rows: Sequence[int],
    ) -> list[Reading]:
        field = field_behind(spec, detectors.specs)
        events = [
            Event(id="", type=_TYPE, ts=0, fields={field: _value(asks[row])}, language=known[row])
            for row in rows
        ]
        return detectors.read(spec.name, events, within_s=PATIENCE_S)

    def _known(self, asks: Sequence[Ask]) -> list[str | None]:
        known = [ask.assume if ask.image else ask.language for ask in asks]
        open_ = [row for row, ask in enumerate(asks) if ask.language is None and not ask.image]
        if open_:
            told = self._languages.tell([asks[row].text for row in open_])
            for row, each in zip(open_, told, strict=True):
                known[row] = _settled(asks[row], each)
        return known


def _value(ask: Ask) -> str | Media:
    return Media(ask.text) if ask.image else ask.text


def _settled(ask: Ask, told: Told) -> str | None:
    """A reliable answer, else the one to be assumed; of a script of its own, even an unreliable one."""
    if told.language is None or told.reliable:
        return told.language
    if any(char.isalpha() and ord(char) >= _LATIN for char in ask.text):
        return told.language
    return ask.assume


def _groups(asks: Sequence[Ask], specs: dict[str, SignalSpec]) -> Iterator[Sequence[int]]:
    """Rows in pieces that every signal takes at once."""
    batches = [specs[name].batch for ask in asks for name in ask.signals if name in specs]
    size = min(batches, default=len(asks)) or 1
    for start in range(0, len(asks), size):
        yield range(start, min(start + size, len(asks)))
