"""What is done when several strategies fire."""

from __future__ import annotations

from typing import Any

from seawall.core.action import Action, Ladders, Review
from seawall.decide.ask import grounded
from seawall.decide.beneath import beneath
from seawall.decide.combine import combine, targets, visible
from seawall.policy.model import Project, ReviewThen, Strategy, Then
from seawall.testing import projects

LADDERS = Ladders.extended()
AIMED = targets("c1", "u1", {"host": "u1", "guest": "u2"})
POLICY = projects.policy(
    clauses=[
        projects.clause("low"),
        projects.clause("severe", "law", id="c2", jurisdictions=("DE", "SG")),
        projects.clause("high", id="c3"),
    ],
    overlays={"DE": {"c1": projects.clause("high", "law", jurisdictions=("DE",))}},
)


def _combined(
    *strategies: Strategy, market: str | None = "SG"
) -> tuple[tuple[Action, ...], tuple[Review, ...]]:
    project: Project = projects.project(strategies=strategies, policies=[POLICY])
    return combine([grounded(project, each, market) for each in strategies], AIMED, LADDERS)


def _strategy(name: str, *then: Then | ReviewThen, clause: str = "c1", **more: Any) -> Strategy:
    return projects.strategy(name, "true", *then, clause=clause, **more)


def _told(actions: tuple[Action, ...]) -> list[tuple[str, str, tuple[str, ...], list[str]]]:
    return [(a.action, a.target, a.territory, [ground.strategy for ground in a.grounds]) for a in actions]


REMOVE, LABEL = Then(action="remove", target="subject"), Then(action="label", target="subject")


def test_the_strongest_on_an_axis_holds_and_names_only_who_asked_for_it() -> None:
    actions, _ = _combined(_strategy("a", LABEL), _strategy("b", REMOVE), _strategy("c", REMOVE))
    assert _told(actions) == [("remove", "subject", ("*",), ["b", "c"])]
    assert visible(actions, LADDERS) == "remove"


def _beneath(*strategies: Strategy) -> list[tuple[str, tuple[str, ...], int | None, list[str]]]:
    project = projects.project(strategies=strategies, policies=[POLICY])
    fired = [grounded(project, each, "SG") for each in strategies]
    actions, _ = combine(fired, AIMED, LADDERS)
    return [
        (a.action, a.territory, a.duration_s, [ground.strategy for ground in a.grounds])
        for a in beneath(fired, AIMED, actions)
    ]


def test_what_asked_for_less_lies_beneath() -> None:
    assert _beneath(_strategy("a", LABEL), _strategy("b", REMOVE), _strategy("c", LABEL, REMOVE)) == [
        ("label", ("*",), None, ["a", "c"])
    ]


def test_nothing_lies_beneath_what_shows_as_it_was_asked_for() -> None:
    strike = Then(action="strike")
    assert _beneath(_strategy("a", REMOVE, strike)) == []
    assert _beneath(_strategy("a", REMOVE), _strategy("b", REMOVE, strike)) == []
    assert _beneath() == []


def test_a_shorter_ask_and_one_for_fewer_places_lie_beneath_the_longest() -> None:
    day, week = Then(action="mute", duration_s=86_400), Then(action="mute", duration_s=604_800)
    assert _beneath(_strategy("a", day), _strategy("b", week)) == [("mute", ("*",), 86_400, ["a"])]
    wide, narrow = Then(action="strike"), Then(action="strike", territory=("SG",))
    assert _beneath(_strategy("a", wide), _strategy("b", narrow)) == [
        ("strike", ("*",), None, ["a"]),
        ("strike", ("SG",), None, ["b"]),
    ]


def test_law_holds_in_its_jurisdictions_and_terms_worldwide() -> None:
    actions, _ = _combined(_strategy("law", REMOVE, clause="c2"), _strategy("terms", LABEL))
    assert _told(actions) == [
        ("remove", "subject", ("DE", "SG"), ["law"]),
        ("label", "subject", ("*",), ["terms"]),
    ]


def test_the_overlay_of_the_market_says_which_clause_holds() -> None:
    strategy = _strategy("a", REMOVE)
    assert _told(_combined(strategy, market="DE")[0]) == [("remove", "subject", ("DE",), ["a"])]
    assert _told(_combined(strategy, market="SG")[0]) == [("remove", "subject", ("*",), ["a"])]


def test_a_strategy_may_say_its_territory_itself() -> None:
    actions, _ = _combined(
        _strategy("a", Then(action="remove", target="subject", territory=("ID",)), clause="c2")
    )
    assert actions[0].territory == ("ID",)


def test_there_is_one_strike_from_the_gravest() -> None:
    actions, _ = _combined(
        _strategy("low", Then(action="strike")),
        _strategy("grave", Then(action="strike"), clause="c2"),
        _strategy("mid", Then(action="strike"), clause="c3"),
    )
    assert _told(actions) == [("strike", "actor", ("*", "DE", "SG"), ["grave", "mid", "low"])]


def test_a_strike_expires_when_its_strategy_says() -> None:
    actions, _ = _combined(_strategy("a", Then(action="strike", duration_s=60)))
    assert [(action.action, action.duration_s) for action in actions] == [("strike", 60)]


def test_an_account_with_two_parts_is_one_target() -> None:
    actions, _ = _combined(
        _strategy("a", Then(action="strike", target="host")),
        _strategy("b", Then(action="strike", target="actor")),
    )
    assert _told(actions) == [("strike", "actor", ("*",), ["a", "b"])]


def test_a_party_that_the_event_does_not_name_is_nobody_to_act_on() -> None:
    assert _combined(_strategy("a", Then(action="mute", target="gifter"))) == ((), ())


def test_who_is_offered_help_is_not_struck_by_the_same_strategy() -> None:
    helps = _strategy("helps", Then(action="offer_help"), Then(action="strike"))
    assert [action.action for action in _combined(helps)[0]] == ["offer_help"]
    other = _strategy("spam", Then(action="strike"))
    assert [action.action for action in _combined(helps, other)[0]] == ["strike", "offer_help"]


def test_the_longest_duration_holds() -> None:
    day, week, forever = (Then(action="mute", duration_s=seconds) for seconds in (86_400, 604_800, None))
    assert _combined(_strategy("a", day), _strategy("b", week))[0][0].duration_s == 604_800
    assert _combined(_strategy("a", day), _strategy("b", forever))[0][0].duration_s is None


def test_review_combines_with_everything_and_with_itself() -> None:
    actions, reviews = _combined(
        _strategy("a", REMOVE, ReviewThen(queue="scam", timeout_s=3_600, on_timeout="allow")),
        _strategy("b", ReviewThen(queue="scam", timeout_s=600, on_timeout="hold"), clause="c3"),
        _strategy("c", ReviewThen(queue="legal")),
    )
    assert [action.action for action in actions] == ["remove"]
    assert [(r.queue, r.timeout_s, r.on_timeout) for r in reviews] == [
        ("legal", None, None),
        ("scam", 600, "hold"),
    ]
    assert [ground.strategy for ground in reviews[1].grounds] == ["b", "a"]


def test_nothing_fired_is_allowed() -> None:
    assert _combined() == ((), ())
    assert visible((), LADDERS) == "allow"
