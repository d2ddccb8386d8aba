"""The journal becomes tasks, exactly once, however often the projector is killed in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from act_ledgers import SCAM, decided, remove
from review_ledgers import ledger, postgres_server
from sqlalchemy import select

from seawall.core.action import Ladders, Review
from seawall.core.diagnostic import Span
from seawall.core.types import FieldType, Kind
from seawall.policy.model import EventType, Project, Queue, RandomLane
from seawall.review.project import ProjectTasks
from seawall.review.tables import SAMPLES, TASKS
from seawall.store.entry import Control, Entry
from seawall.store.projector import Item

if TYPE_CHECKING:
    from seawall.store.ledger import Ledger

__all__ = ["ledger", "postgres_server"]
SPAN = Span("x.yml")
COMMENT = EventType(
    name="comment", surface="comment", subject="comment_id", actor=None,
    fields={"comment_id": FieldType(Kind.STRING)}, span=SPAN,
)  # fmt: skip
PROJECT = Project(
    root=".", name="p", markets=("SG",), groups={}, locales=(), market_tz={}, retention_days=30, data="d",
    ladders=Ladders.extended(), events={"comment": COMMENT}, banks={}, signals={}, features={}, policies={},
    strategies={}, version="v1",
    random_lane=RandomLane(queue="random", rate=0.5, span=SPAN),
    queues={"scam": Queue(name="scam", title="s", roles=("moderator",), sla_s=60, span=SPAN)},
)  # fmt: skip
ITEMS = [
    Item(
        "main",
        number,
        Entry(
            msgspec.structs.replace(
                decided(f"e{number}", remove(SCAM), subject=f"c{number}"),
                review=(Review("scam", (SCAM,)),),
                fired=("scam.giveaway",),
            )
        ),
    )
    for number in range(60)
]
CONTROL = Item("main", 99, Control(kind="pause", target="x", by="ann", reason="r", at=1))


def _rows(ledger: Ledger) -> tuple[list[dict[str, object]], list[tuple[object, ...]]]:
    with ledger.read() as connection:
        tasks = connection.execute(select(TASKS).order_by(TASKS.c.task_id)).mappings()
        samples = connection.execute(select(SAMPLES).order_by(SAMPLES.c.task_id, SAMPLES.c.frame))
        return [dict(row) for row in tasks], [tuple(row) for row in samples]


def _projection() -> ProjectTasks:
    projection = ProjectTasks(salt="s")
    projection.know(PROJECT)
    return projection


def _killed(ledger: Ledger, project: ProjectTasks) -> None:
    with ledger.begin() as connection:
        project(connection, ITEMS)
        raise KeyboardInterrupt


def test_every_decision_makes_its_tasks_once_in_any_order(ledger: Ledger) -> None:
    project = _projection()
    with ledger.begin() as connection:
        project(connection, [*ITEMS, CONTROL])
    first = _rows(ledger)
    with ledger.begin() as connection:
        project(connection, ITEMS[::-1])
        project(connection, ITEMS[:7])
    assert _rows(ledger) == first
    tasks, samples = first
    purposes = [row["purpose"] for row in tasks]
    assert purposes.count("machine") == 60
    assert 15 < purposes.count("random") == len(samples) < 45
    assert {chance for _, _, chance in samples} == {0.5}


def test_what_was_not_committed_is_made_again(ledger: Ledger) -> None:
    project = _projection()
    with pytest.raises(KeyboardInterrupt):
        _killed(ledger, project)
    assert _rows(ledger) == ([], [])
    with ledger.begin() as connection:
        project(connection, ITEMS)
    assert len(_rows(ledger)[0]) > 60


def test_a_type_that_no_project_declared_keeps_its_name_as_surface(ledger: Ledger) -> None:
    with ledger.begin() as connection:
        ProjectTasks()(connection, ITEMS[:1])
    (task,) = _rows(ledger)[0]
    assert (task["surface"], task["due"]) == ("comment", None)
