"""A backtest as text for a terminal, and as the Markdown that a pull request carries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from seawall.measure.backtest.model import Backtest, Example, Tested
    from seawall.measure.model import Estimate

MOST = 12  # markets, days or companions in one line


def as_text(report: Backtest) -> str:
    """For people at a terminal."""
    lines = [heading(report), ""]
    rows = [("strategy", "fired", "of 10,000", "users", "touched/10k", "precision", "recall", "alone")]
    rows += [_row(each) for each in report.strategies]
    lines += _aligned(rows)
    for queue, count in report.queues_by_day.items():
        lines.append(f"queue {queue}: {count:,.1f} tasks a day")
    for each in report.strategies:
        lines += ["", f"{each.strategy} ({each.mode})", *(f"  {line}" for line in details(each))]
    return "\n".join(lines) + "\n"


def as_markdown(report: Backtest) -> str:
    """For a pull request."""
    lines = [f"### Backtest of {report.project}", "", heading(report), ""]
    lines += table(
        ("strategy", "fired", "of 10,000", "users", "touched/10k", "precision", "recall", "alone"),
        [_row(each) for each in report.strategies],
    )
    for each in report.strategies:
        lines += ["", f"<details><summary>{each.strategy}</summary>", ""]
        lines += [f"- {escaped(line)}" for line in details(each)]
        lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def heading(report: Backtest) -> str:
    """What was judged: `20,000 events of 1 day ...`."""
    span = (
        ""
        if report.first is None or report.last is None
        else f", {_minute(report.first)} to {_minute(report.last)} UTC"
    )
    refused = f", {report.refused:,} refused" if report.refused else ""
    labelled = f", {report.labelled:,} labelled" if report.labelled else ""
    days = f"{report.days} {'day' if report.days == 1 else 'days'}"
    how = f"version {report.version[:12]}, engine {report.engine}"
    return f"{report.events:,} events on {days}{span}{refused}{labelled}; {how}"


def details(each: Tested) -> list[str]:
    """Everything about one strategy, a line for each question."""
    share = _share(each.fired, each.events)
    lines = [f"fired on {each.fired:,} of {each.events:,} events ({share}), {each.alone:,} of them alone"]
    for what, counts in (("market", each.by_market), ("type", each.by_type), ("day", each.by_day)):
        if counts:
            lines.append(f"by {what}: {_counts(counts)}")
    lines.append(
        f"users: {each.users:,} of {each.active:,} active; {each.touched_per_10k:,.2f} of 10,000 a day"
    )
    if each.together:
        lines.append(f"together with: {_counts(each.together)}")
    lines += [
        f"adds to queue {queue}: {count:,.1f} tasks a day" for queue, count in each.reviews_by_day.items()
    ]
    if each.signal_missing:
        lines.append(f"a signal was missing on {each.signal_missing:.1%} of the events it was needed for")
    if each.estimated is not None:
        lines.append(f"{each.estimated.name}: {_fires(each.estimated)}")
    lines += [
        f"{found.name}: {found.sentence}" for found in (each.precision, each.recall) if found is not None
    ]
    if each.newly is not None:
        changed = f"{each.newly:,} more, {each.no_longer:,} no longer, {each.as_before:,} as before"
        lines.append(f"against what was decided: {changed}")
    lines += missed_lines(each)
    for kind, kept in each.examples.items():
        lines += [f"example, {kind}: {example_line(one)}" for one in kept]
    return lines


def _fires(found: Estimate) -> str:
    """`1,200 (900-1,500), of 41 events of the audit sample that took a signal`."""
    if found.value is None or found.low is None or found.high is None:
        return (
            f"too few of the audit sample to say: {found.n} of {found.n + found.missing} that took a signal"
        )
    interval = f"{found.value:,.0f} ({found.low:,.0f}-{found.high:,.0f})"
    return f"{interval}, from {found.n:,} events of the audit sample that took a signal"


def missed_lines(each: Tested) -> list[str]:
    """A line for each promise that is missed, with whose word on its precision that stands on."""
    labelled = each.precision is not None and each.precision.known
    how = "at best" if labelled else "by the precision it promises"
    return [
        f"misses its promise of {one.what}: promised {one.promised:g}, {how} {one.found:.4g}; {one.mend}"
        for one in each.missed_promises
    ]


def _row(each: Tested) -> tuple[str, ...]:
    return (
        each.strategy,
        f"{each.fired:,}",
        f"{1e4 * each.fired / each.events:.2f}" if each.events else "-",
        f"{each.users:,}",
        f"{each.touched_per_10k:.2f}",
        short(each.precision),
        short(each.recall),
        f"{each.alone:,}",
    )


def short(found: Estimate | None) -> str:
    """`0.93 (0.88-0.96)`, or how many labels are missing."""
    if found is None:
        return "no labels"
    if found.value is None or found.low is None or found.high is None:
        return f"{found.n} of {found.n + found.missing} labels"
    return f"{found.value:.2f} ({max(found.low, 0):.2f}-{min(found.high, 1):.2f})"


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Rows as a table of Markdown."""
    lines = [f"| {' | '.join(head)} |", f"| --- |{' ---: |' * (len(head) - 1)}"]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows)]


def _counts(counts: Mapping[str, int]) -> str:
    shown = [f"{name or 'none'} {count:,}" for name, count in list(counts.items())[:MOST]]
    more = len(counts) - MOST
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _share(count: int, of: int) -> str:
    return f"{count / of:.3%}" if of else "-"


def example_line(one: Example) -> str:
    """One event in a line."""
    read = ", ".join(f"{name} = {_value(value)}" for name, value in one.read.items())
    return f"{one.type} {one.event_id} in {one.market or 'no market'}: {read}"


def _value(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def escaped(line: str) -> str:
    """A line that Markdown shows as it is."""
    return line.replace("|", "\\|").replace("<", "&lt;").replace("`", "\\`")


def _minute(micros: int) -> str:
    return datetime.fromtimestamp(micros / 1e6, UTC).strftime("%Y-%m-%d %H:%M")
