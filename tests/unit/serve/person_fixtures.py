"""A process that writes to people, one removed comment, and the link that its author was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from door_fixtures import comment, open_small

from seawall.appeal.link import mark
from seawall.appeal.notices import find_notice
from seawall.appeal.repo import notices_where
from seawall.appeal.tables import NOTICES
from seawall.review.conclude import conclude
from seawall.review.lease import lease
from seawall.review.model import Outcome, Reviewer
from seawall.serve.judge import Incoming

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.appeal.model import Notice
    from seawall.core.clock import FixedClock
    from seawall.serve.live import Live

URL = "https://safety.platform.example"
QUEUE = "queue: appeals\ntitle: Appeals\nroles: [moderator]\nsla: 24h\n"
BEA = Reviewer(name="bea", role="moderator")
S = 1_000_000


def open_with_people(root: Path) -> tuple[Live, FixedClock]:
    """Like `open_small`, with a queue for appeals and an address for people."""
    queue = root / "queues" / "appeals.yml"
    queue.parent.mkdir(parents=True, exist_ok=True)
    queue.write_text(QUEUE)
    live, clock = open_small(root, public_url=URL)
    live.start()
    return live, clock


def removed(live: Live, name: str, **more: Any) -> Notice:
    """A comment is removed and its author told."""
    event = comment(name, actor_id=f"u-{name}", link_domain="false-shop.example", **more)
    live.submit([Incoming(event)]).result()
    live.store.project()
    with live.store.ledger.read() as connection:
        (notice,) = notices_where(connection, NOTICES.c.account == f"u-{name}", NOTICES.c.kind == "action")
    return notice


def path_of(live: Live, notice: Notice) -> str:
    """The link of a notice, as its message would carry it."""
    links = live.outgoing.post.links
    assert links
    assert notice.appeal_until
    claim = links.claim(notice.notice_id, expires=notice.appeal_until)
    assert "seawall-link" in mark(claim)
    return links.url(claim).removeprefix(URL)


def judged(live: Live, clock: FixedClock, outcome: Outcome, clause: str | None = None) -> None:
    """Somebody takes the next appeal and concludes; ten seconds pass."""
    project = live.project
    with live.store.ledger.begin() as connection:
        task = lease(connection, project.queues["appeals"], BEA, now=clock.now())
        assert task
        conclude(
            connection,
            task.task_id,
            BEA,
            outcome=outcome,
            clause=clause or "",
            policies=project.policies,
            now=clock.now(),
        )
    clock.micros += 11 * S
    live.outgoing.tidy(live.store.ledger)


def told(live: Live, notice: Notice) -> Notice:
    with live.store.ledger.read() as connection:
        return find_notice(connection, notice.notice_id)
