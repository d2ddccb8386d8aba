"""What `seawall decide` says at the end: how many, what was done, what was refused or ignored, what next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.features import Tally as FeatureTally
    from seawall.ingest import Intake
    from seawall.serve.stream import Tally

_SHOWN = 8


class Closing(NamedTuple):
    """Everything the closing summary is made of; `features` is None where the project counts nothing."""

    tally: Tally
    seconds: float
    intake: Intake
    features: FeatureTally | None
    letters: Path
    run_id: str | None
    project: Path


def write_summary(closing: Closing) -> None:
    """Write it to standard error."""
    console = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    for line in summary_lines(closing):
        console.print(line)


def summary_lines(closing: Closing) -> Iterator[str]:
    """The lines of the summary."""
    tally = closing.tally
    total = tally.decided + tally.refused
    rate = total / closing.seconds if closing.seconds else 0.0
    yield f"{tally.decided:,} of {total:,} events decided in {closing.seconds:.1f} s ({rate:,.0f} events/s)"
    yield from _counts("actions", tally.actions)
    yield from _counts("review", tally.reviews)
    yield from _counts("fired", tally.fired)
    yield from _counts("shadow", tally.shadow)
    if tally.repeated:
        yield f"  {'repeated':<9} {tally.repeated:,} events came again and got the decision they had"
    yield from _refusals(closing)
    yield from _ignored(closing.intake)
    if closing.features and closing.features.too_late:
        yield (
            f"  {'late':<9} {closing.features.too_late:,} events came over 10 minutes after a newer one: "
            "their features are NULL; sort the input by ts"
        )
    if closing.run_id is not None:
        yield f"no effects (add --enact for them); run {closing.run_id}"
    if tally.decided:
        yield f"ask why with: seawall explain EVENT_ID --project {closing.project}"


def _counts(name: str, counts: Counter[str]) -> Iterator[str]:
    if counts:
        shown = ", ".join(f"{key} {count:,}" for key, count in counts.most_common(_SHOWN))
        more = f", and {len(counts) - _SHOWN} more" if len(counts) > _SHOWN else ""
        yield f"  {name:<9} {shown}{more}"


def _refusals(closing: Closing) -> Iterator[str]:
    tally = closing.tally
    if not tally.refused:
        return
    yield f"{tally.refused:,} refused; they lie with the reason in {closing.letters}"
    ordered = sorted(tally.reasons.items(), key=lambda item: -item[1][0])
    for kind, (count, line) in ordered[:_SHOWN]:
        where = "" if line is None else f", first at line {line:,}"
        yield f"  {kind:<9} {count:,}{where}"


def _ignored(intake: Intake) -> Iterator[str]:
    if not intake.ignored:
        return
    meant = intake.near_misses()
    yield "fields ignored, since their event type does not declare them"
    for (kind, name), count in intake.ignored.most_common(_SHOWN):
        near = meant.get((kind, name))
        hint = f"; did you mean {near!r}?" if near else ""
        yield f"  {kind}.{name} {count:,}{hint}"
