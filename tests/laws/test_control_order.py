"""What control records come to: decided by the order of each strategy's own records, and by nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from seawall.measure.brake import LEAST_FIRES, SEVERE, Step, Watched, brake
from seawall.serve.controls import InForce
from seawall.store import Control
from seawall.store.held import Held

NAMES = ("a", "b", "c")
RECORDS = st.builds(
    Control,
    kind=st.sampled_from(["pause", "resume", "brake", "call", "release", "shares", "of_a_newer_version"]),
    target=st.sampled_from(NAMES),
    by=st.just("ann"),
    reason=st.just("r"),
    at=st.integers(0, 9),
)


@dataclass
class Model:
    """The rules once more, as plainly as they can be said."""

    paused: set[str] = field(default_factory=set)
    braked: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)

    def take(self, control: Control) -> None:
        name = control.target
        if control.kind == "pause":
            self.paused |= {name}
        if control.kind == "resume":
            self.paused -= {name}
        if control.kind == "brake":
            self.braked |= {name}
        if control.kind == "call":
            self.called |= {name}
        if control.kind == "release":
            self.braked -= {name}
            self.called -= {name}


@given(st.lists(RECORDS, max_size=20))
def test_what_is_held_is_what_the_rules_say(records: list[Control]) -> None:
    model = Model()
    for control in records:
        model.take(control)
    held = Held().after(records)
    assert (set(held.paused), set(held.braked), set(held.called)) == (
        model.paused,
        model.braked,
        model.called,
    )
    assert held.shadowed == model.paused | model.braked


@given(st.lists(RECORDS, max_size=20), st.integers(0, 20))
def test_in_one_go_or_in_two_is_the_same(records: list[Control], cut: int) -> None:
    numbered = list(enumerate(records))
    assert InForce().after(numbered[:cut]).after(numbered[cut:]) == InForce().after(numbered)


@given(st.lists(RECORDS, max_size=20), st.randoms())
def test_records_of_different_strategies_may_come_in_any_order(records: list[Control], rng) -> None:
    """Interleave the strategies anew, each one's own records in their order."""
    queues = {name: [one for one in records if one.target == name] for name in NAMES}
    mixed: list[Control] = []
    while any(queues.values()):
        mixed.append(queues[rng.choice([name for name, left in queues.items() if left])].pop(0))
    assert Held().after(mixed) == Held().after(records)


@given(st.lists(RECORDS, max_size=20), st.sampled_from(NAMES), st.integers(0, 9))
def test_counting_begins_anew_with_the_last_release(records: list[Control], name: str, since: int) -> None:
    released = [one.at for one in records if (one.kind, one.target) == ("release", name)]
    assert Held().after(records).counted_from(name, since) == max([since, *released[-1:]])


WATCHED = st.builds(
    Watched,
    strategy=st.just("s"),
    severity=st.sampled_from(["low", "medium", "high", "severe"]),
    fires=st.integers(0, 500),
    touched=st.integers(0, 500),
    active=st.integers(1, 2_000),
    labels=st.integers(0, 80),
    wrong=st.integers(0, 0),
    promise=st.none() | st.floats(0, 1),
    budget=st.none() | st.floats(0.01, 50),
)


@given(WATCHED, st.integers(0, 80))
def test_never_below_thirty_fires_and_never_what_is_severe(watched: Watched, wrong: int) -> None:
    wrong = min(wrong, watched.labels)
    ruled = brake(
        Watched(**{name: getattr(watched, name) for name in watched.__struct_fields__} | {"wrong": wrong})
    )
    if watched.fires < LEAST_FIRES or watched.budget is None:
        assert ruled.step is Step.KEEP
    if watched.severity in SEVERE:
        assert ruled.step is not Step.TO_SHADOW
    else:
        assert ruled.step is not Step.CALL_A_PERSON
    if ruled.step is not Step.KEEP:
        assert ruled.bound > (watched.budget or 0)
