"""A strategy with a rollout decides as one that is live for those it reaches, in shadow for the others."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from test_engine_cascade import _decide, _project, _strategies, batches

from seawall.decide import engine as machine
from seawall.policy.model import Mode
from seawall.policy.rollout import STEPS, belongs, for_everybody, parts

few = batches.map(lambda batch: batch[:2])
shares = st.none() | st.integers(1, STEPS - 1)


@st.composite
def rolled(draw):
    """Strategies, some of which are live for a share of people."""
    return [msgspec.structs.replace(each, rollout=draw(shares)) for each in draw(_strategies())]


def there(project, event):
    """The project that says of everybody what holds for this event's actor."""
    type_ = project.events[event.type]
    known = {
        name: each
        if all(belongs(part, type_, event) for part in parts(each) if part.mode is Mode.LIVE)
        else msgspec.structs.replace(each, mode=Mode.SHADOW)
        for name, each in project.strategies.items()
    }
    return for_everybody(msgspec.structs.replace(project, strategies=known))


@given(rolled(), few)
def test_an_event_is_decided_as_if_its_share_were_everybody(strategies, batch):
    project = _project(strategies)
    engine = machine.build(project)
    for given_, decision in zip(batch, _decide(project, batch), strict=True):
        event, *_ = given_
        flat = there(project, event)
        assert all(each.rollout is None for each in flat.strategies.values())
        (alone,) = _decide(flat, [given_])
        assert decision == alone
        assert engine.shadows(event, decision) == machine.build(flat).shadows(event, decision)


@given(rolled(), few)
def test_an_event_belongs_to_one_part(strategies, batch):
    types = _project(strategies).events
    for event, *_ in batch:
        for strategy in strategies:
            assert sum(belongs(each, types[event.type], event) for each in parts(strategy)) == 1
