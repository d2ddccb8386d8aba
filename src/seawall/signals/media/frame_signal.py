"""A model's value per frame as a signal: one value per file, and the stretches it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.media import Refusal
from seawall.core.types import Media
from seawall.signals.media.aggregate import measured, stretches
from seawall.signals.media.marks import evidence, file_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from seawall.signals.media.desk import Desk
    from seawall.signals.media.model import Seen
    from seawall.signals.media.ports import FrameModel
    from seawall.signals.ports import Input

NOT_CONFIGURED = Reading(null="not_configured")
_TOGETHER = 16  # frames that a model sees at once


class FrameSignal:
    """One measure of one model over the frames of each file."""

    def __init__(
        self,
        desk: Desk | None,
        model: Callable[[], FrameModel | None],
        *,
        by: Hashable,
        measure: str,
        above: float,
    ) -> None:
        """Make the signal.

        Args:
            desk: looks at files; None: nothing is looked at.
            model: gives the model, loaded when it is first needed; None where it is not there.
            by: what tells the model from every other.
            measure: see `aggregate.MEASURES`.
            above: from which value on a stretch is a mark.
        """
        self._desk = desk
        self._model = model
        self._by = by
        self._measure = measure
        self._above = above

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The measure of each file; NULL with the file's own reason where it could not be looked at."""
        return [self._one(each.value) for each in inputs]

    def _one(self, media: object) -> Reading:
        model = self._model() if self._desk else None
        if self._desk is None or model is None or not isinstance(media, Media):
            return NOT_CONFIGURED
        seen = looked_at(self._desk, media)
        if isinstance(seen, Reading):
            return seen
        values = self._desk.result(seen, self._by, lambda seen: _scores(model, seen))
        value = measured(seen, values, measure=self._measure, above=self._above)
        marks = evidence(seen, stretches(seen, values, above=self._above))
        return Reading(value, null=None if value is not None else "not_applicable", evidence=marks)


def looked_at(desk: Desk, media: Media, *, pictures: bool = True) -> Seen | Reading:
    """What is seen of a file, or the reading that says why nothing is.

    Args:
        desk: looks at it.
        media: the file.
        pictures: whether it must have some.
    """
    seen = desk.seen(media)
    if isinstance(seen, Refusal):
        return refused(seen)
    if pictures and not seen.frames:
        return Reading(null="not_applicable", evidence=tuple(file_lines(seen)))
    return seen


def refused(refusal: Refusal) -> Reading:
    """The reading of a file that could not be looked at."""
    return Reading(null=refusal.reason, evidence=(f"refused: {refusal.detail}",) if refusal.detail else ())


def _scores(model: FrameModel, seen: Seen) -> list[float]:
    pictures = [frame.pixels for frame in seen.frames]
    return [
        value
        for start in range(0, len(pictures), _TOGETHER)
        for value in model.score(pictures[start : start + _TOGETHER])
    ]
