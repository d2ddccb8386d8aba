"""Lines decided many at once get the decisions, letters and journal that they get one by one."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from seawall.core.clock import FixedClock
from seawall.core.types import Kind
from seawall.decide.model import Sample
from seawall.ingest import Intake
from seawall.ingest.read_jsonl import read_jsonl
from seawall.ingest.read_lines import read_lines
from seawall.ingest.take_lines import LineIntake
from seawall.policy.model import Mode, ReviewThen, Then
from seawall.serve.bulk.sequence import Sequencer
from seawall.serve.bulk.stream import Outlet, decide_pieces
from seawall.serve.stream import Tally, decide_stream
from seawall.serve.worker import Worker
from seawall.store import Store
from seawall.testing import projects
from seawall.testing.files_dropping import DroppingFiles
from seawall.testing.signals import TEST_KINDS

NOW = 1_772_000_000_000_000
REMOVE, LABEL = Then(action="remove", target="subject"), Then(action="label", target="subject")
FEATURES = [
    projects.feature("seen"),
    projects.feature("linked", over_s=20, on=("comment", "message"), where="link_domain IS NOT NULL"),
    projects.feature("domains", function="count_distinct", argument="link_domain"),
    projects.feature("burst", ("link_domain", "actor_id"), over_s=3),
]
STRATEGIES = [
    projects.strategy("a.burst", "seen >= 3 AND text LIKE '%x%'", REMOVE),
    projects.strategy("b.risk", "linked >= 2 AND risk > 0.5", REMOVE, ReviewThen(queue="spam")),
    projects.strategy("c.shadow", "domains >= 2", LABEL, mode=Mode.SHADOW),
    projects.strategy("d.messages", "text = 'x'", LABEL, on=("message",)),
    projects.strategy("e.market", "account_age_days < 2", LABEL, markets=("SG",)),
]
ALWAYS = projects.strategy("f.always", "dear > 0.5", LABEL, evaluate="always")
EVENTS = [projects.event_type("comment"), projects.event_type("message")]
SIGNALS = [projects.signal("risk", cost_us=50.0), projects.signal("dear", cost_us=500.0)]


def _project(*more: Any) -> Any:
    queues = {"spam": None}
    return projects.project(
        strategies=[*STRATEGIES, *more], events=EVENTS, features=FEATURES, signals=SIGNALS, queues=queues
    )


PLAIN, EAGER = _project(), _project(ALWAYS)
STRIKE = Then(action="strike", target="actor")
CHEAP = projects.project(  # nothing is ever bought, so every event has an outcome that others share
    strategies=[
        *(each for each in STRATEGIES if each.name != "b.risk"),
        projects.strategy(
            "g.young", "account_age_days < 3 AND ages > 0", LABEL, STRIKE, markets=("SG", "DE")
        ),
        projects.strategy("h.rate", "pace > 0.001 AND length(text) > 2", STRIKE, ReviewThen(queue="spam")),
    ],
    events=EVENTS,
    features=[
        *FEATURES,
        projects.feature("ages", function="sum", argument="account_age_days", argument_kind=Kind.INTEGER),
        projects.feature("pace", on=("comment", "message"), kind=Kind.NUMBER, per_us=1_000_000),
        projects.feature("before", function="last_seen", kind=Kind.TIMESTAMP),
    ],
    queues={"spam": None},
)
VERSIONED = projects.project(
    strategies=STRATEGIES[2:],
    events=[projects.event_type("comment", version=("text",)), EVENTS[1]],
    features=FEATURES,
    queues={"spam": None},
)

records = st.fixed_dictionaries(
    {
        "id": st.integers(0, 12).map(lambda n: f"e{n}") | st.text(min_size=1, max_size=3),
        "type": st.sampled_from(["comment", "comment", "message", "other"]),
        "ts": st.integers(0, 1500).map(lambda s: f"2026-02-01T10:{s // 60 % 60:02}:{s % 60:02}Z"),
        "comment_id": st.sampled_from(["c1", 'c"2', "ü%s"]),
        "text": st.sampled_from(["x", "a risk=0.9", "b risk=0.1 dear=0.9", "risk=null", "x dear=0.2"]),
    },
    optional={
        "actor_id": st.sampled_from(["u1", "u2", "u\n3"]),
        "link_domain": st.sampled_from(["a.example", "b.example"]),
        "account_age_days": st.integers(0, 3) | st.just("two"),
        "market": st.sampled_from(["SG", "DE"]),
        "language": st.sampled_from(["en", "id"]),
        "source": st.sampled_from(["app", "web"]),
        "extra": st.integers(),
    },
)
inputs = st.lists(
    records.map(lambda record: json.dumps(record).encode()) | st.sampled_from([b"", b"{", b"[]", b" "]),
    max_size=60,
)


class Told:
    """What a way of deciding said, and what it left in its store."""

    def __init__(self, project: Any, *, warm: bool, timed: bool, probability: float) -> None:
        self.clock = FixedClock(NOW)
        self.store = Store.open(Path("/run"), clock=self.clock, files=DroppingFiles(), effects=False)
        self.worker = Worker(
            project,
            store=self.store,
            clock=self.clock if timed else None,
            warm=warm,
            kinds=TEST_KINDS,
            sample=Sample(probability, "salt"),
        )
        self.timed = timed
        self.intake = Intake(project)
        self.out, self.letters = list[bytes](), list[Any]()
        self.tally = Tally()

    def one_by_one(self, data: bytes) -> None:
        self.tally = decide_stream(
            read_jsonl(io.BytesIO(data)), intake=self.intake, worker=self.worker, clock=self.clock,
            emit=lambda some: self.out.append(bytes(some)), bury=self.letters.append, progress=lambda _: None,
        )  # fmt: skip

    def together(self, data: bytes, size: int, *, scans: int) -> None:
        judge, _ = self.worker.bulk(self.store, LineIntake(self.intake, scans=scans >= 0, many=scans, few=0))
        sequencer = Sequencer(self.store, self.worker.features, many=15)  # features change form on the way
        outlet = Outlet(
            sequencer,
            emit=lambda some: self.out.append(bytes(some)),
            bury=self.letters.append,
            progress=lambda _: None,
        )
        self.tally = decide_pieces(
            read_lines(io.BytesIO(data), size=size), judge=judge, sequencer=sequencer, outlet=outlet,
            clock=self.clock, timed=self.timed, turn=lambda: self.worker.turn(at=NOW),
        )  # fmt: skip

    def kept(self) -> list[Any]:
        return [(one.event, one.decision, one.gone) for one in self.store.between()]


@given(
    given_lines=inputs,
    size=st.sampled_from([200, 1_000, 100_000]),
    project=st.sampled_from([PLAIN, EAGER, CHEAP, VERSIONED]),
    warm=st.booleans(),
    timed=st.booleans(),
    scans=st.sampled_from([-1, 0, 0, 20]),  # never, from the start, or from the twentieth line on
    probability=st.sampled_from([0.0, 0.3]),
)
def test_together_is_one_by_one(given_lines, size, project, warm, timed, scans, probability) -> None:
    data = b"\n".join(given_lines)
    more = {"warm": warm, "timed": timed, "probability": probability}
    alone, together = Told(project, **more), Told(project, **more)
    alone.one_by_one(data)
    together.together(data, size, scans=scans)
    assert b"".join(together.out) == b"".join(alone.out)
    assert together.letters == alone.letters
    assert together.kept() == alone.kept()
    assert together.intake.ignored == alone.intake.ignored
    assert together.worker.features.tally == alone.worker.features.tally
    for name in ("decided", "refused", "actions", "reviews", "fired", "shadow", "reasons"):
        assert getattr(together.tally, name) == getattr(alone.tally, name)
    _found_again(together.store)
    for told in (alone, together):
        told.worker.close()
        told.store.close()


def _found_again(store: Store) -> None:
    """By either id, after opening again, and not after it was erased."""
    kept = list(store.between())
    for one in kept:
        found = store.find(one.decision.decision_id)
        assert found is not None
        assert found.decision == one.decision
        assert store.lookup(one.decision.source, one.decision.event_id) == one.decision
    if kept:
        gone = kept[0].decision.event_id
        assert store.erase([gone]) == sum(one.decision.event_id == gone for one in kept)
        for one in store.between():
            assert (one.gone == "erased") == (one.decision.event_id == gone)
