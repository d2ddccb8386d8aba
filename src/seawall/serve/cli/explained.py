"""An explanation as people read it, each part behind the mark of its truth."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, NamedTuple

import typer

from seawall.core.clock import format_time
from seawall.core.truth import Truth
from seawall.store.held import Held

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seawall.core.decision import Decision, Reading
    from seawall.decide.explain import Explained
    from seawall.decide.trace import TraceNode

MARKS = {Truth.TRUE: "●", Truth.FALSE: "○", Truth.NULL: "⊘", Truth.OPEN: "◌"}
_WIDTH = 76  # characters of a part that is made of others, which follow it whole
ORDER = ("fired", "unanswered", "undetermined", "not fired")


class Account(NamedTuple):
    """Everything that can be said of one decision."""

    decision: Decision
    explained: tuple[Explained, ...]
    where: str
    gone: str | None
    held: Held = Held()


def write_account(account: Account) -> None:
    """Write it to standard output."""
    for line in account_lines(account):
        typer.echo(line)


def account_lines(account: Account) -> Iterator[str]:
    """The lines of an explanation."""
    yield from _head(account.decision, account.where)
    if account.gone:
        yield ""
        yield account.gone
        yield from _readings("features", account.decision.features)
        yield from _readings("signals", account.decision.signals)
        return
    yield from _readings("features", account.decision.features)
    yield from _readings("signals", account.decision.signals)
    spent = sum(reading.cost_us for reading in account.decision.signals.values())
    if spent:
        yield f"  signals cost {spent:g} us"
    yield ""
    yield "● true   ○ false   ⊘ NULL   ◌ not looked at"
    for each in sorted(account.explained, key=lambda each: ORDER.index(each.state)):
        yield ""
        yield from strategy_lines(each)
        for word, control in account.held.said_of(each.strategy):
            by = f"by {control.by} at {format_time(control.at)}"
            yield f"  {word} when this was decided, {by}: {control.reason}"
    if not account.explained:
        yield ""
        yield "No strategy holds for this event's type, market and language."


def _head(decision: Decision, where: str) -> Iterator[str]:
    place = [decision.type, decision.event_id, format_time(decision.ts)]
    place += [word for word in (decision.market, decision.language) if word]
    yield "  ".join(place)
    audit = ", audit sample" if decision.audit else ""
    yield f"decision {decision.decision_id}: {decision.action} ({where}{audit})"
    yield f"  project {decision.project_version[:12]}"
    if decision.subject is not None:
        version = f", version {decision.content_version}" if decision.content_version else ""
        yield f"  subject {decision.subject}{version}"
    for place, action in (
        *(("", one) for one in decision.actions),
        *(("beneath: ", one) for one in decision.beneath),
    ):
        territory = "" if action.territory == ("*",) else f" in {', '.join(action.territory)}"
        lasts = "" if action.duration_s is None else f" for {action.duration_s:,} s"
        cited = ", ".join(ground.policy for ground in action.grounds)
        yield f"  {place}{action.action} {action.target} {action.target_id}{territory}{lasts}: {cited}"
    for review in decision.review:
        yield f"  review {review.queue}: {', '.join(ground.policy for ground in review.grounds)}"
    if decision.missing:
        yield f"  no answer for {', '.join(decision.missing)}"
    if not decision.final:
        yield f"  round {decision.round}; a later round follows"


def _readings(name: str, readings: Mapping[str, Reading]) -> Iterator[str]:
    for key, reading in readings.items():
        yield f"  {name[:-1]} {key} = {_value(reading.value, reading.null)}{_cost(reading.cost_us)}"


def strategy_lines(each: Explained) -> Iterator[str]:
    """One strategy with the parts of its condition."""
    mark = MARKS[each.trace.truth or Truth.NULL]
    asks = ", ".join(each.asks) or "nothing"
    yield f"{mark} {each.strategy}  [{each.mode}] {each.state}: {asks} ({each.clause})"
    yield from _part(each.trace, depth=1)


def _part(node: TraceNode, *, depth: int) -> Iterator[str]:
    truth = node.truth or Truth.NULL
    mark = MARKS[truth] if node.looked_at else MARKS[Truth.OPEN]
    text = " ".join(node.text.split())
    if _is_leaf(node):
        said = ", ".join(dict.fromkeys(_operands(node)))
        said = said if node.looked_at or "not bought" in said else "not looked at"
        null = f"NULL ({node.null or 'unknown'})" if truth is Truth.NULL and "NULL" not in said else ""
        null = null if node.looked_at else ""
        notes = "; ".join(note for note in (said, null) if note)
        yield f"{'  ' * depth}{mark} {text}{f'   [{notes}]' if notes else ''}"
        return
    yield f"{'  ' * depth}{mark} {shorten(text, _WIDTH, placeholder=' …')}"
    for child in node.children:
        yield from _part(child, depth=depth + 1)


def _is_leaf(node: TraceNode) -> bool:
    """Whether its children are operands, to be shown beside it, rather than parts of their own."""
    children = node.children
    return any(child.truth is None for child in children) or all(
        child.text.isidentifier() for child in children
    )


def _operands(node: TraceNode) -> Iterator[str]:
    for child in node.children:
        if child.children:
            yield from _operands(child)
        elif child.truth is Truth.OPEN:
            yield f"{child.text} gave no answer ({child.null})" if child.null else f"{child.text} not bought"
        else:
            yield f"{child.text} = {_value(child.value, child.null)}{_cost(child.cost_us)}"


def _value(value: object, null: str | None) -> str:
    if value is None:
        return f"NULL ({null})" if null else "NULL"
    text = repr(value) if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _cost(cost_us: float) -> str:
    return f" ({cost_us:g} us)" if cost_us else ""
