"""`overlays:` of a strategy: what it changes for a market, a group or a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from seawall.policy.flatten import changes, flattened
from seawall.policy.kinds.follow import build_review, build_then
from seawall.policy.kinds.step import ActionStep, ReviewStep, StepShape
from seawall.policy.model import Mode, StrategyOverlay
from seawall.policy.normal import normal_condition
from seawall.policy.places import place_in
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Choice, Condition, ListOf, Text
from seawall.policy.yaml_nodes import YamlScalar  # noqa: TC001  msgspec reads it

if TYPE_CHECKING:
    from seawall.core.action import Ladders
    from seawall.core.diagnostic import Span
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.kinds.markets import Markets
    from seawall.policy.model import Strategy
    from seawall.policy.source import Source

PLACE = Text(
    "a market, group or language",
    r"[A-Z][A-Z0-9_-]{1,30}|[a-z]{2,3}",
    "capital letters: SG, EU; a language in lower case: id",
)
MODES = tuple(mode.value for mode in Mode)
_AS_FAR = {Mode.OFF: 0, Mode.SHADOW: 1, Mode.LIVE: 2}
_WORDS = {"except_when": "except when", "review": "then"}


class VariationFile(Lines, frozen=True, kw_only=True):
    """One overlay of a strategy, as written."""

    for_: Annotated[At[str], Key(PLACE, "The market, group or language it holds for.")] = msgspec.field(
        name="for"
    )
    when: Annotated[YamlScalar | None, Key(Condition(), "The condition there.")] = None
    except_when: Annotated[YamlScalar | None, Key(Condition(), "What is excepted there.")] = msgspec.field(
        default=None, name="except when"
    )
    then: Annotated[
        tuple[ActionStep | ReviewStep, ...] | None,
        Key(
            ListOf(StepShape(), "a step or a list of steps", keep_fit=True),
            "What follows there, instead of all that is said for elsewhere.",
        ),
    ] = None
    mode: Annotated[
        At[str] | None,
        Key(Choice("a mode", MODES), "A mode that is less than the strategy's own."),
    ] = None


def _place(item: VariationFile) -> str:
    return item.for_.value


VARIATIONS = ListOf(
    Record(VariationFile, "an overlay"), "one overlay or a list of them", key=_place, keep_fit=True
)


def build_variations(
    written: tuple[VariationFile, ...],
    strategy: Strategy,
    source: Source,
    markets: Markets,
    ladders: Ladders | None,
    found: Diagnostics,
) -> tuple[StrategyOverlay, ...]:
    """The overlays in the order in which they apply: groups, markets, languages.

    Args:
        written: as they stand in the file.
        strategy: without them.
        source: its text.
        markets: of the project.
        ladders: of the project; None while seawall.yml does not read.
        found: where problems are reported.
    """
    built = [(each, _build(each, source, markets, ladders, found)) for each in written]
    built.sort(key=lambda pair: (_rank(pair[1], markets), pair[1].name))
    for each, _ in built:
        if each.mode is not None and _AS_FAR[Mode(each.mode.value)] > _AS_FAR[strategy.mode]:
            message = f"an overlay cannot go further than the strategy, which is {strategy.mode}"
            hint = f"say mode: {each.mode.value} for the strategy, and mode: {strategy.mode} where less holds"
            found.error("bad-value", each.mode.span, message, hint=hint)
    overlays = tuple(overlay for _, overlay in built)
    for place, (each, overlay) in enumerate(built):
        _check_groups(each, overlay, overlays[:place], markets, found)
        _check_idle(each, overlay, strategy, overlays[:place], found)
    return overlays


def _build(
    each: VariationFile, source: Source, markets: Markets, ladders: Ladders | None, found: Diagnostics
) -> StrategyOverlay:
    name = each.for_.value
    language = name if name.islower() else None
    return StrategyOverlay(
        name=name,
        markets=() if language else markets.flatten((each.for_,), found),
        language=language,
        when=each.when.text.strip() if each.when else None,
        except_when=each.except_when.text.strip() if each.except_when else None,
        then=None if each.then is None else build_then(each.then, markets, ladders, found),
        review=None if each.then is None else build_review(each.then, ladders, found),
        mode=Mode(each.mode.value) if each.mode else None,
        span=each.for_.span,
        when_span=beginning(each.when, source) if each.when else None,
        except_span=beginning(each.except_when, source) if each.except_when else None,
    )


def beginning(condition: YamlScalar, source: Source) -> Span:
    """Where the first character of a condition stands."""
    return place_in(condition, source, len(condition.text) - len(condition.text.lstrip()))


def _rank(overlay: StrategyOverlay, markets: Markets) -> int:
    if overlay.language is not None:
        return 2
    return 0 if overlay.name in markets.groups else 1


def _check_groups(
    each: VariationFile,
    overlay: StrategyOverlay,
    before: tuple[StrategyOverlay, ...],
    markets: Markets,
    found: Diagnostics,
) -> None:
    """Two groups that change the same for a market: neither is the narrower."""
    if _rank(overlay, markets):
        return
    for other in before:
        shared = sorted(set(overlay.markets) & set(other.markets))
        said = changes(other)
        fields = [_WORDS.get(name, name) for name in changes(overlay) if name in said]
        if shared and fields:
            message = f"{other.name} and {overlay.name} both change {fields[0]} for {shared[0]}"
            hint = f"the other is {other.span}; write an overlay for {shared[0]} itself instead"
            found.error("overlay-conflict", each.for_.span, message, hint=hint)


def _check_idle(
    each: VariationFile,
    overlay: StrategyOverlay,
    strategy: Strategy,
    before: tuple[StrategyOverlay, ...],
    found: Diagnostics,
) -> None:
    """An overlay where the strategy does not judge, or that says what holds without it."""
    place = overlay.name
    if overlay.language is None and not overlay.markets:
        return  # reported as unknown
    if not _judges(strategy, overlay):
        message = f"the strategy does not judge {place}, so there is nothing to change for it"
        found.error("idle-overlay", each.for_.span, message, hint=f"leave the overlay out, or add {place}")
        return
    beneath = msgspec.structs.replace(strategy, overlays=before)
    whole = msgspec.structs.replace(strategy, overlays=(*before, overlay))
    where: list[tuple[str | None, str | None]] = [(one, None) for one in overlay.markets]
    if overlay.language is not None:
        elsewhere = {market for each in before for market in each.markets}
        where = [(market, overlay.language) for market in (None, *elsewhere)]
    if all(_meaning(flattened(beneath, *one)) == _meaning(flattened(whole, *one)) for one in where):
        message = f"this overlay changes nothing for {place}"
        found.error(
            "idle-overlay", each.for_.span, message, hint="say what is different there, or leave it out"
        )


def _judges(strategy: Strategy, overlay: StrategyOverlay) -> bool:
    if overlay.language is not None:
        return not strategy.languages or overlay.language in strategy.languages
    return not strategy.markets or not set(strategy.markets).isdisjoint(overlay.markets)


def _meaning(strategy: Strategy) -> dict[str, Any]:
    """What may differ, without layout."""
    conditions = {
        name: None if text is None else normal_condition(text)
        for name, text in (("when", strategy.when), ("except when", strategy.except_when))
    }
    return {**conditions, "then": strategy.then, "review": strategy.review, "mode": strategy.mode}
