"""When strategies fall, what holds is what would hold had they never fired, whatever else was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from seawall.act.facts import Facts, Ground, Subject
from seawall.act.grounds import grounds_of
from seawall.act.holding import carrying, holding
from seawall.act.standing import standing_of
from seawall.act.undo import Undo, falls_of
from seawall.act.verdict import Cause, clear
from seawall.core.action import WORLDWIDE, Ladders
from seawall.core.clock import MICROS_PER_SECOND
from seawall.core.decision import Decision
from seawall.decide.ask import grounded
from seawall.decide.beneath import beneath
from seawall.decide.combine import combine, targets
from seawall.policy.model import Project, Then
from seawall.testing import projects

if TYPE_CHECKING:
    import random
    from collections.abc import Collection

    from seawall.decide.ask import Grounded

LADDERS = Ladders.extended()
NAMES = ("s0", "s1", "s2", "s3")
PARTIES = {"host": "u1", "guest": "u2"}
AIMED = {item: targets(item, "u1", PARTIES) for item in ("c1", "c2")}
SECOND = MICROS_PER_SECOND

thens = st.lists(
    st.builds(
        Then,
        action=st.sampled_from(["label", "hold", "remove", "mute", "strike", "suspend", "offer_help"]),
        target=st.sampled_from(["actor", "host", "guest"]),
        duration_s=st.sampled_from([None, 5, 20]),
        territory=st.sampled_from([None, ("SG",), ("DE", "SG"), (WORLDWIDE,)]),
    ).map(lambda then: _on_subject(then) if LADDERS.axis_of(then.action) == "visibility" else then),
    max_size=3,
)


def _on_subject(then: Then) -> Then:
    return Then(action=then.action, target="subject", duration_s=then.duration_s, territory=then.territory)


@st.composite
def asking(draw: st.DrawFn) -> dict[str, Grounded]:
    """What four strategies ask for, each on a clause of its own."""
    severities = st.sampled_from(["low", "medium", "high", "severe"])
    policy = projects.policy(clauses=[projects.clause(draw(severities), id=f"c{n}") for n in range(4)])
    strategies = [
        projects.strategy(name, "true", *draw(thens), clause=f"c{n}") for n, name in enumerate(NAMES)
    ]
    project: Project = projects.project(strategies=strategies, policies=[policy])
    return {each.name: grounded(project, each, "SG") for each in strategies}


class Made(NamedTuple):
    """One decision: on which item, which strategies fired, when."""

    number: int
    item: str
    fired: frozenset[str]
    at: int


made = st.lists(
    st.tuples(st.sampled_from(["c1", "c2"]), st.sets(st.sampled_from(NAMES), min_size=1), st.integers(0, 9)),
    min_size=1,
    max_size=4,
).map(
    lambda found: [Made(n, item, frozenset(fired), at * SECOND) for n, (item, fired, at) in enumerate(found)]
)
names = st.sets(st.sampled_from(NAMES), max_size=3)


def decided(asks: dict[str, Grounded], one: Made, *, without: Collection[str] = ()) -> Decision:
    fired = [asks[name] for name in NAMES if name in one.fired and name not in without]
    actions, review = combine(fired, AIMED[one.item], LADDERS)
    return Decision(
        decision_id=f"d{one.number}",
        event_id=f"e{one.number}",
        type="comment",
        ts=one.at,
        subject=one.item,
        actor="u1",
        actions=actions,
        beneath=beneath(fired, AIMED[one.item], actions),
        review=review,
        decided_at=one.at,
    )


def asked(decision: Decision) -> tuple[Ground, ...]:
    return grounds_of(decision, ladders=LADDERS, surface="comment")


def held(grounds: Collection[Ground], world: Facts, at: int) -> object:
    """What is felt, and why; which strike of the same weight stands for an occasion is of no account."""
    effects = holding(grounds, world.falls, world.shields, at)
    accounts = [standing_of(name, grounds, world.falls, world.shields, at) for name in ("u1", "u2")]
    return (
        {key: (effect.action, effect.until, effect.clauses) for key, effect in effects.items()},
        [(one.points, len(one.strikes), one.restrictions) for one in accounts],
        {(one.key, one.action, one.strategy) for one in carrying(grounds, world.falls, world.shields, at)},
    )


@given(asking(), made, names, st.integers(0, 40))
def test_fallen_strategies_leave_no_trace(
    asks: dict[str, Grounded], decisions: list[Made], fallen: set[str], at: int
) -> None:
    grounds = [ground for one in decisions for ground in asked(decided(asks, one))]
    left = [ground for ground in grounds if ground.strategy not in fallen]
    never = [ground for one in decisions for ground in asked(decided(asks, one, without=fallen))]
    assert {one.id for one in left} == {one.id for one in never}
    assert held(left, Facts(), at * SECOND) == held(never, Facts(), at * SECOND)


@given(asking(), made, st.data(), st.randoms(use_true_random=False))
def test_after_any_undos_verdicts_and_expiries_what_holds_is_as_if_the_fallen_had_never_fired(
    asks: dict[str, Grounded], decisions: list[Made], data: st.DataObject, rng: random.Random
) -> None:
    """Decisions arrive in any order, also after what fells them."""
    undos = [
        Undo(strategy=name, since=since, until=until, reason="", asked_by="lea", asked_at=90 * SECOND)
        for name, since, until in data.draw(
            st.lists(
                st.tuples(st.sampled_from(NAMES), *[st.integers(0, 9).map(lambda n: n * SECOND)] * 2),
                max_size=3,
            )
        )
    ]
    cleared = data.draw(st.sets(st.sampled_from(["c1", "c2"]), max_size=1))
    arrived = list(decisions)
    rng.shuffle(arrived)
    world, before = Facts(), data.draw(st.integers(0, len(arrived)))
    for number, one in enumerate(arrived):
        if number == before:
            world += _verdict(world, cleared)
        world += Facts(asked(decided(asks, one)))
    if before == len(arrived):
        world += _verdict(world, cleared)
    for undo in undos:
        world += Facts(falls=falls_of(undo, world.grounds, by="lea", at=0))
    shielded = {(shield.subject.id, shield.clause) for shield in world.shields}

    def fell(one: Made) -> set[str]:
        undone = {undo.strategy for undo in undos if undo.since <= one.at <= undo.until}
        return undone | {name for name, each in asks.items() if (one.item, each.ground.policy) in shielded}

    helped = [ground for ground in world.grounds if ground.key.axis == "support"]
    at = data.draw(st.integers(0, 40)) * SECOND
    never = [
        ground
        for one in decisions
        for ground in asked(decided(asks, one, without=fell(one)))
        if ground.key.axis != "support"
    ]
    punished = [ground for ground in world.grounds if ground.key.axis != "support"]
    assert held(punished, world, at) == held(never, Facts(), at)
    undone = {fall.ground_id for fall in world.falls if fall.reason == "undo"}
    offers = holding(helped, world.falls, world.shields, at)
    assert {one.id for each in offers.values() for one in each.grounds}.isdisjoint(undone)


def _verdict(world: Facts, cleared: set[str]) -> Facts:
    about = [
        ground
        for ground in world.grounds
        if ground.subject in {Subject("comment", item) for item in cleared} and ground.key.axis != "support"
    ]
    return clear(about, Cause(fact_id="v1", reason="verdict", by="r1", at=0))


@given(asking(), made)
def test_what_shows_is_what_holds_of_a_decision_alone(
    asks: dict[str, Grounded], decisions: list[Made]
) -> None:
    for one in decisions:
        decision = decided(asks, one)
        shown = {
            (action.action, action.target_id, market): None
            if action.duration_s is None
            else one.at + action.duration_s * SECOND
            for action in decision.actions
            for market in action.territory
            if action.action != "strike"
        }
        effects = holding(asked(decision), (), (), one.at)
        assert {
            (effect.action, key.target_id, key.territory): effect.until
            for key, effect in effects.items()
            if effect.action != "strike"
        } == shown
