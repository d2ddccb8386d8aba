"""A settled verdict changes what holds, and a time-out does what its route says: in one transaction, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from act_ledgers import SCAM, SPAM, T0, decided
from review_ledgers import ledger, postgres_server

from seawall.act import repo as facts
from seawall.act.effects import Effects
from seawall.act.facts import Facts, Subject
from seawall.act.grounds import grounds_of
from seawall.act.holding import holding
from seawall.core.action import Action, Ladders, Review
from seawall.core.diagnostic import Span
from seawall.core.errors import UsageError
from seawall.policy.model import Clause, Policy, Project, Queue
from seawall.review.conclude import conclude
from seawall.review.lease import lease
from seawall.review.model import Outcome, Purpose, Reviewer
from seawall.review.repo import add_tasks
from seawall.review.route import tasks_of
from seawall.review.tidy import Tidied, tidy

if TYPE_CHECKING:
    from seawall.core.decision import Decision
    from seawall.store.ledger import Ledger

__all__ = ["ledger", "postgres_server"]
S = 1_000_000
SPAN = Span("x.yml")
ADA = Reviewer(name="ada", role="moderator")
QUEUE = Queue(name="scam", title="s", roles=("moderator",), sla_s=60, span=SPAN)
CLAUSE = Clause(id="c1", title="c1", text="c1", ground="terms", severity="high", span=SPAN)
PROJECT = Project(
    root=".", name="p", markets=("SG",), groups={}, locales=(), market_tz={}, retention_days=30, data="d",
    ladders=Ladders.extended(), events={}, banks={}, signals={}, features={}, strategies={}, version="v1",
    queues={"scam": QUEUE},
    policies={
        "scam/fraud": Policy(
            name="scam/fraud", title="f", owner="p", version="1", text="", clauses={"c1": CLAUSE}, span=SPAN
        )
    },
)  # fmt: skip
EFFECTS = Effects()
HOLD = Action("visibility", "hold", "subject", grounds=(SCAM,))


def _decide(*actions: Action, event: str = "e1", on_timeout: str | None = None) -> Decision:
    review = Review("scam", (SCAM,), timeout_s=60, on_timeout=on_timeout)
    return msgspec.structs.replace(decided(event, *actions), review=(review,))


def _enact(ledger: Ledger, decision: Decision, *, purpose: Purpose = Purpose.MACHINE) -> None:
    asked = Facts(grounds=grounds_of(decision, ladders=PROJECT.ladders, surface="comment"))
    tasks = tasks_of(decision, surface="comment", queues=PROJECT.queues)
    with ledger.begin() as connection:
        EFFECTS.enact(connection, asked, at=T0)
        add_tasks(connection, [msgspec.structs.replace(task, purpose=purpose) for task in tasks])


def _conclude(ledger: Ledger, outcome: Outcome, *actions: str) -> None:
    with ledger.begin() as connection:
        task = lease(connection, QUEUE, ADA, now=T0)
        assert task is not None
        conclude(
            connection,
            task.task_id,
            ADA,
            outcome=outcome,
            clause="scam/fraud#c1" if outcome is Outcome.VIOLATES else "",
            actions=actions,
            policies=PROJECT.policies,
            now=T0 + S,
        )


def _tidy(ledger: Ledger, *, at: int) -> Tidied:
    with ledger.begin() as connection:
        return tidy(connection, EFFECTS, PROJECT, now=at)


def _holds(ledger: Ledger, *, at: int = T0 + 70 * S) -> dict[str, str]:
    with ledger.read() as connection:
        found = facts.of_subject(connection, Subject("comment", "c1"))
    state = holding(found.grounds, found.falls, found.shields, at)
    return {f"{key.target_kind}/{key.axis}": effect.action for key, effect in state.items()}


def test_help_stays_offered_whatever_is_concluded(ledger: Ledger) -> None:
    _enact(ledger, _decide(HOLD, Action("support", "offer_help", "actor", grounds=(SCAM,))))
    _conclude(ledger, Outcome.NO_VIOLATION)
    _tidy(ledger, at=T0 + 11 * S)
    assert _holds(ledger) == {"account/support": "offer_help"}


def test_no_violation_lifts_what_machines_asked_for_and_shields_it(ledger: Ledger) -> None:
    _enact(ledger, _decide(HOLD, Action("account", "strike", "actor", grounds=(SCAM,))))
    _conclude(ledger, Outcome.NO_VIOLATION)
    assert _holds(ledger) == {
        "comment/visibility": "hold",
        "account/account": "strike",
    }  # not before it settles
    assert len(_tidy(ledger, at=T0 + 11 * S).settled) == 1
    assert _holds(ledger) == {}
    _enact(ledger, _decide(HOLD, event="e2"))
    assert _holds(ledger) == {}  # the shield


def test_a_cleared_item_is_shielded_though_nothing_was_done_to_it(ledger: Ledger) -> None:
    _enact(ledger, _decide())
    _conclude(ledger, Outcome.NO_VIOLATION)
    _tidy(ledger, at=T0 + 11 * S)
    _enact(ledger, _decide(HOLD, event="e2"))
    assert _holds(ledger) == {}


def test_a_violation_replaces_the_hold_by_what_the_reviewer_chose(ledger: Ledger) -> None:
    _enact(ledger, _decide(HOLD))
    _conclude(ledger, Outcome.VIOLATES, "remove", "strike")
    _tidy(ledger, at=T0 + 11 * S)
    assert _holds(ledger) == {"comment/visibility": "remove", "account/account": "strike"}
    assert _tidy(ledger, at=T0 + 50 * S).settled == ()


def test_a_violation_without_actions_confirms_what_holds(ledger: Ledger) -> None:
    _enact(ledger, _decide(Action("visibility", "remove", "subject", grounds=(SCAM,))))
    _conclude(ledger, Outcome.VIOLATES)
    _tidy(ledger, at=T0 + 11 * S)
    with ledger.read() as connection:
        found = facts.of_subject(connection, Subject("comment", "c1"))
    assert sorted(ground.machine for ground in found.grounds) == [False, True]
    assert _holds(ledger) == {"comment/visibility": "remove"}


def test_what_another_policy_asks_for_is_left_alone_by_a_violation(ledger: Ledger) -> None:
    _enact(ledger, _decide(HOLD, Action("interaction", "mute", "actor", grounds=(SPAM,))))
    _conclude(ledger, Outcome.VIOLATES, "remove")
    _tidy(ledger, at=T0 + 11 * S)
    assert _holds(ledger) == {"comment/visibility": "remove", "account/interaction": "mute"}


def test_an_appeal_settles_but_the_way_back_decides_what_follows(ledger: Ledger) -> None:
    _enact(ledger, _decide(HOLD), purpose=Purpose.APPEAL)
    _conclude(ledger, Outcome.NO_VIOLATION)
    (settled,) = _tidy(ledger, at=T0 + 11 * S).settled
    assert settled.label.provenance == "appeal"
    assert _holds(ledger) == {"comment/visibility": "hold"}


@pytest.mark.parametrize(
    ("on_timeout", "then"), [("allow", {}), ("remove", {"comment/visibility": "remove"}), (None, None)]
)
def test_a_time_out_does_what_its_route_says(
    ledger: Ledger, on_timeout: str | None, then: dict[str, str] | None
) -> None:
    _enact(ledger, _decide(HOLD, on_timeout=on_timeout))
    assert _tidy(ledger, at=T0 + 59 * S).expired == ()
    assert len(_tidy(ledger, at=T0 + 60 * S).expired) == 1
    assert _holds(ledger) == ({"comment/visibility": "hold"} if then is None else then)
    _tidy(ledger, at=T0 + 61 * S)
    assert _holds(ledger) == ({"comment/visibility": "hold"} if then is None else then)


@pytest.mark.parametrize(
    ("outcome", "action", "says"),
    [(Outcome.VIOLATES, "shout", "no action 'shout'"), (Outcome.NO_VIOLATION, "remove", "only a violation")],
)
def test_actions_fit_the_verdict(ledger: Ledger, outcome: Outcome, action: str, says: str) -> None:
    _enact(ledger, _decide(HOLD))
    with pytest.raises(UsageError, match=says):
        _conclude(ledger, outcome, action)
