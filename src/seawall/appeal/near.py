"""The same words elsewhere: what was done for them by the same strategy falls with the first.

Only what can be shown is taken for the same: items about which somebody was told, whose words have the same
digest, and only the grounds that the same strategy brought on the same clause. Nothing is guessed from
likeness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_

from seawall.act.facts import Facts
from seawall.act.repo import chunks, load
from seawall.act.tables import GROUNDS
from seawall.appeal.repo import notices_where
from seawall.appeal.tables import NOTICES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from seawall.act.facts import Ground
    from seawall.appeal.model import Notice


def same_words(connection: Connection, notice: Notice) -> tuple[Notice, ...]:
    """Notices on other subjects with the same words; none when the words are not known."""
    if notice.words is None or notice.subject is None:
        return ()
    return tuple(
        other
        for other in notices_where(connection, NOTICES.c.words == notice.words)
        if other.subject not in {None, notice.subject}
    )


def alike(connection: Connection, others: Iterable[Notice], grounds: Iterable[Ground]) -> Facts:
    """What the strategies and clauses of `grounds` brought on the subjects of other notices.

    Where the platform tells no versions apart, only the event with the same words counts: the item may have
    been edited since.
    """
    machine = [ground for ground in grounds if ground.machine]
    reasons = {(ground.strategy, ground.clause) for ground in machine}
    others = [other for other in others if other.subject is not None]
    if not reasons or not others:
        return Facts()
    found = Facts()
    for chunk in chunks(others):
        subjects = sorted({other.subject.key for other in chunk if other.subject is not None})
        events = sorted({other.event_id for other in chunk})
        found += load(
            connection,
            GROUNDS.c.subject_key.in_(subjects),
            or_(GROUNDS.c.content_version != "", GROUNDS.c.event_id.in_(events)),
            GROUNDS.c.machine.is_(True),
            GROUNDS.c.strategy.in_(sorted({strategy for strategy, _ in reasons})),
        )
    kept = tuple(one for one in found.grounds if (one.strategy, one.clause) in reasons)
    return Facts(kept, found.falls, found.shields)
