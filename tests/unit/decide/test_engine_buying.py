"""What the engine buys, for whom, and what it leaves undetermined."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.core.decision import Decision, Reading
from seawall.core.event import Event
from seawall.decide.engine import build
from seawall.decide.model import Done, Need, Sample
from seawall.decide.sample import drawn
from seawall.policy.model import Mode, Project, Strategy, Then
from seawall.testing import projects

REMOVE, LABEL = Then(action="remove", target="subject"), Then(action="label", target="subject")
SIGNALS = [projects.signal("cheap", cost_us=1.0), projects.signal("dear", cost_us=900.0)]


def _event(n: int = 1, **more: Any) -> Event:
    fields = {"comment_id": "c1", "actor_id": "u1", "text": "x", "link_domain": None, "account_age_days": 1}
    return Event(id=f"e{n}", type="comment", ts=n, fields=fields, **more)


def _project(*strategies: Strategy) -> Project:
    return projects.project(strategies=strategies, signals=SIGNALS)


def _decided(
    project: Project, event: Event, *, audit: bool = False, **says: float
) -> tuple[Decision, list[str]]:
    engine = build(project, sample=Sample(0.25))
    state = engine.start([event], [{}], audit=[audit], now=7)
    bought: list[str] = []
    while not isinstance(step := engine.step(state), Done):
        bought.append(step.signal)
        engine.supply(state, step.signal, [Reading(says.get(step.signal, 0.0))])
    return step.decisions[0], bought


def test_the_cheap_signal_that_settles_it_spares_the_dear_one() -> None:
    project = _project(projects.strategy("s", "dear > 0.5 AND cheap > 0.5", REMOVE))
    assert _decided(project, _event(), cheap=0.1)[1] == ["cheap"]
    decision, bought = _decided(project, _event(), cheap=0.9, dear=0.9)
    assert bought == ["cheap", "dear"]
    assert (decision.action, decision.fired) == ("remove", ("s",))


def test_a_signal_beside_what_is_already_false_is_not_bought() -> None:
    project = _project(projects.strategy("s", "(text = 'y' AND cheap > 0.5) OR dear > 0.5", REMOVE))
    assert _decided(project, _event(), cheap=0.9, dear=0.1)[1] == ["dear"]
    nand = _project(projects.strategy("s", "NOT (text = 'x' OR cheap > 0.5) OR NOT (dear > 0.5)", REMOVE))
    assert _decided(nand, _event(), dear=0.9)[1] == ["dear"]


def test_a_weaker_action_on_the_same_place_is_left_undetermined() -> None:
    project = _project(
        projects.strategy("certain", "text = 'x'", REMOVE), projects.strategy("weaker", "dear > 0.5", LABEL)
    )
    decision, bought = _decided(project, _event(), dear=0.9)
    assert bought == []
    assert (decision.fired, decision.undetermined) == (("certain",), ("weaker",))


def test_always_buys_even_what_cannot_change_the_outcome() -> None:
    project = _project(
        projects.strategy("certain", "text = 'x'", REMOVE),
        projects.strategy("weaker", "dear > 0.5", LABEL, evaluate="always"),
        projects.strategy("dead", "text = 'y' AND cheap > 0.5", LABEL, evaluate="always"),
    )
    decision, bought = _decided(project, _event(), dear=0.9)
    assert sorted(bought) == ["cheap", "dear"]
    assert decision.fired == ("certain", "weaker")
    assert [action.action for action in decision.actions] == ["remove"]


def test_a_shadow_buys_nothing_and_uses_what_is_there() -> None:
    shadow = projects.strategy("shadow", "dear > 0.5", REMOVE, mode=Mode.SHADOW, evaluate="always")
    decision, bought = _decided(_project(shadow), _event(), dear=0.9)
    assert (bought, decision.shadow, decision.undetermined) == ([], (), ("shadow",))
    live = projects.strategy("live", "dear > 0.8", LABEL)
    decision, bought = _decided(_project(shadow, live), _event(), dear=0.9)
    assert (bought, decision.shadow, decision.fired, decision.action) == (
        ["dear"],
        ("shadow",),
        ("live",),
        "label",
    )


def test_a_strategy_that_is_off_is_not_there() -> None:
    off = projects.strategy("off", "text = 'x'", REMOVE, mode=Mode.OFF)
    decision, bought = _decided(_project(off), _event())
    assert (decision.action, decision.fired, decision.undetermined, bought) == ("allow", (), (), [])


def test_the_audit_sample_buys_everything_affordable_and_says_with_what_probability() -> None:
    project = _project(projects.strategy("shadow", "dear > 0.5", REMOVE, mode=Mode.SHADOW))
    decision, bought = _decided(project, _event(), audit=True, dear=0.9)
    assert (bought, decision.shadow, decision.audit, decision.audit_probability) == (
        ["cheap", "dear"],
        ("shadow",),
        True,
        0.25,
    )


def test_what_is_beyond_the_audit_budget_is_not_bought() -> None:
    engine = build(_project(), sample=Sample(1.0, budget_us=100.0))
    state = engine.start([_event()], [{}], audit=[True])
    assert engine.step(state) == Need("cheap", (0,))
    engine.supply(state, "cheap", [Reading(0.5)])
    assert isinstance(engine.step(state), Done)


def test_a_batch_asks_for_each_signal_once() -> None:
    engine = build(_project(projects.strategy("s", "dear > 0.5 AND account_age_days < 3", REMOVE)))
    state = engine.start([_event(n) for n in range(5)], [{}] * 5)
    assert engine.step(state) == Need("dear", (0, 1, 2, 3, 4))


def test_readings_that_were_not_asked_for_are_refused() -> None:
    engine = build(_project(projects.strategy("s", "dear > 0.5", REMOVE)))
    state = engine.start([_event()], [{}])
    with pytest.raises(ValueError, match="not what was needed"):
        engine.supply(state, "dear", [Reading(1.0)])
    engine.step(state)
    with pytest.raises(ValueError, match="not what was needed"):
        engine.supply(state, "cheap", [Reading(1.0)])


@pytest.mark.parametrize(
    ("more", "event", "holds"),
    [
        ({}, {}, True),
        ({"markets": ("SG",)}, {"market": "SG"}, True),
        ({"markets": ("SG",)}, {"market": "DE"}, False),
        ({"markets": ("SG",)}, {}, False),
        ({"markets": ("SG",)}, {"market": "DE", "available_in": ("SG",)}, False),
        ({"markets": ("SG",), "clause": "law"}, {"market": "DE", "available_in": ("ID", "SG")}, True),
        ({"markets": ("SG",), "clause": "law"}, {"market": "DE"}, False),
        ({"languages": ("en",)}, {"language": "en"}, True),
        ({"languages": ("en",)}, {"language": "id"}, False),
        ({"languages": ("en",)}, {}, False),
    ],
)
def test_scope_is_market_language_and_for_law_where_it_can_be_seen(
    more: dict[str, Any], event: dict[str, Any], holds: bool
) -> None:
    law = projects.clause("high", "law", id="law", jurisdictions=("SG",))
    project = projects.project(
        strategies=[projects.strategy("s", "text = 'x'", REMOVE, **more)],
        policies=[projects.policy(clauses=[projects.clause(), law])],
    )
    assert bool(_decided(project, _event(**event))[0].fired) is holds


def test_the_audit_sample_is_a_share_of_events_and_always_the_same_one() -> None:
    sample = Sample(0.1, salt="s")
    first = [drawn(sample, _event(n)) for n in range(5_000)]
    assert first == [drawn(sample, _event(n)) for n in range(5_000)]
    assert 0.08 < sum(first) / 5_000 < 0.12
    assert first != [drawn(Sample(0.1, salt="t"), _event(n)) for n in range(5_000)]
