"""The process dies before a notice, or before what a verdict brings: nothing lost, nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from door_fixtures import NOON, StepClock, comment, write_project
from person_fixtures import BEA, QUEUE, URL, S
from sqlalchemy import func, select

from seawall.act.tables import HOLDING
from seawall.appeal.appeals import appeal_of, open_appeal
from seawall.appeal.model import AppealState
from seawall.appeal.repo import notices_where
from seawall.appeal.tables import NOTICES
from seawall.review.conclude import conclude
from seawall.review.lease import lease
from seawall.review.model import Outcome
from seawall.serve import effects as wiring
from seawall.serve.judge import Incoming
from seawall.serve.process import open_live
from seawall.serve.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.serve.live import Live

SETTINGS = Settings(min_free_bytes=0, public_url=URL)


def start(root: Path, at: int) -> Live:
    """The process without its threads: nothing happens but what a test does."""
    return open_live(root, SETTINGS, clock=StepClock(at))


def die(live: Live) -> None:
    """As after a kill, but for the lock that the system would let go."""
    live.store.close()


class Killed(BaseException):
    pass


def kill(*_: object, **__: object) -> None:
    raise Killed


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_project(tmp_path)
    (tmp_path / "queues").mkdir(exist_ok=True)
    (tmp_path / "queues" / "appeals.yml").write_text(QUEUE)
    return tmp_path


def test_killed_anywhere_people_are_told_once_and_restored_once(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = start(root, NOON)
    live._judge.decide([Incoming(comment("1", actor_id="u1", link_domain="false-shop.example", locale="ms"))])
    die(live)  # decided and durable, but never projected

    live = start(root, NOON + S)
    for _ in range(2):
        live.store.project()
    with live.store.ledger.begin() as connection:
        (notice,) = notices_where(connection, NOTICES.c.account == "u1")
        open_appeal(connection, notice, text="mine", project=live.project, now=live.clock.now())
        task = lease(connection, live.project.queues["appeals"], BEA, now=live.clock.now())
        assert task
        conclude(
            connection, task.task_id, BEA,
            outcome=Outcome.NO_VIOLATION, policies=live.project.policies, now=live.clock.now(),
        )  # fmt: skip
    assert notice.locale == "ms"
    die(live)

    live = start(root, NOON + 60 * S)
    with monkeypatch.context() as patch:
        patch.setattr(wiring, "decide_reports", kill)  # the last step of the transaction
        with pytest.raises(Killed):
            live.outgoing.tidy(live.store.ledger)
    with live.store.ledger.read() as connection:
        appeal = appeal_of(connection, notice.notice_id)
        assert appeal
        assert appeal.state is not AppealState.DECIDED
    die(live)

    live = start(root, NOON + 120 * S)
    for _ in range(3):
        live.outgoing.tidy(live.store.ledger)
    with live.store.ledger.read() as connection:
        kinds = sorted(one.kind for one in notices_where(connection, NOTICES.c.account == "u1"))
        holds = connection.scalar(select(func.count()).where(HOLDING.c.action.is_not(None)))
    assert kinds == ["action", "outcome"]
    assert holds == 0
    die(live)
