"""What a change changes, as the Markdown of a pull request; and how promises stand, as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.measure.backtest.promises import Standing, labels_missing, standing
from seawall.measure.backtest.render import escaped, example_line, heading, missed_lines, short, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.measure.backtest.compare import Compared, Comparison
    from seawall.measure.backtest.model import Example, Tested
    from seawall.measure.backtest.promises import Promise

_MARKETS = 20
_ARROW = " → "


def comparison_markdown(found: Comparison) -> str:
    """For a pull request."""
    one, other = found.names
    lines = [f"### What changes in {found.project}: {_code(one)}{_ARROW}{_code(other)}", ""]
    if not found.strategies:
        return "\n".join([*lines, "No strategy differs."]) + "\n"
    judged = found.after if found.after.strategies else found.before
    lines += [f"Backtest of the strategies that differ: {heading(judged)}.", ""]
    if found.before.strategies and found.after.strategies and found.before.refused != found.after.refused:
        lines += [f"Records refused: {found.before.refused:,}{_ARROW}{found.after.refused:,}.", ""]
    head = ("strategy", "what differs", "fires", "newly", "no longer", "users touched", "a day of 10,000")
    lines += table((*head, "precision"), [_row(each) for each in found.strategies])
    lines += _queues(found)
    for each in found.strategies:
        lines += ["", f"<details><summary>{each.strategy}</summary>", "", *_details(each), "", "</details>"]
    return "\n".join(lines) + "\n"


def _row(each: Compared) -> tuple[str, ...]:
    return (
        each.strategy,
        ", ".join(each.changes) + (f" ({_ARROW.join(each.modes)})" if "mode" in each.changes else ""),
        _ARROW.join(f"{side.fired:,}" if side else "-" for side in _sides(each)),
        f"{each.newly:,}",
        f"{each.no_longer:,}",
        _ARROW.join(f"{side.users:,}" if side else "-" for side in _sides(each)),
        _ARROW.join(f"{side.touched_per_10k:.2f}" if side else "-" for side in _sides(each)),
        _ARROW.join(short(side.precision) if side else "-" for side in _sides(each)),
    )


def _queues(found: Comparison) -> list[str]:
    before, after = found.before.queues_by_day, found.after.queues_by_day
    if not before and not after:
        return []
    rows = [
        (queue, f"{before.get(queue, 0):,.1f}", f"{after.get(queue, 0):,.1f}")
        for queue in sorted(before.keys() | after.keys())
    ]
    return ["", *table(("queue", "tasks a day before", "after"), rows)]


def _details(each: Compared) -> Iterator[str]:
    before, after = _sides(each)
    markets = [side.by_market if side else {} for side in (before, after)]
    names = sorted(markets[0].keys() | markets[1].keys())
    if names:
        rows = [
            (name or "none", *(f"{side.get(name, 0):,}" for side in markets)) for name in names[:_MARKETS]
        ]
        yield from table(("market", "fires before", "after"), rows)
        if len(names) > _MARKETS:
            yield f"| and {len(names) - _MARKETS} more | | |"
        yield ""
    yield f"- {each.newly:,} newly, {each.no_longer:,} no longer, {each.as_before:,} as before"
    for side, when in ((before, "before"), (after, "after")):
        if side is not None:
            yield from (f"- {when}: {escaped(line)}" for line in _measured(side))
    yield from _examples("newly fires", each.newly_examples)
    yield from _examples("no longer fires", each.no_longer_examples)


def _measured(side: Tested) -> Iterator[str]:
    yield from (f"{one.name} {one.sentence}" for one in (side.precision, side.recall) if one is not None)
    if side.signal_missing:
        yield f"a signal was missing on {side.signal_missing:.1%} of the events it was needed for"
    yield from missed_lines(side)


def _examples(what: str, kept: tuple[Example, ...]) -> Iterator[str]:
    yield from (f"- {what}: {_code(example_line(one))}" for one in kept)


def _code(text: str) -> str:
    """As code, so that what people wrote draws no picture and calls nobody."""
    return f"`{' '.join(text.split()).replace('`', chr(39))}`"


def _sides(each: Compared) -> tuple[Tested | None, Tested | None]:
    return each.before, each.after


def promises_text(found: tuple[Promise, ...], *, judged: str) -> str:
    """How each promise stands, what is missed first, and how all stand together.

    Args:
        found: the promises.
        judged: what was judged, as `render.heading` has it.
    """
    order = {Standing.MISSED: 0, Standing.TOO_FEW: 1, Standing.HELD: 2}
    lines = [judged]
    for each in sorted(found, key=lambda one: order[one.standing]):
        by = f", off by {each.by:.4g}" if each.by else ""
        lines.append(f"{each.standing}: {each.strategy} {each.what} {each.promised:g}: {each.found}{by}")
        lines += [f"  mend: {each.mend}"] if each.mend else []
    counts = {which: sum(each.standing is which for each in found) for which in order}
    said = ", ".join(f"{count:,} {which}" for which, count in counts.items())
    lines.append(said if found else "no strategy that was tested promises anything")
    if standing(found) is Standing.TOO_FEW:
        lines.append(f"too few labels to say: {labels_missing(found):,} more are missing")
    return "\n".join(lines) + "\n"
