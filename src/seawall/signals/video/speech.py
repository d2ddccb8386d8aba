"""What is said in a file, with time codes: a text that text signals can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.types import Media
from seawall.signals.media.frame_signal import NOT_CONFIGURED, looked_at
from seawall.signals.media.marks import Mark, evidence, file_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seawall.signals.media.desk import Desk
    from seawall.signals.media.model import Seen
    from seawall.signals.media.ports import Transcriber, Word
    from seawall.signals.ports import Input

LONGEST = 50_000
"""Characters of a text; what is said beyond is left out."""

_PAUSE_S = 0.8  # a longer one ends a line
_LINE = 90  # characters after which a line ends with its word


class Speech:
    """The words of each file; NULL `absent` where nobody speaks, `not_applicable` where there is no sound."""

    def __init__(self, desk: Desk | None, transcriber: Callable[[], Transcriber | None], *, by: str) -> None:
        """Make the signal.

        Args:
            desk: looks at files; it is told to listen too.
            transcriber: gives the model, loaded when it is first needed.
            by: what tells it from every other.
        """
        self._desk = desk
        self._transcriber = transcriber
        self._by = by
        if desk is not None:
            desk.listen()

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The words of each file, in lines where there is a pause."""
        return [self._one(each) for each in inputs]

    def _one(self, asked: Input) -> Reading:
        media = asked.value
        transcriber = self._transcriber() if self._desk else None
        if self._desk is None or transcriber is None or not isinstance(media, Media):
            return NOT_CONFIGURED
        seen = looked_at(self._desk, media, pictures=False)
        if isinstance(seen, Reading):
            return seen
        if seen.sound_reason:
            return Reading(null=seen.sound_reason, evidence=tuple(file_lines(seen)))
        if seen.sound is None:
            return Reading(null="not_applicable", evidence=tuple(file_lines(seen)))
        language = asked.language
        by = ("speech", self._by, language)
        return self._desk.result(seen, by, lambda seen: _reading(seen, transcriber, language))


def _reading(seen: Seen, transcriber: Transcriber, language: str | None) -> Reading:
    words = transcriber.transcribe(seen.sound, language=language) if seen.sound is not None else []
    text, marks = lines_of(words)
    if not text:
        return Reading(null="absent", evidence=tuple(file_lines(seen)))
    return Reading(text, evidence=evidence(seen, marks))


def lines_of(words: Sequence[Word]) -> tuple[str, list[Mark]]:
    """One text of words, a line feed at each pause, and a mark for each line.

    >>> from seawall.signals.media.ports import Word
    >>> lines_of([Word(0.0, 0.4, "send"), Word(0.5, 0.8, "coins"), Word(3.0, 3.2, "now")])[0].splitlines()
    ['send coins', 'now']
    """
    text = ""
    marks: list[Mark] = []
    for word in words:
        said = word.text.strip()
        if not said or len(text) + len(said) >= LONGEST:
            continue
        last = marks[-1] if marks else None
        goes_on = (
            last is not None
            and last.span is not None
            and word.start_s - (last.until_s or 0.0) < _PAUSE_S
            and len(text) - last.span[0] < _LINE
        )
        if last is not None and last.span is not None and goes_on:
            text += f" {said}"
            marks[-1] = last._replace(until_s=word.end_s, span=(last.span[0], len(text)))
        else:
            text += f"\n{said}" if text else said
            marks.append(Mark(word.start_s, word.end_s, None, None, (len(text) - len(said), len(text))))
    return text, marks
