"""`seawall test`: the project's own tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from seawall.serve.cases import Outcome, Runner, unexercised
from seawall.serve.cli.explained import strategy_lines
from seawall.serve.wiring import open_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seawall.policy.model import Project


def test(
    directory: Path = typer.Argument(Path(), metavar="DIR", help="The safety project."),  # noqa: PT028  a command
    match: str | None = typer.Option(  # noqa: PT028  likewise
        None, "--match", help="Only tests whose name holds this text."
    ),
) -> None:
    """Run the tests of a safety project, and name the strategies and clauses that none of them exercises.

    The exit status is 0 if every test passed, else 1.
    """
    project = open_project(directory)
    runner = Runner(project)
    outcomes = [runner.run(case) for case in project.cases if match is None or match in case.name]
    runner.close()
    for outcome in outcomes:
        for line in failure_lines(outcome, directory):
            typer.echo(line)
    for line in closing_lines(project, outcomes, whole=match is None):
        typer.echo(line)
    if any(outcome.mismatches for outcome in outcomes):
        raise typer.Exit(1)


test.__test__ = False  # type: ignore[attr-defined]  # pytest must not take the command for one of its own


def failure_lines(outcome: Outcome, directory: Path) -> Iterator[str]:
    """What a failed test expected, what it got, and how the strategies behind it fell."""
    if not outcome.mismatches:
        return
    span = outcome.case.span
    yield f"FAILED {directory / span.file}:{span.line}:{span.column}: {outcome.case.name}"
    for mismatch in outcome.mismatches:
        yield f"  {mismatch.what}"
        yield f"    - {mismatch.expected}"
        yield f"    + {mismatch.got}"
        if mismatch.explained is not None:
            yield from (f"      {line}" for line in strategy_lines(mismatch.explained))
    yield ""


def closing_lines(project: Project, outcomes: Sequence[Outcome], *, whole: bool) -> Iterator[str]:
    """How many passed, and what no test exercises."""
    if whole:
        strategies, clauses = unexercised(project, outcomes)
        for what, names in (("strategies", strategies), ("clauses", clauses)):
            if names:
                yield f"no test exercises these {what}: {', '.join(names)}"
    failed = sum(1 for outcome in outcomes if outcome.mismatches)
    yield f"{len(outcomes) - failed:,} passed, {failed:,} failed"
