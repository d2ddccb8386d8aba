"""strategies/**/*.yml: a condition, what follows from it, where it holds, and what its owner promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from seawall.core.action import WORLDWIDE, Ladders
from seawall.policy.kinds.failure import FailureShape, FailureSteps, build_failure
from seawall.policy.kinds.names import (
    CITATION,
    LANGUAGES,
    MARKETS_OR_GROUPS,
    NAMES,
    STRATEGY_NAME,
    text_or,
    values,
)
from seawall.policy.kinds.step import WORLDWIDE_WORD, ActionStep, ReviewStep, StepShape
from seawall.policy.model import Expectation, Mode, ReviewThen, Strategy, Then
from seawall.policy.near import did_you_mean
from seawall.policy.places import place_in
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Choice, Condition, ListOf, Number, Text
from seawall.policy.yaml_nodes import YamlScalar

if TYPE_CHECKING:
    from seawall.core.diagnostic import Span
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.kinds.markets import Markets
    from seawall.policy.source import Source

SUBJECT_AXES = ("visibility", "monetary")
"""The axes whose actions are applied to the subject unless said otherwise; all others to the actor."""

MICROS_PER_SECOND = 1_000_000


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
    return Strategy(
        name=file.strategy.value,
        policy=policy,
        clause=clause,
        on=values(file.on),
        when=file.when.text.strip(),
        except_when=file.except_when.text.strip() if file.except_when else None,
        then=_actions(file, markets, ladders, found),
        review=tuple(_review(step, ladders, found) for step in file.then if isinstance(step, ReviewStep)),
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
        describes=text_or(file.describes),
        span=file.strategy.span,
        when_span=_beginning(file.when, source),
        except_span=_beginning(file.except_when, source) if file.except_when else None,
    )


def _beginning(condition: YamlScalar, source: Source) -> Span:
    return place_in(condition, source, len(condition.text) - len(condition.text.lstrip()))


def _actions(
    file: StrategyFile, markets: Markets, ladders: Ladders | None, found: Diagnostics
) -> tuple[Then, ...]:
    steps = [step for step in file.then if isinstance(step, ActionStep)]
    built: dict[tuple[str, str], Then] = {}
    for step in steps:
        then = _action(step, markets, ladders, found)
        if (then.action, then.target) in built:
            found.error(
                "duplicate-item",
                step.action.span,
                f"{then.action} for the {then.target} is asked for twice",
                hint="keep one",
            )
        built[then.action, then.target] = then
    return tuple(built.values())


def _action(step: ActionStep, markets: Markets, ladders: Ladders | None, found: Diagnostics) -> Then:
    axis = _axis(step.action, ladders, found)
    territory: tuple[str, ...] | None = None
    if step.territory is not None:
        worldwide = step.territory[0].value == WORLDWIDE_WORD
        territory = (WORLDWIDE,) if worldwide else markets.flatten(step.territory, found)
    return Then(
        action=step.action.value,
        target=text_or(step.target, _default_target(axis)),
        duration_s=round(step.for_.value / MICROS_PER_SECOND) if step.for_ else None,
        territory=territory,
    )


def default_target(action: str, ladders: Ladders) -> str:
    """Whom an action meets where a strategy does not say.

    >>> default_target("remove", Ladders.extended()), default_target("strike", Ladders.extended())
    ('subject', 'actor')
    """
    return _default_target(ladders.axis_of(action))


def _default_target(axis: str | None) -> str:
    return "subject" if axis in SUBJECT_AXES else "actor"


def _axis(action: At[str], ladders: Ladders | None, found: Diagnostics) -> str | None:
    if ladders is None:
        return None
    axis = ladders.axis_of(action.value)
    if axis is None:
        known = [each for ladder in ladders.axes.values() for each in ladder]
        hint = did_you_mean(action.value, [*known, "review"], what="actions")
        found.error("unknown-action", action.span, f"{action.value!r} is on no axis", hint=hint)
    return axis


def _review(step: ReviewStep, ladders: Ladders | None, found: Diagnostics) -> ReviewThen:
    if step.on_timeout and ladders and step.on_timeout.value not in ladders.axes["visibility"]:
        hint = did_you_mean(step.on_timeout.value, ladders.axes["visibility"], what="one of")
        message = f"{step.on_timeout.value!r} is no action on the visibility axis"
        found.error("unknown-action", step.on_timeout.span, message, hint=hint)
    return ReviewThen(
        queue=step.queue.value,
        timeout_s=round(step.timeout.value / MICROS_PER_SECOND) if step.timeout else None,
        on_timeout=step.on_timeout.value if step.on_timeout else None,
    )
