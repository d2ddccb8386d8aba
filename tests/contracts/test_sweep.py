"""A sweep judges the catalogue again: looks first, adds only, passes no shield, and does nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from act_ledgers import T0, ledger, ledger_url
from test_subject_versions import Platform, a_project

from seawall.core.errors import NotFound
from seawall.core.event import Event
from seawall.policy.model import Then
from seawall.serve.sweep import run
from seawall.serve.sweep.model import DONE, STOPPED, Counts, Selection, Sweep
from seawall.serve.sweep.repo import ask, find_sweep
from seawall.serve.sweep.run import Sweeper, Sweeps
from seawall.serve.sweep.touched import resting_on, touched
from seawall.serve.worker import Worker
from seawall.testing import projects

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.policy.model import Project
    from seawall.store.ledger import Ledger

__all__ = ["ledger", "ledger_url"]
BEFORE, AFTER = a_project("coins"), a_project("coins", "gifts")
SPAM = Selection(strategies=("spam.words",))


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def platform(tmp_path: Path, ledger: Ledger, ledger_url: str) -> Iterator[Platform]:
    ledger.close()
    one = Platform(tmp_path / "data", ledger_url, BEFORE)
    yield one
    one.store.close()


def comes(platform: Platform, *texts: str) -> None:
    """Comments by as many people, decided now."""
    events = [
        Event(
            id=f"t{n}", type="comment", ts=platform.clock.now(), market="SG", digest=f"t{n}",
            fields={"comment_id": f"s{n}", "actor_id": f"u{n}", "text": text, "link_domain": None,
                    "account_age_days": 1},
        )
        for n, text in enumerate(texts)
    ]  # fmt: skip
    worker = Worker(platform.project, store=platform.store, clock=platform.clock)
    worker.decide(events)
    worker.close()
    platform.store.project()


def known(version: str) -> Project:
    found = {one.version: one for one in (BEFORE, AFTER)}
    if version not in found:
        raise NotFound(version)
    return found[version]


def look(platform: Platform, selection: Selection = SPAM) -> Counts:
    platform.store.seal(now=True)
    sweeper = Sweeper(platform.project, platform.store, known, clock=platform.clock, selection=selection)
    try:
        assert sweeper.total() >= 0
        return sweeper.preview(most=100)
    finally:
        sweeper.close()


def asked(platform: Platform, selection: Selection = SPAM, *, rate: int = 2) -> Sweep:
    platform.clock.advance(seconds=1)
    now = platform.clock.now()
    sweep = Sweep(
        sweep_id=f"s{now}", asked_by="lea", asked_at=now, reason="a new word", selection=selection,
        project_version=platform.project.version, rate=rate, counts=Counts(), changed_at=now,
    )  # fmt: skip
    with platform.store.ledger.begin() as connection:
        ask(connection, sweep)
    return sweep


def done(platform: Platform, sweep: Sweep) -> Sweep:
    """Take it to its end, then bring the ledger up to it."""
    platform.store.seal(now=True)
    doing = Sweeps(platform.store, known, clock=platform.clock)
    try:
        _turns(doing, platform)
    finally:
        doing.close()
    platform.store.project()
    with platform.store.ledger.read() as connection:
        return find_sweep(connection, sweep.sweep_id)


def rounds(platform: Platform, sweep: Sweep) -> list[str]:
    """The events that decisions of the sweep are about."""
    found = platform.store.between()
    return sorted(one.decision.event_id for one in found if sweep.because in one.decision.because)


def test_looking_says_what_would_change_and_records_nothing(platform: Platform) -> None:
    comes(platform, "free coins", "free gifts", "hello", "gifts for all")
    platform.release(AFTER)
    counts = look(platform)
    assert (counts.seen, counts.changed, counts.same) == (4, 2, 2)
    assert counts.by_strategy == {"spam.words": 2}
    assert {(one.subject, one.before, one.after) for one in counts.examples} == {
        ("s1", "allow", "remove"), ("s3", "allow", "remove")
    }  # fmt: skip
    assert len(list(platform.store.between())) == 4


def test_enacting_makes_new_rounds_with_effects_and_says_so(platform: Platform) -> None:
    comes(platform, "free coins", "free gifts", "hello")
    platform.release(AFTER)
    sweep = done(platform, asked(platform))
    assert (sweep.state, sweep.total, sweep.counts.seen, sweep.counts.changed) == (DONE, 3, 3, 1)
    assert rounds(platform, sweep) == ["t1"]
    found = platform.store.find_event("t1")
    assert found is not None
    assert (found.decision.round, found.decision.action, found.decision.because) == (
        2,
        "remove",
        (sweep.because,),
    )
    first = platform.store.find(found.decision.supersedes or "")
    assert first is not None
    assert first.decision.action == "allow"
    again = done(platform, asked(platform))
    assert (again.counts.changed, again.counts.replaced) == (0, 1)


def test_what_no_longer_fires_stays_and_is_named(platform: Platform) -> None:
    comes(platform, "free coins")
    platform.release(a_project("gifts"))
    counts = look(platform)
    assert counts.no_longer == {"spam.words": 1}
    done(platform, asked(platform))
    assert platform.visible_of("s0") == "remove"


def test_it_passes_no_shield_without_evidence(platform: Platform) -> None:
    comes(platform, "free coins")
    platform.cleared()
    platform.release(stricter())
    counts = look(platform, Selection(strategies=("spam.words", "spam.all")))
    assert (counts.changed, counts.shielded) == (1, 1)
    done(platform, asked(platform, Selection(strategies=("spam.words", "spam.all"))))
    assert platform.visible_of("s0") is None


def stricter() -> Project:
    """Another strategy on the same clause: a new opinion, and no evidence."""
    project = a_project("coins")
    more = projects.strategy("spam.all", "text IS NOT NULL", Then(action="remove", target="subject"))
    strategies = {**project.strategies, "spam.all": more}
    return projects.project(
        events=project.events.values(), strategies=strategies.values(), banks=project.banks.values(),
        policies=project.policies.values(), queues=project.queues, version="stricter",
    )  # fmt: skip


def test_what_was_erased_is_counted(platform: Platform) -> None:
    comes(platform, "free gifts", "hello")
    platform.release(AFTER)
    platform.store.seal(now=True)
    platform.store.erase(["t0"])
    counts = look(platform)
    assert (counts.seen, counts.erased, counts.changed) == (2, 1, 0)


def test_another_version_in_force_stops_it(platform: Platform) -> None:
    comes(platform, "free gifts")
    sweep = asked(platform)
    platform.release(AFTER)
    assert done(platform, sweep).state == STOPPED


@pytest.mark.parametrize("place", ["record", "save"])
def test_it_goes_on_where_it_was_killed_and_does_nothing_twice(
    platform: Platform, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes(platform, *["free gifts" if n % 2 else "hello" for n in range(8)])
    platform.release(AFTER)
    sweep = asked(platform)
    platform.store.seal(now=True)
    for after in range(3):
        with monkeypatch.context() as patch:
            _kill(platform, patch, place, after)
            doing = Sweeps(platform.store, known, clock=platform.clock)
            with pytest.raises(Killed):
                _turns(doing, platform)
            doing.close()
    finished = done(platform, sweep)
    assert rounds(platform, finished) == ["t1", "t3", "t5", "t7"]
    counts = finished.counts
    assert (counts.seen, counts.changed, counts.same) == (8, 4, 4)
    assert counts.by_strategy == {"spam.words": 4}


def _turns(doing: Sweeps, platform: Platform) -> None:
    for _ in range(50):
        if doing.turn(platform.project) is None:
            return


def _kill(platform: Platform, patch: pytest.MonkeyPatch, place: str, after: int) -> None:
    """Die at the call after so many of `record`, which is then done, or of `save`, which is not."""
    calls = 0
    real = platform.store.record if place == "record" else run.save

    def dying(*args: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls <= after % 2:
            return real(*args, **more)
        if place == "record":
            real(*args, **more)
        raise Killed

    patch.setattr(*((platform.store, "record") if place == "record" else (run, "save")), dying)


def test_a_change_touches_what_rests_on_it() -> None:
    assert touched(BEFORE, AFTER) == ("spam.words",)
    assert touched(BEFORE, BEFORE) == ()
    assert touched(BEFORE, stricter()) == ("spam.all",)
    assert touched(BEFORE, a_project("coins", clause_text="Another.")) == ("spam.words",)
    assert resting_on(BEFORE, banks=["spam"]) == ("spam.words",)
    assert resting_on(BEFORE, banks=["other"]) == ()


def test_a_count_is_what_it_was_when_the_event_was_decided(
    tmp_path: Path, ledger: Ledger, ledger_url: str
) -> None:
    """Six comments by one account: the first was its first, whenever it is judged."""
    ledger.close()
    feature = projects.feature("posts_10m", by=("actor_id",), where=None)

    def made(when: str) -> Project:
        burst = projects.strategy("burst", when, Then(action="remove", target="subject"))
        return projects.project(strategies=[burst], features=[feature], version=when)

    before, after = made("posts_10m > 5"), made("posts_10m >= 4")
    platform = Platform(tmp_path / "data", ledger_url, before)
    worker = Worker(before, store=platform.store, clock=platform.clock, warm=False)
    fields = {"actor_id": "u1", "text": "x", "link_domain": None, "account_age_days": 1}
    worker.decide(
        [
            Event(
                id=f"t{n}",
                type="comment",
                ts=T0 + n,
                digest=f"t{n}",
                fields={"comment_id": f"s{n}", **fields},
            )
            for n in range(6)
        ]
    )
    worker.close()
    platform.release(after)
    platform.store.seal(now=True)
    sweeper = Sweeper(
        after,
        platform.store,
        lambda _: before,
        clock=platform.clock,
        selection=Selection(strategies=("burst",)),
    )
    counts = sweeper.preview(most=100)
    sweeper.close()
    platform.store.close()
    assert counts.changed == 2  # the fourth and the fifth; the sixth was removed as it came
