"""Any day of decisions, verdicts and undos, on a real ledger: what an appeal leaves, and who may judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from appeal_ledgers import LINKS, PEOPLE, PROJECT, SCAM, Platform, decided, help_offered, item, remove, strike
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from seawall.act import repo as facts
from seawall.act.facts import Facts, digest
from seawall.act.holding import holding
from seawall.act.tables import GROUNDS
from seawall.act.undo import Undo
from seawall.act.undo_strategy import request
from seawall.appeal.model import Reporter
from seawall.appeal.reports import take_report
from seawall.review.model import Outcome, Purpose, Task
from seawall.review.repo import add_tasks
from seawall.review.tables import VERDICTS
from seawall.store.ledger import Ledger
from seawall.store.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Callable

    from seawall.appeal.model import Notice


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return Ledger.open(f"sqlite:///{tmp_path_factory.mktemp('life') / 'ledger.db'}")


def fresh(ledger: Ledger) -> Platform:
    with ledger.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(delete(table))
    return Platform(ledger)


def decides(platform: Platform, number: int) -> None:
    subject, ground = ("c1", "c2")[number % 2], (SCAM, LINKS)[number // 2 % 2]
    actions = (remove(ground), strike(ground), help_offered())[: 1 + number % 3]
    one = decided(f"e{number}", *actions, subject=subject, at=platform.clock.now())
    platform.decide(one, text="the same words" if number % 5 == 0 else f"words {number}")


def judges(platform: Platform, number: int) -> None:
    """One of three people, on a task about one of two comments, of one purpose or another."""
    name, subject = ("ada", "ben", "chi")[number % 3], ("c1", "c2")[number // 3 % 2]
    purpose = (Purpose.MACHINE, Purpose.RANDOM, Purpose.QA)[number // 6 % 3]
    task = Task(
        task_id=digest("t", str(number)), queue="scam", purpose=purpose, subject=item(subject),
        clause=SCAM.policy, severity="high", actor="u1", created=platform.clock.now(),
    )  # fmt: skip
    with platform.ledger.begin() as connection:
        add_tasks(connection, [task])
    if platform.take(name, task.task_id):
        violates = number % 2 == 0
        clause = SCAM.policy if violates else ""
        platform.conclude(name, task.task_id, Outcome.VIOLATES if violates else Outcome.NO_VIOLATION, clause)
    platform.chore()


def undoes(platform: Platform, number: int) -> None:
    now = platform.clock.now()
    undo = Undo(
        strategy=(SCAM, LINKS)[number % 2].strategy, since=0, until=now, reason="r", asked_by="lea",
        asked_at=now,
    )  # fmt: skip
    with platform.ledger.begin() as connection:
        request(connection, undo, platform.effects)


STEPS = st.lists(
    st.tuples(st.sampled_from([decides, decides, judges, judges, undoes]), st.integers(0, 35)), max_size=7
)


def live(platform: Platform, steps: list[tuple[Callable[[Platform, int], None], int]]) -> None:
    for number, (step, variant) in enumerate([(decides, 0), *steps]):
        step(platform, variant)
        platform.clock.advance(seconds=60 + number)


@settings(max_examples=12)
@given(STEPS)
def test_an_overturn_leaves_the_day_as_if_the_comment_had_never_been_touched(
    shared: Ledger, steps: list
) -> None:
    platform = fresh(shared)
    live(platform, steps)
    notice = next(one for one in platform.notices("u1") if one.subject == item("c1"))
    appeal = platform.appeal(notice)
    for name in PEOPLE:
        if platform.take(name, appeal.task_id):
            platform.conclude(name, appeal.task_id, Outcome.NO_VIOLATION)
            break
    else:
        return  # everybody concluded on it before; it waits for somebody new
    with platform.ledger.read() as connection:
        world = facts.load(connection, GROUNDS.c.ground_id.is_not(None))
    platform.chore()
    expected = holding(*as_tuple(without(world, notice, platform.notices())), platform.clock.now())
    held = {(key.target_id, key.axis): effect.action for key, effect in expected.items()}
    assert done_to_people(platform.held()) == done_to_people(held)


def without(world: Facts, notice: Notice, told: list[Notice]) -> Facts:
    """As if nobody had acted on the comment, nor by the same strategies on the same words; help stays."""
    events = {one.event_id for one in told if one.words == notice.words and one.subject != notice.subject}
    mine = {ground.id for ground in world.grounds if ground.subject == notice.subject}
    reasons = {(one.strategy, one.clause) for one in world.grounds if one.id in mine and one.machine}
    alike = {
        (one.subject, one.clause)
        for one in world.grounds
        if one.event_id in events and one.machine and (one.strategy, one.clause) in reasons
    }
    kept = tuple(
        one
        for one in world.grounds
        if one.key.axis == "support"
        or not (one.id in mine or (one.machine and (one.subject, one.clause) in alike))
    )
    return Facts(kept, world.falls, world.shields)


def done_to_people(held: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    return {key: action for key, action in held.items() if key[1] != "support"}


def as_tuple(world: Facts) -> tuple[tuple, tuple, tuple]:
    return world.grounds, world.falls, world.shields


@settings(max_examples=12)
@given(STEPS)
def test_nobody_reviews_their_own_verdict(shared: Ledger, steps: list) -> None:
    platform = fresh(shared)
    live(platform, steps)
    notice = next(one for one in platform.notices("u1") if one.subject == item("c1"))
    appeal = platform.appeal(notice)
    judges(platform, 1)  # somebody concludes on it while it waits, too
    with platform.ledger.read() as connection:
        before = set(
            connection.scalars(select(VERDICTS.c.reviewer).where(VERDICTS.c.subject_key == item("c1").key))
        )
    taken = {name for name in PEOPLE if platform.take(name, appeal.task_id)}
    assert not taken & before
    assert taken or before == set(PEOPLE)


BRIGADES = st.sampled_from(
    [
        lambda n: Reporter(id=f"b{n}", device="one-phone", account_created=n),
        lambda n: Reporter(
            id=f"b{n}", device=f"d{n}", account_created=1_699_999_000_000_000 + n * 50_000_000
        ),
        lambda n: Reporter(id=f"b{n}"),
    ]
)


@settings(max_examples=8)
@given(STEPS, BRIGADES, st.permutations(range(12)))
def test_a_brigade_never_changes_what_holds_or_who_looks(
    shared: Ledger, steps: list, brigade: Callable[[int], Reporter], order: list[int]
) -> None:
    platform = fresh(shared)
    live(platform, steps)
    before = platform.held()
    for number in order:
        with platform.ledger.begin() as connection:
            take_report(
                connection, brigade(number), item("c1"), reason="spam", project=PROJECT,
                now=platform.clock.now(),
            )  # fmt: skip
        platform.clock.advance(seconds=1)
    platform.chore()
    assert platform.held() == before
    assert platform.tasks("report") == []
