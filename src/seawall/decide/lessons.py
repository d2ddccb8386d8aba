"""What one decided event tells of the parts that were open on it: did they turn out true?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.decide.residual import Part
from seawall.decide.shares import Lesson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.decide.case import Case
    from seawall.decide.residual import Left

_NOTHING: frozenset[str] = frozenset()


def lessons_of(case: Case) -> Iterator[Lesson]:
    """One lesson per part that was open before anything was bought and whose signals are all known now."""
    plan, fired, open_ = case.plan, frozenset(case.fired), frozenset(case.open)
    start = None
    for n in case.began:
        whole = plan.wholes.get(n)
        if whole is not None:
            if n not in open_:
                yield Lesson(plan.names[n], whole.name, n in fired)
            continue
        start = start or plan.row(case.event, case.features)
        residual = plan.residuals[n]
        must, still = residual.rails(case.row_of(n))
        left = residual.left(residual.rails(start), _NOTHING)
        for part in _parts(left) if not isinstance(left, bool) else ():
            rail = residual.names.index(part.name)
            if rail not in still:
                yield Lesson(plan.names[n], part.name, rail in must)


def _parts(left: Left) -> Iterator[Part]:
    if isinstance(left, Part):
        yield left
        return
    for part in left.parts:
        yield from _parts(part)
