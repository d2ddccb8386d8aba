"""The life of a task on both backends: taken, concluded, taken back, passed on, asked about, forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from review_ledgers import ledger, postgres_server
from sqlalchemy import select

from seawall.act.facts import Subject
from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.diagnostic import Span
from seawall.core.errors import Conflict, NotFound, UsageError
from seawall.policy.model import Clause, Policy, Queue
from seawall.review.again import again
from seawall.review.conclude import conclude, undo
from seawall.review.expire import expire
from seawall.review.lease import lease, renew
from seawall.review.model import Outcome, Purpose, Reviewer, State, Task
from seawall.review.repo import add_tasks, bar, find_task, set_views
from seawall.review.settle import settle
from seawall.review.step import ask, escalate, precedents, rule, skip
from seawall.review.tables import LABELS, STEPS

if TYPE_CHECKING:
    from seawall.store.ledger import Ledger

__all__ = ["ledger", "postgres_server"]
S = MICROS_PER_SECOND
QUEUE = Queue(
    name="scam", title="Scams", roles=("moderator", "lead"), sla_s=3600, span=Span("queues/scam.yml")
)
ADA, BEN, CHI, LEA = (
    Reviewer(name=name, role="lead" if name == "lea" else "moderator")
    for name in ("ada", "ben", "chi", "lea")
)


def _clause(name: str, *, exception: bool = False) -> Clause:
    return Clause(
        id=name,
        title=name,
        text=name,
        ground="terms",
        severity="high",
        exception=exception,
        span=Span("p.md"),
    )


POLICIES = {
    "scam/fraud": Policy(
        name="scam/fraud", title="Fraud", owner="policy", version="1", text="", span=Span("p.md"),
        clauses={"c2": _clause("c2"), "e1": _clause("e1", exception=True)},
    )
}  # fmt: skip


def _task(name: str = "t1", **more: object) -> Task:
    known = {"queue": "scam", "purpose": Purpose.MACHINE, "subject": Subject("comment", name), "created": 0}
    return Task(**{**known, "task_id": name, "clause": "scam/fraud#c2", "severity": "high", **more})


def _add(ledger: Ledger, *tasks: Task) -> None:
    with ledger.begin() as connection:
        add_tasks(connection, tasks)


def _take(ledger: Ledger, reviewer: Reviewer, *, now: int = 0, **more: object) -> Task | None:
    with ledger.begin() as connection:
        return lease(connection, QUEUE, reviewer, now=now, **more)


def _conclude(
    ledger: Ledger, task: str, reviewer: Reviewer, *, now: int, outcome: Outcome = Outcome.VIOLATES
) -> str:
    clause = {Outcome.VIOLATES: "scam/fraud#c2", Outcome.EXCEPTION: "scam/fraud#e1"}.get(outcome, "")
    with ledger.begin() as connection:
        verdict = conclude(
            connection, task, reviewer, outcome=outcome, clause=clause, policies=POLICIES, now=now
        )
    return verdict.verdict_id


def _state(ledger: Ledger, task: str = "t1") -> State:
    with ledger.read() as connection:
        return find_task(connection, task).state


def test_the_gravest_and_oldest_comes_first_and_only_once(ledger: Ledger) -> None:
    _add(
        ledger,
        _task("low", severity="low", created=1),
        _task("late", created=9),
        _task("early", created=2, views=1),
        _task("severe", severity="severe", created=10),
    )
    order = [_take(ledger, reviewer) for reviewer in (ADA, BEN, CHI, ADA)]
    assert [task and task.task_id for task in order] == ["severe", "early", "late", "low"]
    assert _take(ledger, LEA) is None


def test_what_is_seen_more_moves_up_and_an_old_figure_changes_nothing(ledger: Ledger) -> None:
    _add(ledger, _task("quiet", created=1), _task("viral", created=2))
    with ledger.begin() as connection:
        assert set_views(connection, Subject("comment", "viral"), 90_000) == 1
        assert set_views(connection, Subject("comment", "viral"), 10_000) == 0
        task = lease(connection, msgspec.structs.replace(QUEUE, order="views"), ADA, now=10)
    assert task is not None
    assert (task.task_id, task.views) == ("viral", 90_000)


@pytest.mark.parametrize(("order", "first"), [("oldest", "old"), ("views", "seen"), ("severity", "grave")])
def test_a_queue_has_its_own_order(ledger: Ledger, order: str, first: str) -> None:
    _add(
        ledger,
        _task("old", severity="low", created=1),
        _task("seen", severity="low", created=5, views=900),
        _task("grave", severity="severe", created=9),
    )
    with ledger.begin() as connection:
        task = lease(connection, msgspec.structs.replace(QUEUE, order=order), ADA, now=10)
    assert task is not None
    assert task.task_id == first


def test_a_lapsed_lease_goes_to_the_next_and_the_late_one_is_told(ledger: Ledger) -> None:
    _add(ledger, _task())
    assert _take(ledger, ADA, seconds=60) is not None
    assert _take(ledger, BEN, now=59 * S) is None
    taken = _take(ledger, BEN, now=60 * S)
    assert taken is not None
    assert taken.holder == "ben"
    with pytest.raises(Conflict, match="not yours"):
        _conclude(ledger, "t1", ADA, now=61 * S)


def test_a_lease_that_lapsed_unnoticed_loses_no_work(ledger: Ledger) -> None:
    _add(ledger, _task())
    _take(ledger, ADA, seconds=60)
    _conclude(ledger, "t1", ADA, now=100 * S)
    assert _state(ledger) is State.PENDING


def test_a_lease_can_be_renewed_by_its_holder_only(ledger: Ledger) -> None:
    _add(ledger, _task())
    _take(ledger, ADA, seconds=60)
    with ledger.begin() as connection:
        assert renew(connection, "t1", ADA, now=50 * S, seconds=60) == 110 * S
        with pytest.raises(Conflict, match="not yours"):
            renew(connection, "t1", BEN, now=50 * S)
    assert _take(ledger, BEN, now=100 * S) is None


def test_a_verdict_settles_into_a_label_after_ten_seconds(ledger: Ledger) -> None:
    _add(ledger, _task(decision_id="d1", event_id="e1", project_version="v1"))
    _take(ledger, ADA)
    _conclude(ledger, "t1", ADA, now=5 * S)
    with ledger.begin() as connection:
        assert settle(connection, now=14 * S) == ()
        (settled,) = settle(connection, now=15 * S)
        assert settle(connection, now=99 * S) == ()
        (label,) = connection.execute(select(LABELS)).mappings()
    assert settled.task.state is State.DONE
    assert (label["clause"], label["violates"], label["provenance"]) == ("scam/fraud#c2", True, "machine")
    assert (label["reviewer"], label["decision_id"], label["policy_version"]) == ("ada", "d1", "v1")
    assert label["inclusion_probability"] is None  # nobody drew it


@pytest.mark.parametrize("outcome", [Outcome.NO_VIOLATION, Outcome.EXCEPTION])
def test_what_is_allowed_is_a_label_on_the_clause_that_was_asked_about(
    ledger: Ledger, outcome: Outcome
) -> None:
    _add(ledger, _task())
    _take(ledger, ADA)
    _conclude(ledger, "t1", ADA, now=0, outcome=outcome)
    with ledger.begin() as connection:
        (settled,) = settle(connection, now=10 * S)
    assert (settled.label.violates, settled.label.clause) == (False, "scam/fraud#c2")


def test_a_verdict_can_be_taken_back_for_ten_seconds(ledger: Ledger) -> None:
    _add(ledger, _task())
    _take(ledger, ADA)
    _conclude(ledger, "t1", ADA, now=0)
    with ledger.begin() as connection:
        assert undo(connection, "t1", ADA, now=9 * S).state is State.LEASED
        assert settle(connection, now=60 * S) == ()
    _conclude(ledger, "t1", ADA, now=20 * S, outcome=Outcome.NO_VIOLATION)
    with ledger.begin() as connection:
        with pytest.raises(Conflict, match="no verdict to take back"):
            undo(connection, "t1", ADA, now=30 * S)
        (settled,) = settle(connection, now=30 * S)
    assert settled.verdict.outcome is Outcome.NO_VIOLATION


def test_the_same_verdict_sent_twice_is_given_once(ledger: Ledger) -> None:
    _add(ledger, _task())
    _take(ledger, ADA)
    assert _conclude(ledger, "t1", ADA, now=0) == _conclude(ledger, "t1", ADA, now=1)
    with pytest.raises(Conflict, match="it is pending"):
        _conclude(ledger, "t1", ADA, now=2, outcome=Outcome.NO_VIOLATION)


@pytest.mark.parametrize(
    ("outcome", "clause", "says"),
    [
        (Outcome.VIOLATES, "scam/fraud#c9", "no clause"),
        (Outcome.VIOLATES, "", "no clause"),
        (Outcome.VIOLATES, "scam/fraud#e1", "an exception"),
        (Outcome.EXCEPTION, "scam/fraud#c2", "not an exception"),
        (Outcome.NO_VIOLATION, "scam/fraud#c2", "cites no clause"),
    ],
)
def test_a_verdict_cites_a_clause_that_fits(ledger: Ledger, outcome: Outcome, clause: str, says: str) -> None:
    _add(ledger, _task())
    _take(ledger, ADA)
    with ledger.begin() as connection, pytest.raises(UsageError, match=says):
        conclude(connection, "t1", ADA, outcome=outcome, clause=clause, policies=POLICIES, now=0)
    assert _state(ledger) is State.LEASED


@pytest.mark.parametrize("purpose", [Purpose.QA, Purpose.APPEAL, Purpose.RANDOM, Purpose.GOLD])
def test_nobody_reviews_their_own_verdict(ledger: Ledger, purpose: Purpose) -> None:
    _add(ledger, _task())
    _take(ledger, ADA)
    _conclude(ledger, "t1", ADA, now=0)
    with ledger.begin() as connection:
        settle(connection, now=10 * S)
        second = again(find_task(connection, "t1"), purpose, QUEUE, occasion="once more", now=11 * S)
        add_tasks(connection, [second])
    assert _take(ledger, ADA, now=12 * S) is None
    taken = _take(ledger, BEN, now=12 * S)
    assert taken is not None
    assert taken.blind


def test_nobody_gets_around_it_by_taking_both_first(ledger: Ledger) -> None:
    """The independent task is taken before the other one is decided: the second verdict is refused."""
    _add(ledger, _task(), _task("t2", purpose=Purpose.RANDOM, subject=Subject("comment", "t1")))
    _take(ledger, ADA, task_id="t1")
    _take(ledger, ADA, task_id="t2")
    _conclude(ledger, "t1", ADA, now=0)
    with pytest.raises(Conflict, match="judged this before"):
        _conclude(ledger, "t2", ADA, now=1)


def test_an_edited_version_may_be_judged_by_the_same_reviewer(ledger: Ledger) -> None:
    _add(ledger, _task(), _task("t2", purpose=Purpose.RANDOM, subject=Subject("comment", "t1", "edited")))
    _take(ledger, ADA, task_id="t1")
    _conclude(ledger, "t1", ADA, now=0)
    assert _take(ledger, ADA, task_id="t2") is not None


def test_who_is_barred_does_not_get_it(ledger: Ledger) -> None:
    _add(ledger, _task())
    with ledger.begin() as connection:
        bar(connection, "t1", ["ada"], reason="decided")
    assert _take(ledger, ADA) is None
    assert _take(ledger, BEN) is not None


def test_an_escalated_task_waits_for_a_lead(ledger: Ledger) -> None:
    _add(ledger, _task())
    _take(ledger, ADA)
    with ledger.begin() as connection:
        escalate(connection, "t1", ADA, reason="I read no Thai", now=1)
        (step,) = connection.execute(select(STEPS)).mappings()
    assert (step["step"], step["note"]) == ("escalated", "I read no Thai")
    assert _take(ledger, BEN) is None
    assert _take(ledger, LEA) is not None


def test_a_skipped_task_goes_to_others_and_up_after_three(ledger: Ledger) -> None:
    _add(ledger, _task())
    for count, reviewer in enumerate((ADA, BEN, CHI), start=1):
        assert _take(ledger, reviewer) is not None
        with ledger.begin() as connection:
            given_back = skip(connection, "t1", reviewer, reason="conflict of interest", now=count)
        assert given_back.level == (1 if count == 3 else 0)
        assert _take(ledger, reviewer) is None
    assert _take(ledger, LEA) is not None


def test_a_step_needs_a_reason_and_the_task(ledger: Ledger) -> None:
    _add(ledger, _task())
    _take(ledger, ADA)
    with ledger.begin() as connection:
        with pytest.raises(UsageError, match="a reason is missing"):
            skip(connection, "t1", ADA, reason="  ", now=1)
        with pytest.raises(Conflict, match="not yours"):
            skip(connection, "t1", BEN, reason="why not", now=1)
        with pytest.raises(NotFound):
            skip(connection, "nothing", BEN, reason="why not", now=1)
    assert _state(ledger) is State.LEASED


def test_a_question_rests_until_its_ruling_which_is_a_precedent(ledger: Ledger) -> None:
    _add(ledger, _task())
    _take(ledger, ADA)
    with ledger.begin() as connection:
        question = ask(connection, "t1", ADA, clause="scam/fraud#c2", text="Is a raffle a giveaway?", now=1)
    assert _state(ledger) is State.ASKED
    assert _take(ledger, BEN) is None
    with ledger.begin() as connection:
        assert precedents(connection, "scam/fraud#c2") == ()
        rule(connection, question.question_id, by="pia", ruling="Yes, when a fee is asked for.", now=2)
        with pytest.raises(Conflict, match="its ruling already"):
            rule(connection, question.question_id, by="pia", ruling="No.", now=3)
        (precedent,) = precedents(connection, "scam/fraud#c2")
    assert (precedent.ruling, precedent.ruled_by, precedent.ruled_at) == (
        "Yes, when a fee is asked for.",
        "pia",
        2,
    )
    assert _take(ledger, ADA) is not None


def test_what_nobody_looks_at_expires_once_and_says_what_follows(ledger: Ledger) -> None:
    _add(
        ledger,
        _task("waits", expires=100 * S, on_timeout="allow"),
        _task("held", expires=100 * S),
        _task("lapsed", expires=100 * S, on_timeout="remove"),
        _task("patient"),
    )
    _take(ledger, ADA, task_id="held", seconds=500)
    _take(ledger, BEN, task_id="lapsed", seconds=50)
    with ledger.begin() as connection:
        assert expire(connection, now=99 * S) == ()
        expired = expire(connection, now=100 * S)
        assert expire(connection, now=100 * S) == ()
    assert [(task.task_id, task.on_timeout) for task in expired] == [("lapsed", "remove"), ("waits", "allow")]
    assert _take(ledger, CHI, now=101 * S, task_id="waits") is None
    _conclude(ledger, "held", ADA, now=101 * S)


def test_the_sealed_lane_is_for_cleared_reviewers_and_never_taken_ahead(ledger: Ledger) -> None:
    _add(ledger, _task(sealed=True))
    cleared = msgspec.structs.replace(ADA, cleared=True)
    assert _take(ledger, ADA) is None
    assert _take(ledger, cleared, ahead=True) is None
    assert _take(ledger, cleared) is not None


def test_a_queue_is_for_its_roles_and_a_sealed_one_for_who_is_cleared(ledger: Ledger) -> None:
    with ledger.begin() as connection:
        with pytest.raises(UsageError, match="not for the role 'analyst'"):
            lease(connection, QUEUE, Reviewer(name="ann", role="analyst"), now=0)
        with pytest.raises(UsageError, match="is sealed"):
            lease(connection, msgspec.structs.replace(QUEUE, sealed=True), ADA, now=0)


def test_a_task_made_again_stays_but_takes_a_later_rounds_reasons_while_it_waits(ledger: Ledger) -> None:
    later = _task(round=2, severity="severe", decision_id="d2")
    for tasks in ((_task(), later), (later, _task())):  # whichever comes first
        _add(ledger, *tasks)
        with ledger.read() as connection:
            assert find_task(connection, "t1").severity == "severe"
    _take(ledger, ADA)
    _add(ledger, _task(round=3, severity="low"))
    with ledger.read() as connection:
        task = find_task(connection, "t1")
    assert (task.round, task.state, task.holder) == (2, State.LEASED, "ada")
