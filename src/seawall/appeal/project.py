"""Decisions in the journal become notices, in the transaction that moves the projector's cursor."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING

from seawall.appeal.notices import Origin, tell
from seawall.store.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from seawall.appeal.post import Post
    from seawall.core.clock import Clock
    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.policy.model import Project
    from seawall.store.projector import Item

WORDS = ("title", "text", "transcript")
"""Fields that hold the words of a subject, by the starter project's convention."""


def no_event(_decision_id: str) -> Event | None:
    """Where events are not kept."""
    return None


def words_of(event: Event, fields: Sequence[str] = WORDS) -> str | None:
    """A digest that is the same for the same words, whatever their case and spacing; None without words.

    >>> from seawall.core.event import Event
    >>> one = Event(id="1", type="comment", ts=0, fields={"text": "Win  BIG today", "comment_id": "c1"})
    >>> two = Event(id="2", type="comment", ts=0, fields={"text": "win big today", "comment_id": "c2"})
    >>> words_of(one) == words_of(two), words_of(Event(id="3", type="comment", ts=0, fields={"text": " "}))
    (True, None)
    """
    values = (event.fields.get(name) for name in fields)
    spoken = [_same(value) if isinstance(value, str) else "" for value in values]
    if not any(spoken):
        return None
    return hashlib.sha256("\n".join(spoken).encode("utf-8", "surrogatepass")).hexdigest()


class ProjectNotices:
    """A projection for `seawall.store.projector.Projector`: who is acted on is told why.

    It reads what stands of a decision, so it comes after `seawall.act.projection.ProjectEffects`.
    """

    def __init__(
        self, post: Post, *, clock: Clock, event_of: Callable[[str], Event | None] = no_event
    ) -> None:
        """Make a projection that knows no project yet, and tells nobody anything before it does.

        Args:
            post: how notices leave.
            clock: what time it is.
            event_of: the event of a decision, by the decision's id; None once it was erased.
        """
        self._post = post
        self._clock = clock
        self._event_of = event_of
        self._project: Project | None = None

    def know(self, project: Project) -> None:
        """Take the clauses and queues of the project in force."""
        self._project = project

    def __call__(self, connection: Connection, items: Sequence[Item]) -> None:
        """Write the notices of every decision that acts on somebody.

        Raises:
            LookupError: no project is known, so that nothing may be left untold.
        """
        for item in items:
            if isinstance(item.body, Entry) and item.body.decision.actions:
                self._tell(connection, item.body.decision)

    def _tell(self, connection: Connection, decision: Decision) -> None:
        if self._project is None:
            raise LookupError("notices need a project: call `know` before the projector runs")
        if self._is_sealed(decision, self._project):
            return
        event = self._event_of(decision.decision_id)
        origin = Origin(
            event_id=decision.event_id,
            decided_at=decision.decided_at,
            market=decision.market,
            language=decision.language,
            locale=event.locale if event else None,
            words=words_of(event) if event else None,
        )
        tell(
            connection, decision.decision_id, self._project, self._post, origin=origin, now=self._clock.now()
        )

    @staticmethod
    def _is_sealed(decision: Decision, project: Project) -> bool:
        """It goes to the most severe lane: nobody may be warned."""
        queues = [project.queues.get(review.queue) for review in decision.review]
        return any(queue is not None and queue.sealed for queue in queues)


def _same(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
