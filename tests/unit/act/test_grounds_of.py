from __future__ import annotations

import msgspec

from seawall.act.citation import cited
from seawall.act.facts import Key, Subject
from seawall.act.grounds import STRIKE_LIFE_S, grounds_of
from seawall.act.holding import holding
from seawall.act.standing import standing_of
from seawall.act.verdict import Cause, clear, replace
from seawall.core.action import Action, Ground, Ladders
from seawall.core.decision import Decision

SPAM = Ground("spam.burst", "spam/commercial#c2", "low", "terms")
SCAM = Ground("scam.giveaway", "scam/fraud#c1", "high", "law")
CRISIS = Ground("care.crisis", "care/self-harm#c1", "severe", "terms")
LADDERS = Ladders.extended()


def decision(*actions: Action, **more: object) -> Decision:
    plain = Decision(
        decision_id="d1", event_id="e1", type="comment", ts=0, source="app", subject="c1", actor="u1"
    )
    return msgspec.structs.replace(plain, actions=actions, decided_at=10, **more)


def asked(decided: Decision, **more: object):
    return grounds_of(decided, ladders=LADDERS, surface="comment", **more)


def test_each_strategy_brings_a_ground_of_its_own_for_each_territory() -> None:
    found = asked(
        decision(Action("visibility", "remove", "subject", territory=("DE", "FR"), grounds=(SPAM, SCAM)))
    )
    assert {(ground.key.territory, ground.strategy) for ground in found} == {
        (market, strategy) for market in ("DE", "FR") for strategy in ("spam.burst", "scam.giveaway")
    }
    assert {ground.key.target_kind for ground in found} == {"comment"}
    assert len({ground.id for ground in found}) == 4


def test_allowing_asks_for_nothing_and_so_does_an_action_on_nobody() -> None:
    assert asked(decision(Action("visibility", "allow", "subject", grounds=(SPAM,)))) == ()
    assert asked(decision(Action("account", "strike", "host", grounds=(SPAM,)))) == ()


def test_the_actor_and_a_party_are_the_same_account() -> None:
    found = asked(
        decision(
            Action("account", "strike", "actor", grounds=(SPAM,)),
            Action("account", "ban", "host", target_id="u1", grounds=(SCAM,)),
        )
    )
    effects = holding(found, (), (), 10)
    assert [effect.action for effect in effects.values()] == ["ban"]
    assert set(effects) == {Key("account", "u1", "account", "*")}


def test_a_timed_action_ends_and_a_strike_always_does() -> None:
    mute, strike = asked(
        decision(
            Action("interaction", "mute", "actor", duration_s=60, grounds=(SPAM,)),
            Action("account", "strike", "actor", grounds=(SPAM,)),
        )
    )
    assert mute.ends == 10 + 60_000_000
    assert strike.ends == 10 + STRIKE_LIFE_S * 1_000_000


def test_an_action_of_a_later_ladder_counts_as_stronger_than_what_we_know() -> None:
    found = asked(decision(Action("visibility", "shred", "subject", grounds=(SPAM,))))
    assert found[0].rung == len(LADDERS.axes["visibility"])


def test_who_is_offered_help_is_not_struck_for_the_same_clause() -> None:
    found = asked(
        decision(
            Action("support", "offer_help", "actor", grounds=(CRISIS,)),
            Action("account", "strike", "actor", grounds=(CRISIS, SPAM)),
        )
    )
    assert [(g.action, g.strategy) for g in found] == [
        ("offer_help", "care.crisis"),
        ("strike", "spam.burst"),
    ]


def test_deciding_again_strikes_no_second_time() -> None:
    strike = Action("account", "strike", "actor", grounds=(SPAM,))
    upload = asked(decision(strike), content_version="a1")
    milestone = asked(decision(strike, decision_id="d2", event_id="at-10000-views"), content_version="a1")
    edited = asked(decision(strike, decision_id="d3", event_id="edit"), content_version="b2")
    assert len(standing_of("u1", upload + milestone, (), (), 10).strikes) == 1
    assert len(standing_of("u1", upload + milestone + edited, (), (), 10).strikes) == 2


def test_the_next_gravest_clause_strikes_when_the_gravest_falls() -> None:
    found = asked(decision(Action("account", "strike", "actor", grounds=(SPAM, SCAM))))
    assert standing_of("u1", found, (), (), 10).points == 4
    wrong = [ground for ground in found if ground.clause == SCAM.policy]
    facts = clear(wrong, Cause(fact_id="v1", reason="verdict", by="r1", at=20))
    assert standing_of("u1", found, facts.falls, facts.shields, 19).points == 4
    assert standing_of("u1", found, facts.falls, facts.shields, 20).points == 1


def test_one_notice_cites_every_clause_the_gravest_first_and_only_those_that_hold() -> None:
    found = asked(
        decision(
            Action("visibility", "remove", "subject", grounds=(SPAM, SCAM)),
            Action("account", "strike", "actor", grounds=(SPAM,)),
        )
    )
    first, second = cited("d1", found, (), (), 10)
    assert (first.clause, first.ground, first.machine) == ("scam/fraud#c1", "law", True)
    assert second.actions == (
        (Key("account", "u1", "account", "*"), "strike"),
        (Key("comment", "c1", "visibility", "*"), "remove"),
    )
    facts = clear(found, Cause(fact_id="v1", reason="verdict", by="r1", at=20))
    assert cited("d1", found, facts.falls, facts.shields, 20) == ()


def test_a_reduction_puts_a_humans_weaker_action_in_place() -> None:
    found = asked(decision(Action("visibility", "remove", "subject", grounds=(SPAM,))))
    wanted = asked(decision(Action("visibility", "label", "subject", grounds=(SPAM,))))
    facts = replace(found, wanted, Cause(fact_id="a1", reason="appeal", by="r2", at=20))
    effects = holding(found + facts.grounds, facts.falls, (), 20)
    effect = effects[Key("comment", "c1", "visibility", "*")]
    assert effect.action == "label"
    assert not effect.grounds[0].machine


def test_a_shield_covers_one_version_and_one_clause() -> None:
    remove = Action("visibility", "remove", "subject", grounds=(SPAM,))
    first = asked(decision(remove), content_version="a1")
    facts = clear(first, Cause(fact_id="v1", reason="verdict", by="r1", at=20))
    assert [shield.subject for shield in facts.shields] == [Subject("comment", "c1", "a1")]

    def holds(*grounds: object) -> bool:
        return bool(holding(grounds, facts.falls, facts.shields, 30))

    assert not holds(*asked(decision(remove, decision_id="d2"), content_version="a1"))
    assert holds(*asked(decision(remove, decision_id="d2"), content_version="b2"))
    assert holds(
        *asked(
            decision(remove, decision_id="d2"), content_version="a1", evidence={"spam.burst": ("reports:r9",)}
        )
    )
    other = Action("visibility", "remove", "subject", grounds=(SCAM,))
    assert holds(*asked(decision(other, decision_id="d2"), content_version="a1"))
