"""Which signal spares most: the order of one condition, shared signals, and strategies that outdo others."""

from __future__ import annotations

import pytest

from seawall.core.event import Event
from seawall.decide.engine import build
from seawall.decide.model import Done
from seawall.decide.shares import Learner, Lesson, Shares
from seawall.policy.model import Strategy, Then
from seawall.testing import projects

REMOVE, LABEL = Then(action="remove", target="subject"), Then(action="label", target="subject")
COSTS = {"list": 1.0, "text_model": 5_000.0, "image_model": 100_000.0, "llm": 800_000.0}
FIELDS = {"comment_id": "c1", "actor_id": "u1", "text": "x", "link_domain": None, "account_age_days": 1}
EVENT = Event(id="e1", type="comment", ts=1, fields=FIELDS)


def _first(*strategies: Strategy, **shares: dict[str, tuple[int, int]]) -> str:
    """What is bought first, by shares given for each strategy."""
    signals = [projects.signal(name, cost_us=cost) for name, cost in COSTS.items()]
    engine = build(projects.project(strategies=strategies, signals=signals), shares=Shares(shares))
    step = engine.step(engine.start([EVENT], [{}]))
    assert not isinstance(step, Done)
    return step.signal


@pytest.mark.parametrize(
    ("when", "shares", "first"),
    [
        ("text_model > 0.5 AND image_model > 0.5", {}, "text_model"),
        # almost never above its bound, the image model ends the AND, though it costs twenty times as much
        (
            "text_model > 0.5 AND image_model > 0.5",
            {"text_model > 0.5": (990, 1_000), "image_model > 0.5": (1, 1_000)},
            "image_model",
        ),
        ("text_model > 0.5 OR image_model > 0.5", {"text_model > 0.5": (1, 9_999)}, "image_model"),
        # neither signal of a sum decides anything alone
        ("text_model + image_model > 1 AND llm > 0.5", {}, "text_model"),
        # inside: (dear OR dear) AND something cheap
        ("(image_model > 0.5 OR llm > 0.5) AND list > 0.5", {}, "list"),
    ],
)
def test_one_condition_begins_with_its_best_order(
    when: str, shares: dict[str, tuple[int, int]], first: str
) -> None:
    assert _first(projects.strategy("s", when, REMOVE), s=shares) == first


def test_a_signal_that_many_wait_for_is_worth_more() -> None:
    alone = projects.strategy("a", "text_model > 0.5 AND image_model > 0.5", REMOVE)
    shares = {"text_model > 0.5": (500, 1_000), "image_model > 0.5": (500, 1_000)}
    others = [projects.strategy(f"b{n}", f"image_model > 0.{n + 1}", REMOVE) for n in range(3)]
    assert _first(alone, a=shares) == "text_model"
    assert _first(alone, *others, a=shares) == "image_model"


def test_what_a_stronger_action_would_settle_waits() -> None:
    label = projects.strategy("label", "text_model > 0.5", LABEL)
    remove = projects.strategy("remove", "image_model > 0.5", REMOVE)
    likely = {"image_model > 0.5": (990, 1_000)}
    assert _first(label, remove, remove=likely) == "image_model"
    assert _first(label, remove, remove={"image_model > 0.5": (10, 1_000)}) == "image_model"
    assert _first(label, projects.strategy("same", "image_model > 0.5", LABEL)) == "text_model"


def test_shares_are_frozen_once_they_have_moved() -> None:
    learner = Learner()
    learner.take([Lesson("s", "a > 1", n % 10 == 0) for n in range(900)])
    assert learner.learned() is None  # too few lessons yet
    learner.take([Lesson("s", "a > 1", n % 10 == 0) for n in range(100)])
    learner.take([Lesson("rare", "b > 1", true=True)] * 5)
    shares = learner.learned()
    assert shares is not None
    assert shares.counts == {"s": {"a > 1": (100, 1_000)}}  # what is seen five times is not known
    learner.take([Lesson("s", "a > 1", n % 10 == 0) for n in range(5_000)])
    assert learner.learned() is None  # nothing has moved
    learner.take([Lesson("s", "a > 1", true=True)] * 9_000)
    moved = learner.learned()
    assert moved is not None
    assert moved.share("s", "a > 1") > 0.5
