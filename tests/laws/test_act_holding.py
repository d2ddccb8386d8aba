"""What holds is a function of sets: order, repeats and detours leave no trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from act_worlds import TIMES, facts, grounds
from hypothesis import given
from hypothesis import strategies as st

from seawall.act.facts import Facts, Ground
from seawall.act.holding import bars, holding, next_change, stand
from seawall.act.standing import WEIGHTS, standing_of
from seawall.act.verdict import Cause, clear, confirm, fell
from seawall.core.action import LADDERS

if TYPE_CHECKING:
    import random

APPEAL = Cause(fact_id="appeal-1", reason="appeal", by="reviewer-2", at=0)


def state(world: Facts, at: int) -> object:
    return holding(world.grounds, world.falls, world.shields, at)


def standing(world: Facts, at: int) -> object:
    return [standing_of(account, *astuple(world), at) for account in ("u1", "u2")]


def astuple(world: Facts) -> tuple[tuple, tuple, tuple]:
    return world.grounds, world.falls, world.shields


@given(facts(), TIMES, st.randoms(use_true_random=False))
def test_order_and_repetition_of_facts_never_matter(world: Facts, at: int, rng: random.Random) -> None:
    def shuffled(items: tuple) -> tuple:
        twice = [item for item in items for _ in range(rng.randint(1, 3))]
        rng.shuffle(twice)
        return tuple(twice)

    other = Facts(*(shuffled(items) for items in astuple(world)))
    assert state(other, at) == state(world, at)
    assert standing(other, at) == standing(world, at)


@given(facts(), TIMES)
def test_the_strongest_action_that_stands_holds_and_nothing_else(world: Facts, at: int) -> None:
    """The definition, word by word, without the code's shortcuts."""

    def stands(ground: Ground) -> bool:
        begun = ground.starts <= at and (ground.ends is None or ground.ends > at)
        fallen = any(fall.ground_id == ground.id and fall.at <= at for fall in world.falls)
        barred = any(
            shield.at <= at
            and ground.machine
            and ground.key.axis != "support"
            and shield.subject == ground.subject
            and shield.clause == ground.clause
            and not any(item not in shield.known for item in ground.evidence)
            for shield in world.shields
        )
        return begun and not fallen and not barred

    held = state(world, at)
    for key in {ground.key for ground in world.grounds}:
        asked = [ground.action for ground in world.grounds if ground.key == key and stands(ground)]
        strongest = max(asked, key=LADDERS[key.axis].index, default=None)
        assert (held[key].action if key in held else None) == strongest
    assert set(held) <= {ground.key for ground in world.grounds}


@given(facts(), st.lists(grounds(), max_size=6), TIMES)
def test_felling_everything_that_came_after_a_point_restores_the_state_before_it(
    before: Facts, after: list[Ground], at: int
) -> None:
    later = [ground for ground in after if ground.id not in {known.id for known in before.grounds}]
    detour = before + Facts(tuple(later)) + Facts(falls=fell(later, APPEAL))
    assert state(detour, at) == state(before, at)
    assert standing(detour, at) == standing(before, at)


@given(facts(), st.sampled_from(("d0", "d1", "d2", "d3")), TIMES)
def test_an_overturn_leaves_the_world_as_if_the_decision_had_never_been(
    world: Facts, decision: str, at: int
) -> None:
    """Whatever else was done meanwhile: other decisions, verdicts, undos, shields, expiry."""
    its = [ground for ground in world.grounds if ground.decision_id == decision]
    overturned = world + Facts(falls=fell(its, APPEAL))
    without = Facts(
        tuple(ground for ground in world.grounds if ground.decision_id != decision),
        world.falls,
        world.shields,
    )
    assert state(overturned, at) == state(without, at)
    assert standing(overturned, at) == standing(without, at)


@given(facts(), TIMES)
def test_a_cleared_version_stays_clear_until_there_is_new_evidence(world: Facts, at: int) -> None:
    """Machines may repeat themselves as they like, earlier or later, late in delivery or not."""
    cleared = world + clear(world.grounds, APPEAL)
    again = Facts(
        tuple(
            Ground(**{field: getattr(old, field) for field in old.__struct_fields__} | new)
            for old in world.grounds
            if old.machine and old.subject is not None
            for new in ({"decision_id": "again"}, {"decision_id": "fresh", "evidence": ("reports:new",)})
        )
    )
    shields = (cleared + again).shields
    for ground in stand(again.grounds, cleared.falls, shields, at):
        assert ground.decision_id == "fresh" or ground.key.axis == "support"  # help is never barred
    for ground in stand(again.grounds, (), (), at):
        if ground.decision_id == "fresh":
            assert not any(bars(shield, ground) for shield in clear(world.grounds, APPEAL).shields)


@given(facts(), TIMES)
def test_what_a_human_confirmed_outlives_the_machine(world: Facts, at: int) -> None:
    confirmed = confirm(world.grounds, APPEAL)
    undone = world + confirmed + Facts(falls=fell(world.grounds, APPEAL))
    asked = {
        (ground.key, ground.action) for ground in world.grounds if ground.ends is None or ground.ends > at
    }
    held = {(ground.key, ground.action) for ground in stand(undone.grounds, undone.falls, world.shields, at)}
    assert held == asked


@given(facts(), TIMES)
def test_nothing_changes_before_the_time_that_was_promised(world: Facts, at: int) -> None:
    promised = next_change(*astuple(world), at)
    for later in range(at, 25 if promised is None else promised):
        assert state(world, later) == state(world, at)


@given(facts(), TIMES)
def test_one_occasion_is_one_strike_of_the_gravest_clause_that_stands(world: Facts, at: int) -> None:
    for account in ("u1", "u2"):
        stood = [
            ground
            for ground in stand(*astuple(world), at)
            if ground.key.target_id == account and ground.action == "strike"
        ]
        found = {
            strike.ground.occasion: strike for strike in standing_of(account, *astuple(world), at).strikes
        }
        assert set(found) == {ground.occasion for ground in stood}
        for occasion, strike in found.items():
            weights = [WEIGHTS[ground.severity] for ground in stood if ground.occasion == occasion]
            assert strike.weight == max(weights)


@given(facts(), TIMES)
def test_help_is_no_strike_and_no_restriction(world: Facts, at: int) -> None:
    helped = Facts(tuple(g for g in world.grounds if g.key.axis == "support"), world.falls, world.shields)
    for account in ("u1", "u2"):
        found = standing_of(account, *astuple(helped), at)
        assert (found.strikes, found.restrictions, found.points) == ((), (), 0)
