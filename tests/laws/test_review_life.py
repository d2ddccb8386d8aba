"""Whatever people do with tasks, in whatever order: one holder, one verdict, nobody judges twice."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from sqlalchemy import create_engine, select

from seawall.act.facts import Subject
from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.diagnostic import Span
from seawall.core.errors import Conflict
from seawall.policy.model import Queue
from seawall.review.again import again
from seawall.review.conclude import conclude, undo
from seawall.review.expire import expire
from seawall.review.lease import SENIOR, lease
from seawall.review.model import INDEPENDENT, Outcome, Purpose, Reviewer, State, Task
from seawall.review.repo import add_tasks, find_task
from seawall.review.settle import settle
from seawall.review.step import ask, escalate, skip
from seawall.review.step import rule as give_ruling
from seawall.review.tables import LABELS, VERDICTS
from seawall.store.ledger import Ledger
from seawall.store.tables import METADATA

S = MICROS_PER_SECOND
QUEUE = Queue(name="q", title="Q", roles=("moderator", "lead"), sla_s=60, span=Span("queues/q.yml"))
PEOPLE = (
    Reviewer(name="ada", role="moderator"),
    Reviewer(name="ben", role="moderator", cleared=True),
    Reviewer(name="lea", role="lead"),
)
people = st.sampled_from(PEOPLE)
SUBJECTS = ("c1", "c2")


class TaskLife(RuleBasedStateMachine):
    """The ledger beside a model that keeps, per task, its state, its holder, and who may not have it."""

    tasks = Bundle("tasks")

    @initialize(target=tasks)
    def open(self) -> Any:
        self.ledger = Ledger(create_engine("sqlite://", connect_args={"check_same_thread": False}))
        METADATA.create_all(self.ledger.engine)
        self.now = 0
        self.made = 0
        self.state: dict[str, State] = {}
        self.known: dict[str, Task] = {}
        self.holder: dict[str, str] = {}
        self.lapses: dict[str, int] = {}
        self.barred: dict[str, set[str]] = {}
        self.level: dict[str, int] = {}
        self.skips: dict[str, int] = {}
        self.verdicts: dict[str, tuple[str, int]] = {}  # standing: by whom, when it settles
        self.judged: set[tuple[str, str]] = set()  # task, reviewer of a standing verdict
        self.questions: dict[str, str] = {}
        self.settled = 0
        purposes = (Purpose.MACHINE, Purpose.RANDOM, Purpose.APPEAL)
        return multiple(
            *(self.make(subject, purpose, False, None) for subject in SUBJECTS for purpose in purposes)
        )

    def teardown(self) -> None:
        self.ledger.close()

    @rule(
        target=tasks,
        subject=st.sampled_from(SUBJECTS),
        purpose=st.sampled_from(list(Purpose)),
        sealed=st.booleans(),
        patience=st.none() | st.integers(5, 60),
    )
    def arrive(self, subject: str, purpose: Purpose, sealed: bool, patience: int | None) -> str:
        return self.make(subject, purpose, sealed, patience)

    def make(self, subject: str, purpose: Purpose, sealed: bool, patience: int | None) -> str:
        self.made += 1
        return self._add(
            Task(
                task_id=f"t{self.made}",
                queue="q",
                purpose=purpose,
                subject=Subject("comment", subject),
                sealed=sealed,
                created=self.now,
                expires=None if patience is None else self.now + patience * S,
            )
        )

    @rule(target=tasks, task=tasks, purpose=st.sampled_from([Purpose.QA, Purpose.APPEAL]))
    def look_again(self, task: str, purpose: Purpose) -> str:
        self.made += 1
        return self._add(again(self.known[task], purpose, QUEUE, occasion=str(self.made), now=self.now))

    @rule(seconds=st.integers(1, 30))
    def wait(self, seconds: int) -> None:
        self.now += seconds * S

    @rule(person=people, seconds=st.integers(1, 40), ahead=st.booleans())
    def take(self, person: Reviewer, seconds: int, ahead: bool) -> None:
        possible = {name for name in self.known if self._may_take(name, person, ahead)}
        with self.ledger.begin() as connection:
            task = lease(connection, QUEUE, person, now=self.now, seconds=seconds, ahead=ahead)
        assert (task is None) == (not possible)
        if task is not None:
            assert task.task_id in possible
            self._hold(task.task_id, person, self.now + seconds * S)

    @rule(task=tasks, person=people, outcome=st.sampled_from([Outcome.NO_VIOLATION]))
    def conclude(self, task: str, person: Reviewer, outcome: Outcome) -> None:
        again_the_same = self.verdicts.get(task, ("", 0))[0] == person.name
        allowed = self._holds(task, person) and not self._not_independent(task, person)
        with self.ledger.begin() as connection:
            if again_the_same or allowed:
                conclude(connection, task, person, outcome=outcome, policies={}, now=self.now)
            else:
                with pytest.raises(Conflict):
                    conclude(connection, task, person, outcome=outcome, policies={}, now=self.now)
        if allowed and not again_the_same:
            self.state[task] = State.PENDING
            self.verdicts[task] = (person.name, self.now + 10 * S)
            self.judged.add((task, person.name))

    @rule(person=people)
    def work(self, person: Reviewer) -> None:
        """The ordinary course, which chance alone would seldom take: take the next one and conclude."""
        self.take(person, 30, False)
        for task in [name for name in self.known if self._holds(name, person)]:
            self.conclude(task, person, Outcome.NO_VIOLATION)

    @rule(task=tasks, person=people)
    def take_back(self, task: str, person: Reviewer) -> None:
        by, settles = self.verdicts.get(task, ("", 0))
        allowed = by == person.name and settles > self.now and self.state[task] is State.PENDING
        with self.ledger.begin() as connection:
            if not allowed:
                with pytest.raises(Conflict):
                    undo(connection, task, person, now=self.now)
                return
            undo(connection, task, person, now=self.now)
        del self.verdicts[task]
        self.judged.discard((task, person.name))
        self._hold(task, person, self.now + 600 * S)

    @rule(task=tasks, person=people, up=st.booleans())
    def give_back(self, task: str, person: Reviewer, up: bool) -> None:
        step: Any = escalate if up else skip
        with self.ledger.begin() as connection:
            if not self._holds(task, person):
                with pytest.raises(Conflict):
                    step(connection, task, person, reason="because", now=self.now)
                return
            self.now += 1
            given = step(connection, task, person, reason="because", now=self.now)
        self.skips[task] += not up
        self.level[task] += up or self.skips[task] % 3 == 0
        assert given.level == self.level[task]
        self.state[task] = State.WAITING
        self.barred[task].add(person.name)

    @rule(task=tasks, person=people)
    def wonder(self, task: str, person: Reviewer) -> None:
        with self.ledger.begin() as connection:
            if not self._holds(task, person):
                with pytest.raises(Conflict):
                    ask(connection, task, person, clause="p#c", text="what now?", now=self.now)
                return
            self.now += 1
            question = ask(connection, task, person, clause="p#c", text="what now?", now=self.now)
        self.questions[task] = question.question_id
        self.state[task] = State.ASKED

    @rule(task=tasks)
    def answer(self, task: str) -> None:
        if task in self.questions:
            with self.ledger.begin() as connection:
                give_ruling(connection, self.questions.pop(task), by="pia", ruling="so", now=self.now)
            if self.state[task] is State.ASKED:
                self.state[task] = State.WAITING

    @rule()
    def tidy(self) -> None:
        due = {name for name, (_, settles) in self.verdicts.items() if settles <= self.now}
        due = {name for name in due if self.state[name] is State.PENDING}
        late = {name for name in self.known if self._forgotten(name)}
        with self.ledger.begin() as connection:
            settled = settle(connection, now=self.now)
            expired = expire(connection, now=self.now)
        assert {one.task.task_id for one in settled} == due
        assert {one.task_id for one in expired} == late
        self.settled += len(due)
        for name in due:
            self.state[name] = State.DONE
        for name in late:
            self.state[name] = State.EXPIRED

    @invariant()
    def the_ledger_agrees(self) -> None:
        with self.ledger.read() as connection:
            for name, state in self.state.items():
                task = find_task(connection, name)
                assert task.state is state
                if state is State.LEASED:
                    assert (task.holder, task.lease_until) == (self.holder[name], self.lapses[name])
            labels = connection.execute(select(LABELS.c.label_id)).all()
            standing = connection.execute(
                select(VERDICTS.c.task_id, VERDICTS.c.reviewer).where(VERDICTS.c.undone.is_(None))
            ).all()
        assert len(labels) == self.settled
        assert sorted(map(tuple, standing)) == sorted(self.judged)  # one each, nobody twice

    @invariant()
    def nobody_reviewed_their_own_verdict(self) -> None:
        for task, person in self.judged:
            if self.known[task].purpose in INDEPENDENT:
                subject = self.known[task].subject
                theirs = {other for other, who in self.judged if who == person and other != task}
                others = {other for other in theirs if self.known[other].subject == subject}
                # after an independent look one may meet it again in ordinary work, never the reverse
                assert all(self.verdicts[other][1] >= self.verdicts[task][1] for other in others)

    def _add(self, task: Task) -> str:
        with self.ledger.begin() as connection:
            add_tasks(connection, [task])
        name = task.task_id
        self.known[name], self.state[name] = task, State.WAITING
        self.barred[name], self.level[name], self.skips[name] = set(), 0, 0
        return name

    def _hold(self, task: str, person: Reviewer, until: int) -> None:
        self.state[task], self.holder[task], self.lapses[task] = State.LEASED, person.name, until

    def _holds(self, task: str, person: Reviewer) -> bool:
        return self.state[task] is State.LEASED and self.holder[task] == person.name

    def _waits(self, task: str) -> bool:
        lapsed = self.state[task] is State.LEASED and self.lapses[task] <= self.now
        return self.state[task] is State.WAITING or lapsed

    def _forgotten(self, task: str) -> bool:
        expires = self.known[task].expires
        idle = self._waits(task) or self.state[task] is State.ASKED
        return expires is not None and expires <= self.now and idle

    def _not_independent(self, task: str, person: Reviewer) -> bool:
        known = self.known[task]
        same = {name for name, other in self.known.items() if other.subject == known.subject and name != task}
        return known.purpose in INDEPENDENT and any((name, person.name) in self.judged for name in same)

    def _may_take(self, task: str, person: Reviewer, ahead: bool) -> bool:
        known = self.known[task]
        return (
            self._waits(task)
            and (known.expires is None or known.expires > self.now)
            and person.name not in self.barred[task]
            and not self._not_independent(task, person)
            and (self.level[task] == 0 or person.role in SENIOR)
            and (not known.sealed or (person.cleared and not ahead))
        )


TestTaskLife = TaskLife.TestCase
TestTaskLife.settings = settings(
    max_examples=min(400, int(os.environ.get("SEAWALL_EXAMPLES", "20"))),
    stateful_step_count=30,
    deadline=None,
)
