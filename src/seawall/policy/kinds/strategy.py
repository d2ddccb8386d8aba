"""strategies/**/*.yml: a condition, what follows from it, where it holds, and what its owner promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from seawall.policy.kinds.failure import FailureShape, FailureSteps, build_failure
from seawall.policy.kinds.follow import build_review, build_then
from seawall.policy.kinds.names import (
    CITATION,
    LANGUAGES,
    MARKETS_OR_GROUPS,
    NAMES,
    STRATEGY_NAME,
    text_or,
    values,
)
from seawall.policy.kinds.rollout import RolloutShape, build_rollout
from seawall.policy.kinds.step import ActionStep, ReviewStep, StepShape
from seawall.policy.kinds.variation import VARIATIONS, VariationFile, beginning, build_variations
from seawall.policy.model import Expectation, Mode, Strategy
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Choice, Condition, ListOf, Number, Text
from seawall.policy.yaml_nodes import YamlScalar

if TYPE_CHECKING:
    from seawall.core.action import Ladders
    from seawall.core.diagnostic import Span
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.kinds.markets import Markets
    from seawall.policy.source import Source


def _nothing(_: Span) -> tuple[()]:
    return ()


def _no_citation(span: Span) -> At[str]:
    return At("", span)


def _as_shadow(span: Span) -> At[str]:
    return At(Mode.SHADOW.value, span)


def _no_condition(span: Span) -> YamlScalar:
    return YamlScalar("", "", span)


class ExpectFile(Lines, frozen=True, kw_only=True):
    """What the owner answers for, as written."""

    precision: Annotated[
        At[float] | None,
        Key(
            Number("a share above 0 and up to 1", 0, 1), "A lower bound of the share of fires that are right."
        ),
    ] = None
    disturbance_per_10k: Annotated[
        At[float] | None,
        Key(
            Number("a number above 0 and up to 10000", 0, 10_000),
            "Wrongly touched users per 10,000 active ones a day, at most.",
        ),
    ] = None


class StrategyFile(Lines, frozen=True, kw_only=True):
    """A strategy as written."""

    strategy: Annotated[At[str], Key(STRATEGY_NAME, "What decisions call it.")]
    describes: Annotated[At[str] | None, Key(Text(), "What pattern it meets.")] = None
    policy: Annotated[At[str], Key(CITATION, "The clause it enforces: POLICY#CLAUSE.", instead=_no_citation)]
    on: Annotated[tuple[At[str], ...], Key(NAMES, "The event types it judges.", instead=_nothing)]
    when: Annotated[
        YamlScalar, Key(Condition(), "The condition, a SQL boolean expression.", instead=_no_condition)
    ]
    except_when: Annotated[
        YamlScalar | None,
        Key(Condition(), "Where this condition is TRUE, the strategy does not fire."),
    ] = msgspec.field(default=None, name="except when")
    then: Annotated[
        tuple[ActionStep | ReviewStep, ...],
        Key(
            ListOf(StepShape(), "a step or a list of steps", keep_fit=True),
            "What follows when it fires.",
            instead=_nothing,
        ),
    ]
    mode: Annotated[
        At[str],
        Key(
            Choice("a mode", tuple(mode.value for mode in Mode)),
            "How far it has earned its place.",
            instead=_as_shadow,
        ),
    ]
    markets: Annotated[
        tuple[At[str], ...], Key(MARKETS_OR_GROUPS, "Where it judges; default: every market of the project.")
    ] = ()
    languages: Annotated[
        tuple[At[str], ...], Key(LANGUAGES, "Of the events it judges; default: every language.")
    ] = ()
    owner: Annotated[
        At[str] | None, Key(Text(), "The team that answers for it; a live strategy needs one.")
    ] = None
    expect: Annotated[
        ExpectFile | None,
        Key(Record(ExpectFile, "an expectation"), "What the owner answers for; a live strategy needs it."),
    ] = None
    evaluate: Annotated[
        At[str] | None,
        Key(
            Choice("a way to evaluate", ("needed", "always")),
            "`always` buys its signals even where they cannot change the outcome; default needed.",
        ),
    ] = None
    on_failure: Annotated[
        FailureSteps | None,
        Key(
            FailureShape(),
            "What follows if a signal that could still decide it gives no answer. `pass`: it is NULL;"
            " `retry`: it is asked again and a later round decides; `review: queue`: people look; a list:"
            " people look once asking again has not helped. Default pass.",
        ),
    ] = None
    rollout: Annotated[
        At[int] | None,
        Key(
            RolloutShape(),
            "Of a live strategy: the share of people it acts on, in shadow for the others; default all.",
        ),
    ] = None
    overlays: Annotated[
        tuple[VariationFile, ...],
        Key(VARIATIONS, "What it changes for a market, a group or a language."),
    ] = ()


STRATEGY = Record(StrategyFile, "a strategy")


def build_strategy(
    file: StrategyFile, source: Source, markets: Markets, ladders: Ladders | None, found: Diagnostics
) -> Strategy:
    """The strategy with its groups flattened and its targets filled in.

    Args:
        file: as written.
        source: its text, in which the condition's place is found.
        markets: of the project.
        ladders: of the project; None while seawall.yml does not read, which leaves actions unchecked.
        found: where problems are reported.
    """
    policy, _, clause = file.policy.value.partition("#")
    expect = file.expect
    strategy = Strategy(
        name=file.strategy.value,
        policy=policy,
        clause=clause,
        on=values(file.on),
        when=file.when.text.strip(),
        except_when=file.except_when.text.strip() if file.except_when else None,
        then=build_then(file.then, markets, ladders, found),
        review=build_review(file.then, ladders, found),
        mode=Mode(file.mode.value),
        markets=markets.flatten(file.markets, found),
        languages=tuple(sorted(values(file.languages))),
        owner=file.owner.value if file.owner else None,
        expect=Expectation(
            precision=expect.precision.value if expect and expect.precision else None,
            disturbance_per_10k=expect.disturbance_per_10k.value
            if expect and expect.disturbance_per_10k
            else None,
        ),
        evaluate=text_or(file.evaluate, "needed"),
        on_failure=build_failure(file.on_failure),
        rollout=build_rollout(file.rollout, Mode(file.mode.value), found),
        describes=text_or(file.describes),
        span=file.strategy.span,
        when_span=beginning(file.when, source),
        except_span=beginning(file.except_when, source) if file.except_when else None,
    )
    if not file.overlays:
        return strategy
    overlays = build_variations(file.overlays, strategy, source, markets, ladders, found)
    return msgspec.structs.replace(strategy, overlays=overlays)
