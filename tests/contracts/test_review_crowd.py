"""Many reviewers at once: 50 on PostgreSQL, 20 on SQLite. No task has two holders, none is lost."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import TYPE_CHECKING

from review_ledgers import ledger, postgres_server
from sqlalchemy import func, select

from seawall.act.facts import Subject
from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.diagnostic import Span
from seawall.core.errors import Conflict
from seawall.policy.model import Queue
from seawall.review.conclude import conclude
from seawall.review.lease import lease
from seawall.review.model import Outcome, Purpose, Reviewer, State, Task
from seawall.review.repo import add_tasks
from seawall.review.settle import settle
from seawall.review.step import skip
from seawall.review.tables import LABELS, TASKS, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from seawall.store.ledger import Ledger

__all__ = ["ledger", "postgres_server"]
QUEUE = Queue(name="scam", title="Scams", roles=("moderator",), sla_s=3600, span=Span("queues/scam.yml"))
CROWD = {"sqlite": 20, "postgresql": 50}
S = MICROS_PER_SECOND


def _fill(ledger: Ledger, count: int) -> None:
    tasks = [
        Task(
            task_id=f"t{number}", queue="scam", purpose=Purpose.MACHINE, clause="scam/fraud#c2",
            subject=Subject("comment", f"c{number}"), created=number,
        )
        for number in range(count)
    ]  # fmt: skip
    with ledger.begin() as connection:
        add_tasks(connection, tasks)


def _crowd(ledger: Ledger, work: Callable[[Reviewer, threading.Barrier], list[str]]) -> dict[str, list[str]]:
    size = CROWD[ledger.engine.dialect.name]
    start = threading.Barrier(size)
    people = [Reviewer(name=f"r{number}", role="moderator") for number in range(size)]
    with ThreadPoolExecutor(size) as pool:
        done = {person.name: pool.submit(work, person, start) for person in people}
        return {name: future.result() for name, future in done.items()}


def test_everybody_reaches_for_the_same_queue_and_nobody_gets_the_same_task(ledger: Ledger) -> None:
    size = CROWD[ledger.engine.dialect.name]
    _fill(ledger, 2 * size)

    def work(person: Reviewer, start: threading.Barrier) -> list[str]:
        start.wait()
        held: list[str] = []
        for _ in range(2):
            with ledger.begin() as connection:
                task = lease(connection, QUEUE, person, now=0)
            if task is not None:
                held.append(task.task_id)
        return held

    held = Counter(task for tasks in _crowd(ledger, work).values() for task in tasks)
    assert max(held.values()) == 1
    # on PostgreSQL every row may be in another's hands at that instant; what is left is still there
    with ledger.begin() as connection:
        waiting = connection.execute(select(func.count()).where(TASKS.c.state == State.WAITING)).scalar_one()
    assert len(held) + waiting == 2 * size


def test_a_busy_shift_decides_every_task_once(ledger: Ledger) -> None:
    """Leases lapse, tasks are given back, verdicts race for the same task: each gets exactly one."""
    size = CROWD[ledger.engine.dialect.name]
    total = 2 * size
    _fill(ledger, total)
    moment = threading.Lock()
    clock = [0]

    def now() -> int:
        with moment:
            clock[0] += S
            return clock[0]

    def work(person: Reviewer, start: threading.Barrier) -> list[str]:
        rng = Random(person.name)
        decided: list[str] = []
        start.wait()
        idle = 0
        while idle < 3:
            with ledger.begin() as connection:
                task = lease(connection, QUEUE, person, now=now(), seconds=20)
            if task is None:
                idle += 1
                continue
            idle = 0
            mood = rng.random()
            if mood < 0.1:
                continue  # goes for lunch: the lease lapses
            with ledger.begin() as connection:
                try:
                    if mood < 0.15:
                        skip(connection, task.task_id, person, reason="not my language", now=now())
                        continue
                    conclude(
                        connection, task.task_id, person,
                        outcome=Outcome.NO_VIOLATION, policies={}, now=now(),
                    )  # fmt: skip
                    decided.append(task.task_id)
                except Conflict:
                    continue  # the lease had lapsed, and somebody else took it
        return decided

    decided = Counter(task for tasks in _crowd(ledger, work).values() for task in tasks)
    assert max(decided.values()) == 1
    with ledger.begin() as connection:
        settle(connection, now=clock[0] + 60 * S)
        states = dict(connection.execute(select(TASKS.c.state, func.count()).group_by(TASKS.c.state)).all())
        verdicts = connection.execute(select(func.count()).select_from(VERDICTS)).scalar_one()
        labels = connection.execute(select(func.count()).select_from(LABELS)).scalar_one()
    assert verdicts == labels == len(decided) == states[State.DONE]
    assert sum(states.values()) == total  # none lost: what is left waits, or its lease will lapse
    assert set(states) <= {State.DONE, State.WAITING, State.LEASED}


def test_several_settle_at_once_and_every_label_is_made_once(ledger: Ledger) -> None:
    _fill(ledger, 40)
    ada = Reviewer(name="ada", role="moderator")
    with ledger.begin() as connection:
        for _ in range(40):
            task = lease(connection, QUEUE, ada, now=0)
            assert task is not None
            conclude(connection, task.task_id, ada, outcome=Outcome.NO_VIOLATION, policies={}, now=0)

    def work(_person: Reviewer, start: threading.Barrier) -> list[str]:
        start.wait()
        with ledger.begin() as connection:
            return [settled.verdict.verdict_id for settled in settle(connection, now=10 * S)]

    settled = Counter(name for names in _crowd(ledger, work).values() for name in names)
    assert len(settled) == 40
    assert max(settled.values()) == 1
