"""An event is decided by a strategy with overlays as by one that says all of that itself."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from test_engine_cascade import _decide, _project, _strategies, batches, conditions, reviews, thens

from seawall.decide import engine as machine
from seawall.decide.under import queue_of_call, under
from seawall.policy.flatten import flattened, forms
from seawall.policy.model import Mode, StrategyOverlay
from seawall.testing.projects import AT

PLACES = (("EU", ("DE", "ID"), None), ("SG", ("SG",), None), ("DE", ("DE",), None), ("en", (), "en"))
few = batches.map(lambda batch: batch[:2])
LESS = {Mode.LIVE: [*Mode, None], Mode.SHADOW: [Mode.SHADOW, Mode.OFF, None], Mode.OFF: [None]}


@st.composite
def overlaid(draw):
    """Strategies, some of which change something somewhere."""
    made = []
    for strategy in draw(_strategies()):
        overlays = []
        for name, markets, language in draw(st.lists(st.sampled_from(PLACES), max_size=3, unique=True)):
            steps = draw(st.booleans())
            overlays.append(
                StrategyOverlay(
                    name=name,
                    markets=markets,
                    language=language,
                    when=draw(st.none() | conditions),
                    except_when=draw(st.none() | conditions),
                    then=tuple(draw(thens)) if steps else None,
                    review=tuple(draw(reviews)) if steps else None,
                    mode=draw(st.sampled_from(LESS[strategy.mode])),
                    span=AT,
                )
            )
        made.append(msgspec.structs.replace(strategy, overlays=tuple(overlays)))
    return made


def there(project, event):
    """The project that says what holds for an event everywhere."""
    said = {name: flattened(each, event.market, event.language) for name, each in project.strategies.items()}
    return msgspec.structs.replace(project, strategies=said)


@given(overlaid(), few)
def test_an_event_is_decided_as_by_the_flattened_project(strategies, batch):
    project = _project(strategies)
    engine = machine.build(project)
    for given_, decision in zip(batch, _decide(project, batch), strict=True):
        event, *_ = given_
        flat = there(project, event)
        assert not any(each.overlays for each in flat.strategies.values())
        (alone,) = _decide(flat, [given_])
        assert decision == alone
        assert engine.shadows(event, decision) == machine.build(flat).shadows(event, decision)


@given(overlaid(), few, st.sets(st.sampled_from(["s0", "s1", "s2"])), st.booleans())
def test_what_is_stopped_is_stopped_everywhere(strategies, batch, names, called):
    project = _project(strategies)
    held = {"called": names} if called else {"shadowed": names}
    for event, *_ in batch:
        one, other = there(under(project, **held), event), under(there(project, event), **held)
        for name in names & one.strategies.keys():
            if called and one.strategies[name].mode is Mode.LIVE:
                assert one.strategies[name].review or queue_of_call(project, project.strategies[name]) is None
            if not called:
                assert one.strategies[name] == other.strategies[name]
                assert one.strategies[name].mode is not Mode.LIVE


@given(overlaid(), few)
def test_an_event_meets_one_form(strategies, batch):
    for event, *_ in batch:
        for strategy in strategies:
            here = flattened(strategy, event.market, event.language)
            assert forms(strategy).count(here) == 1
