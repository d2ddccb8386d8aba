"""An appeal undoes what it should, exactly; it never makes anything worse; order leaves no trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from act_worlds import SUBJECTS, TIMES, facts, grounds
from hypothesis import given
from hypothesis import strategies as st

from seawall.act.facts import Facts, Ground
from seawall.act.holding import holding, stand
from seawall.act.standing import standing_of
from seawall.act.verdict import Cause, fell
from seawall.appeal.judge import help_offered, judge
from seawall.appeal.model import AppealOutcome
from seawall.core.action import LADDERS, Ladders
from seawall.core.diagnostic import Span
from seawall.policy.model import Clause
from seawall.review.model import Outcome, Verdict

if TYPE_CHECKING:
    import random

    from seawall.act.facts import Subject
    from seawall.appeal.judge import Judgement

UNDO = Cause(fact_id="undo", reason="undo", by="lea", at=13)
AT = 13  # after everything in the small worlds has begun
ACCOUNTS = ("u1", "u2")
PLAIN = st.sampled_from(
    [action for axis, ladder in LADDERS.items() if axis != "support" for action in ladder]
)
ITEMS = st.sampled_from(SUBJECTS[1:])
FREE = st.sampled_from([Outcome.NO_VIOLATION, Outcome.EXCEPTION])


def verdict(outcome: Outcome, clause: str = "", *, actions: tuple[str, ...] = ()) -> Verdict:
    return Verdict(
        verdict_id="second-look", task_id="t", reviewer="ben", outcome=outcome, clause=clause,
        actions=actions, decided_at=AT, settles_at=AT,
    )  # fmt: skip


def appealed(world: Facts, item: Subject, said: Verdict, *, cited: Clause | None = None) -> Judgement:
    about = tuple(ground for ground in world.grounds if ground.subject == item)
    standing = stand(about, world.falls, world.shields, AT)
    return judge(
        said, about, standing, helped=help_offered(standing), cited=cited, ladders=Ladders.extended()
    )


def held(world: Facts, at: int = AT) -> object:
    found = holding(world.grounds, world.falls, world.shields, at)
    return {key: (effect.action, effect.until) for key, effect in found.items()}


def standing(world: Facts, at: int = AT) -> object:
    parts = (world.grounds, world.falls, world.shields)
    return [standing_of(account, *parts, at) for account in ACCOUNTS]


def without(world: Facts, item: Subject) -> Facts:
    """The world in which the item was never acted on; help that was offered stays offered."""
    gone = {g.id for g in world.grounds if g.subject == item and g.key.axis != "support"}
    kept = tuple(ground for ground in world.grounds if ground.id not in gone)
    return Facts(kept, world.falls, world.shields)


def clause(severity: str) -> Clause:
    return Clause(id="c1", title="t", text="t", ground="terms", severity=severity, span=Span("x"))


@given(facts(), ITEMS, FREE, TIMES)
def test_an_overturn_restores_exactly_whatever_was_done_in_between(
    world: Facts, item: Subject, outcome: Outcome, more: int
) -> None:
    """The worlds hold decisions, verdicts, undos, shields and expiries in every mixture."""
    judgement = appealed(world, item, verdict(outcome))
    assert judgement.outcome is AppealOutcome.OVERTURNED
    after = world + judgement.facts
    for at in (AT, AT + more, AT + 100):
        assert held(after, at) == held(without(world, item), at)
        assert standing(after, at) == standing(without(world, item), at)


@given(facts(), ITEMS, st.randoms(use_true_random=False))
def test_the_order_in_which_its_facts_arrive_does_not_matter(
    world: Facts, item: Subject, rng: random.Random
) -> None:
    after = world + appealed(world, item, verdict(Outcome.NO_VIOLATION)).facts

    def shuffled(items: tuple) -> tuple:
        twice = [one for one in items for _ in range(rng.randint(1, 2))]
        rng.shuffle(twice)
        return tuple(twice)

    other = Facts(shuffled(after.grounds), shuffled(after.falls), shuffled(after.shields))
    assert held(other) == held(after)
    assert standing(other) == standing(after)


@given(facts(), ITEMS)
def test_what_a_machine_says_late_or_again_does_not_return(world: Facts, item: Subject) -> None:
    """A decision that was on its way while the appeal was decided arrives afterwards."""
    after = world + appealed(world, item, verdict(Outcome.NO_VIOLATION)).facts
    late = tuple(
        Ground(**{name: getattr(old, name) for name in old.__struct_fields__} | {"decision_id": "late"})
        for old in world.grounds
        if old.machine and old.subject == item and old.key.axis != "support"
    )
    assert held(after + Facts(late)) == held(after)


@given(
    facts(),
    ITEMS,
    st.sampled_from(("spam/s#c1", "scam/s#c2", "other/p#c9")),
    st.sets(PLAIN, max_size=3).map(lambda found: tuple(sorted(found))),
    st.none() | st.sampled_from(("low", "severe")).map(clause),
)
def test_an_appeal_never_makes_anything_worse(
    world: Facts, item: Subject, cites: str, actions: tuple[str, ...], cited: Clause | None
) -> None:
    judgement = appealed(world, item, verdict(Outcome.VIOLATES, cites, actions=actions), cited=cited)
    after = world + judgement.facts
    before = holding(world.grounds, world.falls, world.shields, AT)
    for key, effect in holding(after.grounds, after.falls, after.shields, AT).items():
        ladder = LADDERS[key.axis]
        assert key in before
        assert ladder.index(effect.action) <= ladder.index(before[key].action)
        assert before[key].until is None or effect.until is not None
    for one, other in zip(standing(world), standing(after), strict=True):
        assert other.points <= one.points
        assert len(other.strikes) <= len(one.strikes)
    if judgement.outcome is AppealOutcome.UPHELD:
        assert held(after) == held(world)


@given(facts(), ITEMS, st.sampled_from(("spam/s#c1", "scam/s#c2")))
def test_what_a_second_person_confirmed_outlives_the_machine(world: Facts, item: Subject, cites: str) -> None:
    """An undo of the strategy, afterwards, takes back what only the strategy said."""
    stood = stand(world.grounds, world.falls, world.shields, AT)
    agreed = [
        one for one in stood if one.subject == item and one.key.axis != "support" and policy(one) == cites[:4]
    ]
    judgement = appealed(world, item, verdict(Outcome.VIOLATES, cites))
    undone = world + judgement.facts + Facts(falls=fell(world.grounds, UNDO))
    left = {(one.key, one.action) for one in stand(undone.grounds, undone.falls, undone.shields, AT)}
    if agreed:
        assert judgement.outcome is AppealOutcome.UPHELD
        assert left == {(one.key, one.action) for one in agreed}


def policy(ground: Ground) -> str:
    return ground.clause[:4]


@given(st.lists(grounds(), min_size=1, max_size=8), ITEMS)
def test_the_same_words_elsewhere_are_restored_and_shielded_with_it(
    asked: list[Ground], item: Subject
) -> None:
    about = tuple(ground for ground in asked if ground.subject == item)
    alike = tuple(ground for ground in asked if ground.machine and ground.subject not in {None, item})
    said = verdict(Outcome.NO_VIOLATION)
    judgement = judge(said, about, about, alike, cited=None, ladders=Ladders.extended())
    world = Facts(tuple(asked)) + judgement.facts
    gone = {ground.id for ground in (*about, *alike) if ground.key.axis != "support"}
    expected = Facts(tuple(ground for ground in asked if ground.id not in gone))
    again = {(fall.fact_id, fall.reason, fall.by) for fall in judgement.facts.falls}
    assert again <= {("second-look", "appeal", "ben")}
    kept = {one.id for one in stand(world.grounds, world.falls, world.shields, AT)}
    shielded = {(shield.subject, shield.clause) for shield in judgement.facts.shields}
    assert {
        one.id for one in stand(expected.grounds, (), (), AT) if (one.subject, one.clause) not in shielded
    } <= kept
    assert not kept & gone
