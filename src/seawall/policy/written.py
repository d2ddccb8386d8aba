"""A strategy as the file that would say it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from seawall.core.action import WORLDWIDE
from seawall.policy.kinds.step import WORLDWIDE_WORD
from seawall.policy.rollout import share_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seawall.policy.model import ReviewThen, Strategy, Then


def written(strategy: Strategy) -> str:
    """The YAML of a strategy without overlays, groups spelled out and targets filled in.

    >>> from seawall.policy.model import Then
    >>> from seawall.testing.projects import strategy
    >>> print(written(strategy("spam.new", "text = 'a'", Then(action="strike", duration_s=60))), end="")
    strategy: spam.new
    policy: spam#c1
    on: [comment]
    when: |
      text = 'a'
    then:
      - strike: {target: actor, for: 60s}
    mode: live
    """
    return "".join(f"{line}\n" for line in _lines(strategy))


def _lines(strategy: Strategy) -> Iterator[str]:
    yield f"strategy: {strategy.name}"
    if strategy.describes:
        yield f"describes: {_quoted(strategy.describes)}"
    yield f"policy: {strategy.policy}#{strategy.clause}"
    yield f"on: {_list(strategy.on)}"
    yield from _condition("when", strategy.when)
    if strategy.except_when is not None:
        yield from _condition("except when", strategy.except_when)
    yield "then:"
    for then in strategy.then:
        yield f"  - {then.action}: {{{_action(then)}}}"
    for route in strategy.review:
        yield f"  - review: {{{_review(route)}}}"
    yield f"mode: {strategy.mode}"
    if strategy.rollout is not None:
        yield f"rollout: {share_text(strategy.rollout).replace(' ', '')}"
    if strategy.markets:
        yield f"markets: {_list(strategy.markets)}"
    if strategy.languages:
        yield f"languages: {_list(strategy.languages)}"
    yield from _promise(strategy)


def _promise(strategy: Strategy) -> Iterator[str]:
    if strategy.owner is not None:
        yield f"owner: {_quoted(strategy.owner)}"
    said = {
        "precision": strategy.expect.precision,
        "disturbance_per_10k": strategy.expect.disturbance_per_10k,
    }
    expected = [f"{name}: {value:.15g}" for name, value in said.items() if value is not None]
    if expected:
        yield f"expect: {{{', '.join(expected)}}}"
    if strategy.evaluate != "needed":
        yield f"evaluate: {strategy.evaluate}"
    if strategy.on_failure:
        retry = ["retry"] if strategy.on_failure.retry else []
        review = [f"review: {strategy.on_failure.review}"] if strategy.on_failure.review else []
        yield f"on_failure: [{', '.join((*retry, *(f'{{{each}}}' for each in review)))}]"


def _condition(key: str, text: str) -> Iterator[str]:
    yield f"{key}: |"
    for line in text.split("\n"):
        yield f"  {line}" if line else ""


def _action(then: Then) -> str:
    parts = [f"target: {then.target}"]
    if then.duration_s is not None:
        parts.append(f"for: {then.duration_s}s")
    if then.territory is not None:
        everywhere = then.territory == (WORLDWIDE,)
        parts.append(f"territory: {WORLDWIDE_WORD if everywhere else _list(then.territory)}")
    return ", ".join(parts)


def _review(route: ReviewThen) -> str:
    parts = [f"queue: {route.queue}"]
    if route.timeout_s is not None:
        parts += [f"timeout: {route.timeout_s}s", f"on_timeout: {route.on_timeout}"]
    return ", ".join(parts)


def _list(names: Sequence[str]) -> str:
    """In quotes where YAML 1.1 would read another thing than a text, as in the case of Norway."""
    return f"[{', '.join(_quoted(each) if each.lower() in ('no', 'on', 'yes') else each for each in names)}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
