"""The cascade: the outcome equals buying everything, nothing bought is useless, and order is no input."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from seawall.core.action import WORLDWIDE
from seawall.core.decision import Decision, Reading
from seawall.core.event import Event
from seawall.core.truth import NOT_BOUGHT, Truth
from seawall.decide import engine as machine
from seawall.decide.combine import combine, targets
from seawall.decide.conclude import ROUNDS
from seawall.decide.lessons import lessons_of
from seawall.decide.model import Done, Looked, Sample
from seawall.decide.plan import Plan
from seawall.decide.shares import Learner, Shares
from seawall.decide.trace import trace
from seawall.policy.conditions.expr import And, Expr, Not, Or, signals_of
from seawall.policy.model import Mode, OnFailure, Project, ReviewThen, Strategy, Then
from seawall.testing import projects

if TYPE_CHECKING:
    from collections.abc import Sequence

SIGNALS = {"sa": 1.0, "sb": 1.0, "sc": 40.0, "sd": 900.0}
EVERYTHING = Sample(probability=1.0, budget_us=1e12)

leaves = st.one_of(
    st.builds("{} {} 0.5".format, st.sampled_from([*SIGNALS, "seen_10m"]), st.sampled_from([">", "<="])),
    st.sampled_from(["sa + sb > 1", "sa IS NULL", "COALESCE(sb, 0.9) > 0.5", "sc > sd"]),
    st.sampled_from(["text = 'x'", "link_domain IS NULL", "account_age_days > 3", "market = 'SG'"]),
)  # fmt: skip
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("NOT ({})".format, inner),
    ),
    max_leaves=5,
)
thens = st.lists(
    st.builds(
        Then,
        action=st.sampled_from(["label", "hold", "remove", "strike", "suspend", "offer_help", "mute"]),
        target=st.sampled_from(["subject", "actor", "host"]),
        duration_s=st.sampled_from([None, 60, 3600]),
        territory=st.sampled_from([None, ("SG",), ("DE", "SG"), (WORLDWIDE,)]),
    ),
    max_size=3,
)
reviews = st.lists(
    st.builds(
        ReviewThen,
        queue=st.sampled_from(["scam", "spam"]),
        timeout_s=st.sampled_from([None, 60]),
        on_timeout=st.sampled_from([None, "allow", "remove"]),
    ),
    max_size=1,
)


as_null = st.just(OnFailure())
failures = st.sampled_from(
    [OnFailure(), OnFailure(retry=True), OnFailure(review="spam"), OnFailure(retry=True, review="spam")]
)


@st.composite
def _strategies(draw: st.DrawFn, means: st.SearchStrategy[OnFailure] = as_null) -> list[Strategy]:
    return [
        projects.strategy(
            f"s{n}",
            draw(conditions),
            *draw(thens),
            *draw(reviews),
            mode=draw(st.sampled_from([Mode.LIVE, Mode.LIVE, Mode.LIVE, Mode.SHADOW, Mode.OFF])),
            clause=draw(st.sampled_from(["c1", "c2", "c3"])),
            markets=draw(st.sampled_from([(), (), ("SG",), ("DE", "ID")])),
            languages=draw(st.sampled_from([(), (), ("en",)])),
            on_failure=draw(means),
        )
        for n in range(draw(st.integers(1, 5)))
    ]


words = st.sampled_from(["AND", "OR", "AND NOT", "OR NOT"])
free = st.sampled_from(["text = 'x'", "link_domain IS NULL", "account_age_days > 3"])
dear = st.builds("{} > 0.5".format, st.sampled_from(sorted(SIGNALS)))
settled = st.builds("({} {} {}) {} {}".format, free, words, dear, words, dear)
plain = st.lists(settled, min_size=1, max_size=2).map(
    lambda texts: [
        projects.strategy(f"s{n}", text, Then(action="remove", target="subject"))
        for n, text in enumerate(texts)
    ]
)
"""Strategies that always hold and always matter: what is bought depends on their conditions alone."""


def _project(strategies: Sequence[Strategy]) -> Project:
    return projects.project(
        strategies=strategies,
        events=[projects.event_type(parties=("host",))],
        signals=[projects.signal(name, cost_us=cost) for name, cost in SIGNALS.items()],
        features=[projects.feature("seen_10m")],
        policies=[
            projects.policy(
                clauses=[
                    projects.clause(),
                    projects.clause("high", "law", id="c2", jurisdictions=("DE", "SG")),
                    projects.clause("severe", id="c3"),
                ],
                overlays={"SG": {"c1": projects.clause("medium", "law", jurisdictions=("SG",))}},
            )
        ],
    )


values = st.sampled_from([0.2, 0.7, None])


@st.composite
def _events(draw: st.DrawFn) -> tuple[Event, dict[str, Reading], dict[str, Reading]]:
    """An event, its features, and what each signal would say."""
    event = Event(
        id=draw(st.uuids()).hex,
        type="comment",
        ts=draw(st.integers(0, 10**12)),
        market=draw(st.sampled_from(["SG", "DE", None])),
        language=draw(st.sampled_from(["en", "id", None])),
        available_in=draw(st.sampled_from([(), ("DE",)])),
        parties=draw(st.sampled_from([{}, {"host": "u1"}, {"host": "u2"}])),
        fields={
            "comment_id": "c1",
            "actor_id": draw(st.sampled_from(["u1", None])),
            "text": draw(st.sampled_from(["x", "y"])),
            "link_domain": draw(st.sampled_from(["a.example", None])),
            "account_age_days": draw(st.sampled_from([1, 9, None])),
        },
    )
    count = draw(st.sampled_from([0, 7, None]))
    says = {name: draw(values) for name in SIGNALS}
    return (
        event,
        {"seen_10m": Reading(count, None if count is not None else "warming")},
        {name: Reading(value, None if value is not None else "failed") for name, value in says.items()},
    )


Given = tuple[Event, dict[str, Reading], dict[str, Reading]]


def _decide(
    project: Project,
    batch: Sequence[Given],
    *,
    everything: bool = False,
    bought: list[Any] | None = None,
    shares: Shares = Shares(),  # noqa: B008  frozen
) -> tuple[Decision, ...]:
    engine = machine.build(
        project, sample=EVERYTHING if everything else Sample(probability=0.0), shares=shares
    )
    state = engine.start(
        [event for event, _, _ in batch],
        [features for _, features, _ in batch],
        audit=[everything] * len(batch),
    )
    while not isinstance(need := engine.step(state), Done):
        if bought is not None:
            bought += [(need.signal, row, dict(state.cases[row].bought)) for row in need.rows]
        engine.supply(state, need.signal, [batch[row][2][need.signal] for row in need.rows])
    return need.decisions


batches = st.lists(_events(), min_size=1, max_size=4)


@given(_strategies(failures), batches)
def test_the_outcome_equals_buying_everything(strategies: list[Strategy], batch: list[Given]) -> None:
    project = _project(strategies)
    cheap, dear = _decide(project, batch), _decide(project, batch, everything=True)
    for few, all_ in zip(cheap, dear, strict=True):
        assert (few.action, few.actions, few.review) == (all_.action, all_.actions, all_.review)
        assert (few.missing, few.final) == (all_.missing, all_.final)
        assert set(all_.signals) == set(SIGNALS)
        assert set(few.fired) <= set(all_.fired) <= {*few.fired, *few.undetermined}
        assert set(few.shadow) <= set(all_.shadow) <= {*few.shadow, *few.undetermined}
        failed = {name for name, reading in all_.signals.items() if reading.null}
        assert not all_.undetermined or failed


@given(_strategies(), batches)
def test_what_fires_is_what_the_trace_says_is_true(strategies: list[Strategy], batch: list[Given]) -> None:
    project = _project(strategies)
    plan = Plan(project, project.events["comment"])
    for (event, features, says), decision in zip(
        batch, _decide(project, batch, everything=True), strict=True
    ):
        known = {**event.fields, **features, **says, "market": event.market}
        holds = plan.in_scope(event.market, event.language, event.available_in)
        true = [
            plan.names[n]
            for n, condition in enumerate(plan.conditions)
            if n in holds and trace(condition, known).truth is Truth.TRUE
        ]
        assert sorted((*decision.fired, *decision.shadow)) == sorted(true)


@given(st.one_of(plain, _strategies()), batches)
def test_nothing_is_bought_that_cannot_matter(strategies: list[Strategy], batch: list[Given]) -> None:
    project = _project(strategies)
    bought: list[tuple[str, int, dict[str, Reading]]] = []
    _decide(project, batch, bought=bought)
    for signal, row, before in bought:
        event, features, _ = batch[row]
        assert _could_matter(project, event, features, before, signal)


def _could_matter(
    project: Project, event: Event, features: dict[str, Reading], before: dict[str, Reading], signal: str
) -> bool:
    """Brute force: let every leaf that reads a signal not bought be anything; do this signal's tell?"""
    plan = Plan(project, project.events["comment"])
    known = {**event.fields, **features, "market": event.market, **before}
    live = sorted(plan.live & plan.in_scope(event.market, event.language, event.available_in))
    trees = [_tree(plan.conditions[n].expr, known) for n in live]
    free = [leaf for tree in trees for leaf in _open_leaves(tree)]
    if len(free) > 9:
        return True  # too many to try
    told = [leaf for leaf in free if signal in leaf[1]]
    rest = [leaf for leaf in free if signal not in leaf[1]]
    aimed = targets("c1", None if event.fields["actor_id"] is None else "u1", event.parties)
    for others in product([True, False], repeat=len(rest)):
        outcomes = set()
        for own in product([True, False], repeat=len(told)):
            chosen = {id(leaf): value for leaf, value in zip([*rest, *told], [*others, *own], strict=True)}
            fired = [
                plan.grounded(n, event.market)
                for n, tree in zip(live, trees, strict=True)
                if _true(tree, chosen)
            ]
            outcomes.add(combine(fired, aimed, project.ladders))
        if len(outcomes) > 1:
            return True
    return False


def _tree(expr: Expr, known: dict[str, Any], *, wanted: bool = True) -> Any:
    """NOT pushed to the leaves; a leaf is True, False, or [the signals it waits for]."""
    match expr:
        case Not(part=part):
            return _tree(part, known, wanted=not wanted)
        case And(parts=parts) | Or(parts=parts):
            word = "and" if isinstance(expr, And) is wanted else "or"
            return (word, [_tree(part, known, wanted=wanted) for part in parts])
        case _:
            condition = msgspec.structs.replace(_ANY, expr=expr)
            waits = [name for name in signals_of(expr) if known.get(name, NOT_BOUGHT) is NOT_BOUGHT]
            if waits:
                return ("leaf", waits)
            truth = trace(condition, known).truth
            return truth is (Truth.TRUE if wanted else Truth.FALSE)


_ANY = Plan(_project([projects.strategy("any", "text = 'x'")]), projects.event_type()).conditions[0]


def _open_leaves(tree: Any) -> list[Any]:
    if isinstance(tree, bool):
        return []
    return [tree] if tree[0] == "leaf" else [leaf for part in tree[1] for leaf in _open_leaves(part)]


def _true(tree: Any, chosen: dict[int, bool]) -> bool:
    if isinstance(tree, bool):
        return tree
    word, parts = tree
    if word == "leaf":
        return chosen[id(tree)]
    return all(_true(p, chosen) for p in parts) if word == "and" else any(_true(p, chosen) for p in parts)


@given(_strategies(), batches, st.randoms(use_true_random=False))
def test_the_order_of_strategies_does_not_matter(
    strategies: list[Strategy], batch: list[Given], random: Any
) -> None:
    project = _project(strategies)
    names = list(project.strategies)
    random.shuffle(names)
    shuffled = msgspec.structs.replace(project, strategies={name: project.strategies[name] for name in names})
    for one, other in zip(_decide(project, batch), _decide(shuffled, batch), strict=True):
        assert (one.action, one.actions, one.review) == (other.action, other.actions, other.review)
        assert one.signals == other.signals
        for listed in ("fired", "shadow", "undetermined"):
            assert sorted(getattr(one, listed)) == sorted(getattr(other, listed))


@given(_strategies(failures), batches, st.randoms(use_true_random=False))
def test_a_batch_decides_as_its_events_would_one_by_one(
    strategies: list[Strategy], batch: list[Given], random: Any
) -> None:
    project = _project(strategies)
    alone = {given[0].id: _decide(project, [given])[0] for given in batch}
    shuffled = list(batch)
    random.shuffle(shuffled)
    for order in (batch, shuffled):
        assert [alone[given[0].id] for given in order] == list(_decide(project, order))


@given(_strategies(), batches, st.sampled_from([False, True]))
def test_columns_handed_in_decide_as_rows_do(
    strategies: list[Strategy], batch: list[Given], everything: bool
) -> None:
    """Only events on which something is true or open are handed in; the others have the plain decision."""
    project = _project(strategies)
    engine = machine.build(project, sample=EVERYTHING if everything else Sample(probability=0.0))
    plan = engine.plans["comment"]
    looked = [plan.program(plan.row(event, features)) for event, features, _ in batch]
    few = [n for n, (must, open_) in enumerate(looked) if must or open_ or everything]
    state = engine.start_columns(
        [batch[n][0] for n in few],
        [batch[n][1] for n in few],
        Looked([looked[n][0] for n in few], [looked[n][1] for n in few]),
        audit=[everything] * len(few),
    )
    while not isinstance(step := engine.step(state), Done):
        engine.supply(state, step.signal, [batch[few[row]][2][step.signal] for row in step.rows])
    decided = dict(zip(few, step.decisions, strict=True))
    assert engine.settled("comment")
    columns = [
        decided.get(n) or engine.plain(event, features) for n, (event, features, _) in enumerate(batch)
    ]
    assert columns == list(_decide(project, batch, everything=everything))


@st.composite
def _shares(draw: st.DrawFn, strategies: list[Strategy]) -> Shares:
    """Any counts at all, for the parts that there are."""
    plan = Plan(_project(strategies), projects.event_type())
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    for n, name in enumerate(plan.names):
        parts = plan.residuals[n].names if n in plan.residuals else ()
        parts = (*parts, plan.wholes[n].name) if n in plan.wholes else parts
        for part in parts:
            seen = draw(st.integers(0, 1000))
            counts.setdefault(name, {})[part] = (draw(st.integers(0, seen)), seen)
    return Shares(counts)


@given(st.data(), _strategies(failures), batches)
def test_a_learned_order_never_changes_an_outcome(
    data: st.DataObject, strategies: list[Strategy], batch: list[Given]
) -> None:
    project = _project(strategies)
    shares = data.draw(_shares(strategies))
    usual, learned = _decide(project, batch), _decide(project, batch, shares=shares)
    alone = [_decide(project, [given], shares=shares)[0] for given in batch]
    assert list(learned) == alone
    for one, other in zip(usual, learned, strict=True):
        assert (one.action, one.actions, one.review) == (other.action, other.actions, other.review)
        assert (one.missing, one.final) == (other.missing, other.final)


@given(st.data(), st.one_of(plain, _strategies()), batches)
def test_nothing_is_bought_in_a_learned_order_that_cannot_matter(
    data: st.DataObject, strategies: list[Strategy], batch: list[Given]
) -> None:
    project, bought = _project(strategies), list[Any]()
    _decide(project, batch, bought=bought, shares=data.draw(_shares(strategies)))
    for signal, row, before in bought:
        event, features, _ = batch[row]
        assert _could_matter(project, event, features, before, signal)


@given(_strategies(failures), batches)
def test_a_later_round_only_adds_and_the_last_is_final(
    strategies: list[Strategy], batch: list[Given]
) -> None:
    """Signals fail in the first rounds and answer in the last: nothing that fired is taken back."""
    project = _project(strategies)
    engine = machine.build(project, sample=Sample(probability=0.0))
    for given_, first in zip(batch, _decide(project, batch), strict=True):
        event, _, says = given_
        round_ = first
        while not round_.final:
            assert engine.resumable(event, round_)
            state = engine.resume([(event, round_)])
            while not isinstance(step := engine.step(state), Done):
                answer = says[step.signal] if round_.round < ROUNDS - 1 else Reading(0.7)
                engine.supply(state, step.signal, [answer])
            (after,) = step.decisions
            assert (after.round, after.supersedes) == (round_.round + 1, round_.decision_id)
            assert set(after.fired) >= set(round_.fired)
            assert after.decision_id != round_.decision_id
            round_ = after
        assert round_.round <= ROUNDS
        assert first.final or round_.round > 1


careful = st.sampled_from([OnFailure(retry=True), OnFailure(retry=True, review="spam")])


@given(_strategies(careful), batches)
def test_answers_that_come_late_give_what_they_would_have_given_at_once(
    strategies: list[Strategy], batch: list[Given]
) -> None:
    """Whether they failed first or were not waited for: the last round ends as one without trouble would."""
    project = _project(strategies)
    engine = machine.build(project, sample=Sample(probability=0.0))
    events, features = [each[0] for each in batch], [each[1] for each in batch]
    answers = [{name: Reading(each.value or 0.2) for name, each in says.items()} for _, _, says in batch]
    smooth = _decide(project, [(*each[:2], said) for each, said in zip(batch, answers, strict=True)])
    for trouble in ("failed", "later"):
        state = engine.start(events, features)
        while not isinstance(step := engine.step(state), Done):
            if trouble == "later":
                engine.postpone(state, step.signal)
            else:
                engine.supply(state, step.signal, [Reading(null="timeout")] * len(step.rows))
        for event, said, first, wanted in zip(events, answers, step.decisions, smooth, strict=True):
            last = first
            if not first.final:
                state = engine.resume([(event, first)])
                while not isinstance(after := engine.step(state), Done):
                    engine.supply(state, after.signal, [said[after.signal]])
                (last,) = after.decisions
            assert last.final
            assert (last.action, last.actions, last.review) == (wanted.action, wanted.actions, wanted.review)


@given(_strategies(), batches)
def test_the_audit_sample_buys_everything_it_can_afford(
    strategies: list[Strategy], batch: list[Given]
) -> None:
    project = _project(strategies)
    engine = machine.build(project, sample=Sample(probability=0.25, budget_us=50.0))
    state = engine.start([each[0] for each in batch], [each[1] for each in batch], audit=[True] * len(batch))
    while not isinstance(step := engine.step(state), Done):
        engine.supply(state, step.signal, [batch[row][2][step.signal] for row in step.rows])
    for decision, needed in zip(step.decisions, _decide(project, batch), strict=True):
        assert (decision.audit, decision.audit_probability) == (True, 0.25)
        assert (decision.actions, decision.review) == (needed.actions, needed.review)
        spent = sum(SIGNALS[name] for name in needed.signals)
        for name, cost in sorted(SIGNALS.items(), key=lambda each: each[1]):
            if name not in needed.signals and spent + cost <= 50.0:
                spent += cost
                assert name in decision.signals


@given(_strategies(), batches, st.sampled_from(sorted(SIGNALS)))
def test_a_strategy_that_is_always_evaluated_has_its_signals(
    strategies: list[Strategy], batch: list[Given], signal: str
) -> None:
    always = projects.strategy("always", f"text = 'x' AND {signal} > 0.5", evaluate="always")
    project = _project([*strategies, always])
    for decision, needed in zip(_decide(project, batch), _decide(_project(strategies), batch), strict=True):
        assert signal in decision.signals
        assert (decision.actions, decision.review) == (needed.actions, needed.review)
        assert "always" not in decision.undetermined


@given(_strategies(), batches)
def test_lessons_are_what_the_trace_says(strategies: list[Strategy], batch: list[Given]) -> None:
    project = _project(strategies)
    engine = machine.build(project, sample=EVERYTHING)
    state = engine.start([each[0] for each in batch], [each[1] for each in batch], audit=[True] * len(batch))
    while not isinstance(step := engine.step(state), Done):
        engine.supply(state, step.signal, [batch[row][2][step.signal] for row in step.rows])
    lessons = engine.lessons(state, dear_us=1e12)
    learner = Learner()
    learner.take(lessons)
    for (event, _, _), case, decision in zip(batch, state.cases, step.decisions, strict=True):
        told = {(each.strategy, each.part): each.true for each in lessons_of(case)}
        for n in case.began:
            name = case.plan.names[n]
            assert any(strategy == name for strategy, _ in told)
            if n in case.plan.wholes:
                fired = name in (*decision.fired, *decision.shadow)
                assert told[name, case.plan.wholes[n].name] is fired
        assert event.id == decision.event_id
