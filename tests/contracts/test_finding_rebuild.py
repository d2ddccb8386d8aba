"""The journal alone rebuilds the truth: from decisions and findings a new ledger is as the lost one was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from act_ledgers import T0
from appeal_ledgers import PEOPLE, PROJECT, SCAM, Platform, decided, empty_ledger, ledger, remove, strike
from sqlalchemy import select

from seawall.act.effects import Effects
from seawall.act.projection import ProjectEffects
from seawall.act.tables import FALLS, GROUNDS, HOLDING, SHIELDS
from seawall.appeal.finding import ProjectAppeals
from seawall.core.action import Action, Review
from seawall.core.clock import FixedClock
from seawall.core.diagnostic import Span
from seawall.policy.model import RandomLane
from seawall.review.finding import ProjectVerdicts
from seawall.review.model import Outcome
from seawall.review.project import ProjectTasks
from seawall.review.tables import LABELS, SAMPLES, TASKS, VERDICTS
from seawall.store.entry import Entry, Finding
from seawall.store.ledger import Ledger
from seawall.store.projector import Item
from seawall.store.tables import COPIES

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Table

    from seawall.core.decision import Decision

__all__ = ["empty_ledger", "ledger"]
HOLD = Action("visibility", "hold", "subject", grounds=(SCAM,))
LANE = RandomLane(queue="scam", rate=1.0, span=Span("seawall.yml"))
MEASURED = msgspec.structs.replace(PROJECT, random_lane=LANE)
COLUMNS: dict[Table, tuple[str, ...]] = {
    GROUNDS: ("ground_id",),
    FALLS: ("ground_id", "fact_id", "reason", "at", "by"),
    SHIELDS: ("subject_key", "clause", "fact_id", "at"),
    HOLDING: ("target_id", "axis", "territory", "action"),
    LABELS: (
        "label_id", "subject_key", "clause", "violates", "provenance", "reviewer", "inclusion_probability"
    ),
    VERDICTS: ("verdict_id", "task_id", "reviewer", "outcome", "clause", "actions", "decided_at", "settled"),
    SAMPLES: ("task_id", "frame", "probability"),
}  # fmt: skip


def picture(ledger: Ledger) -> dict[str, list[tuple[object, ...]]]:
    """What holds and what is known, without what only says when it was told, or words of people."""
    with ledger.read() as connection:
        found = {
            table.name: sorted(
                (tuple(row) for row in connection.execute(select(*(table.c[name] for name in names)))),
                key=repr,
            )
            for table, names in COLUMNS.items()
        }
        found["holding"] = [
            row for row in found["holding"] if row[-1] is not None
        ]  # nothing is no row either
        done = select(TASKS.c.task_id, TASKS.c.state).where(TASKS.c.state == "done")
        found["done"] = sorted(tuple(row) for row in connection.execute(done))
    return found


def findings(ledger: Ledger) -> list[Finding]:
    with ledger.read() as connection:
        bodies = connection.scalars(select(COPIES.c.body).order_by(COPIES.c.created, COPIES.c.finding_id))
        return [msgspec.json.decode(body, type=Finding) for body in bodies]


def projected(ledger: Ledger, bodies: list[Entry | Finding]) -> None:
    clock, effects = FixedClock(T0 + 3_600_000_000), Effects()
    tasks = ProjectTasks(salt="s")
    grounds = ProjectEffects(effects, clock=clock)
    for one in (tasks, grounds):
        one.know(MEASURED)
    whole = (grounds, tasks, ProjectVerdicts(effects, clock=clock), ProjectAppeals(effects, clock=clock))
    for number, body in enumerate(bodies):
        with ledger.begin() as connection:
            for projection in whole:
                projection(connection, [Item("main", number, body)])


def a_day(platform: Platform) -> list[Decision]:
    """Two removed, one sent to people; one appealed and overturned, one cleared, two drawn."""
    routed = msgspec.structs.replace(
        decided("e3", HOLD, subject="c3", actor="u3"),
        review=(Review("scam", (SCAM,)),),
        fired=("scam.giveaway",),
    )  # fmt: skip
    decisions = [
        decided("e1", remove(), strike()),
        msgspec.structs.replace(decided("e2", remove(), subject="c2", actor="u2"), fired=("scam.giveaway",)),
        routed,
    ]
    platform.decide(*decisions, text="double your coins")
    tasks = ProjectTasks(salt="s")
    tasks.know(MEASURED)
    with platform.ledger.begin() as connection:
        tasks(connection, [Item("main", number, Entry(one)) for number, one in enumerate(decisions)])
    (notice,) = platform.notices("u1")
    platform.look_again(platform.appeal(notice), Outcome.NO_VIOLATION)
    for name, purpose, said in (("ada", "machine", ""), ("chi", "random", "fraud/scams#c1")):
        for task in platform.tasks(purpose):
            assert platform.take(name, task)
            outcome = Outcome.VIOLATES if said else Outcome.NO_VIOLATION
            platform.conclude(name, task, outcome, said)
    platform.chore()
    return decisions


def test_a_lost_ledger_comes_back_from_the_journal(ledger: Ledger, tmp_path: Path) -> None:
    platform = Platform(ledger)
    decisions = a_day(platform)
    wanted, copied = picture(ledger), findings(ledger)
    assert {(one.kind, one.purpose, one.outcome) for one in copied} == {
        ("verdict", "appeal", "no_violation"),
        ("appeal", "appeal", "overturned"),
        ("verdict", "machine", "no_violation"),
        ("verdict", "random", "violates"),
        ("strike", "", "given"),
        ("strike", "", "lifted"),
    }
    assert all(one.by in PEOPLE for one in copied if one.kind != "strike")
    assert "It was a quote." not in str(copied)  # what a person wrote is not in the journal
    assert all(len(rows) > 0 for rows in wanted.values())

    bodies: list[Entry | Finding] = [*map(Entry, decisions), *copied]
    for order in (bodies, bodies[::-1], [*bodies, *bodies]):
        again = Ledger.open(f"sqlite:///{tmp_path / f'{len(order)}-{order[0] is bodies[0]}.db'}")
        projected(again, order)
        assert picture(again) == wanted
        again.close()


def test_where_the_ledger_has_it_nothing_changes(ledger: Ledger) -> None:
    platform = Platform(ledger)
    decisions = a_day(platform)
    wanted = picture(ledger)
    projected(ledger, [*map(Entry, decisions), *findings(ledger)])
    assert picture(ledger) == wanted
