"""Whom a rollout reaches, and how the two parts of a strategy are told apart."""

from __future__ import annotations

import msgspec
import pytest

from seawall.core.event import Event
from seawall.decide.explain import explain
from seawall.decide.trace import trace
from seawall.policy.changed import changed_strategies
from seawall.policy.effective import strategy_condition
from seawall.policy.model import Mode, Then
from seawall.policy.rollout import belongs, parts
from seawall.policy.version import project_version
from seawall.testing.projects import COMMENT, event_type, project, strategy

HALF = 5_000


def whole(rollout: int | None = HALF, *, name: str = "spam.new", **fields: str):
    known = strategy(name, "text = 'coins'", Then(action="remove"), rollout=rollout)
    return project(events=[event_type(fields={**COMMENT, **fields})], strategies=[known])


def event(actor: str | None, subject: str = "c1") -> Event:
    fields = {"comment_id": subject, "actor_id": actor, "text": "coins"}
    return Event(
        id="e1", type="comment", ts=0, fields={**dict.fromkeys(COMMENT), **fields}, digest="d", source="s"
    )


def reached(known, who: Event, name: str = "spam.new") -> bool:
    return belongs(parts(known.strategies[name])[0], known.events["comment"], who)


def share(rollout: int, name: str = "spam.new", people: int = 2_000) -> set[str]:
    known = whole(rollout, name=name)
    return {f"u{n}" for n in range(people) if reached(known, event(f"u{n}"), name)}


def test_about_the_share_that_was_asked_for_is_reached():
    assert 850 < len(share(HALF)) < 1_150  # 6.7 standard deviations


def test_whoever_is_reached_stays_so_when_the_share_grows():
    assert share(500) < share(1_000) < share(HALF)


def test_another_strategy_reaches_others():
    both = share(HALF) & share(HALF, "spam.old")
    assert 380 < len(both) < 620


def test_without_an_actor_the_subject_tells():
    known = whole()
    found = {reached(known, event(None, f"c{n}")) for n in range(50)}
    assert found == {True, False}


@pytest.mark.parametrize("fields", [{}, {"actor_id": "string"}, {"actor_id": "hash"}, {"comment_id": "hash"}])
@pytest.mark.parametrize("who", [event(f"{n:032x}", f"{n + 1:032x}") for n in range(12)])
def test_the_condition_says_what_belongs_says(fields, who):
    known = whole(**fields)
    for part in parts(known.strategies["spam.new"]):
        traced = trace(strategy_condition(known, part, "comment"), who.fields)
        assert (traced.truth.value == "true") is belongs(part, known.events["comment"], who)


def test_explain_shows_the_part_the_event_belongs_to_and_says_so():
    known = whole()
    for n in range(20):
        who = event(f"u{n}")
        (found,) = explain(known, who, features={}, signals={})
        inside = reached(known, who)
        assert (found.mode, found.state) == (Mode.LIVE if inside else Mode.SHADOW, "fired")
        where = "within" if inside else "outside"
        assert f"{where} the rollout of 50 %" in [
            each.text.partition(":")[0] for each in found.trace.children
        ]


def test_a_rollout_changes_the_version_and_none_does_not():
    known = whole(None)
    assert project_version(known) != project_version(whole())
    assert project_version(whole()) != project_version(whole(HALF + 1))


def test_diff_names_it():
    assert changed_strategies(whole(None), whole()) == {"spam.new": ("rollout",)}


def test_a_strategy_in_shadow_has_one_part():
    (part,) = parts(msgspec.structs.replace(whole().strategies["spam.new"], mode=Mode.SHADOW))
    assert part.reached is None
