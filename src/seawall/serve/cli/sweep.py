"""`seawall sweep`: judge the catalogue again when a list, clause, strategy or model has changed."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from seawall.act.repo_undo import find_undo
from seawall.core.clock import format_time
from seawall.core.errors import Conflict, NotFound, UsageError
from seawall.ingest.scalars import timestamp
from seawall.policy.near import did_you_mean
from seawall.serve.banks import banks_of
from seawall.serve.cli.working import counting
from seawall.serve.clock import SystemClock
from seawall.serve.controls import InForce
from seawall.serve.process import open_ledger
from seawall.serve.releases import Releases
from seawall.serve.settings import Settings
from seawall.serve.sweep.model import DONE, STOPPED, Counts, Selection, Sweep, sweep_id
from seawall.serve.sweep.repo import ask, find_sweep, sweeps
from seawall.serve.sweep.run import Sweeper, Sweeps
from seawall.serve.sweep.touched import resting_on, touched
from seawall.serve.wiring import data_folder, kinds_of, open_store, viewer_of
from seawall.store import Store
from seawall.store.audit import append

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Mapping

    from seawall.policy.model import Project
    from seawall.signals import SignalKind
    from seawall.store import Ledger

CLOCK = SystemClock()


def sweep(
    project: Path = typer.Option(Path(), "--project", help="The folder that holds seawall.yml."),
    strategy: list[str] = typer.Option([], "--strategy", help="What this strategy could touch; repeatable."),
    bank: list[str] = typer.Option(
        [], "--list", help="What strategies that read this list or bank could touch."
    ),
    signal: list[str] = typer.Option(
        [], "--signal", help="What strategies that read this signal could touch."
    ),
    clause: list[str] = typer.Option([], "--clause", help="What strategies on this clause could touch."),
    undo: str | None = typer.Option(None, "--undo", metavar="ID", help="What an undo left undetermined."),
    all_: bool = typer.Option(False, "--all", help="Everything, whatever has changed."),
    type_: list[str] = typer.Option([], "--type", help="Only this event type; repeatable."),
    market: list[str] = typer.Option([], "--market", help="Only this market; repeatable."),
    since: str | None = typer.Option(None, "--since", metavar="T", help="First event, RFC 3339."),
    until: str | None = typer.Option(None, "--until", metavar="T", help="Before this event time."),
    most: int = typer.Option(5_000, "--most", min=1, help="Events judged for the preview."),
    enact: bool = typer.Option(False, "--enact", help="Do it; without it you only see what would change."),
    by: str | None = typer.Option(None, "--by", metavar="NAME", help="Who asks for it."),
    reason: str = typer.Option("", "--reason", help="Why, for the record."),
    rate: int = typer.Option(500, "--rate", min=1, max=500, help="Events a second at most."),
    show: bool = typer.Option(False, "--show", help="List the sweeps there were."),
) -> None:
    """Judge the catalogue again: what would the project in force decide today?

    Without a selection it looks at what the newest release could touch. Counts are those that were read when
    an event was first decided; signals are computed anew. A sweep can only add: what no longer fires stays
    until it is undone, and what a person cleared stays up without new evidence.
    """
    settings = Settings()  # pyright: ignore[reportCallIssue]  the environment fills it
    ledger, data = open_ledger(project, settings)
    try:
        if show:
            with ledger.read() as connection:
                _list(sweeps(connection))
            return
        releases = Releases(ledger, data, CLOCK)
        in_force = _in_force(releases)
        chosen = _selection(
            ledger,
            releases,
            in_force,
            strategy,
            bank,
            signal,
            clause,
            undo,
            type_,
            market,
            since,
            until,
            all_,
        )
        with ExitStack() as opening:
            store, ours = opening.enter_context(_opened(in_force, project, settings))
            controls = InForce().after(store.controls())
            viewer = opening.enter_context(closing(viewer_of(settings, project)))
            kinds = kinds_of(settings, viewer, banks_of(data))
            _look(in_force, store, releases, chosen, controls, most, kinds)
            if enact:
                row = _ask(ledger, in_force, chosen, by, reason, rate)
                row = (
                    _drive(ledger, store, releases, in_force, row, controls, kinds)
                    if ours
                    else _follow(ledger, row)
                )
                _closing(row)
            else:
                typer.echo("\nNothing was changed. Add --enact --by NAME to do it.")
    finally:
        ledger.close()


def _in_force(releases: Releases) -> Project:
    release = releases.current()
    if release is None:
        raise UsageError("nothing was released here", hint="seawall release puts the project in force")
    return releases.open(release.project_version)


def _selection(
    ledger: Ledger,
    releases: Releases,
    project: Project,
    strategy: list[str],
    bank: list[str],
    signal: list[str],
    clause: list[str],
    undo: str | None,
    types: list[str],
    markets: list[str],
    since: str | None,
    until: str | None,
    all_: bool,
) -> Selection:
    _known(types, project.events, "event type")
    _known(markets, project.markets, "market")
    _known(strategy, project.strategies, "strategy")
    _known(bank, {**project.banks, **project.hash_banks}, "list or bank")
    _known(signal, project.signals, "signal")
    _known(clause, _clauses(project), "clause")
    without, first, last = None, _time("--since", since), _time("--until", until)
    names = (*strategy, *resting_on(project, banks=bank, signals=signal, clauses=clause))
    if undo is not None:
        with ledger.read() as connection:
            row = find_undo(connection, undo)
        if row is None:
            raise NotFound(f"no undo {undo!r} was asked for", hint="`seawall undo` lists them")
        without = row.undo.strategy
    elif not names and (bank or signal or clause):
        raise UsageError("no live strategy rests on that", hint="`seawall check` warns of what is unused")
    elif not names and not all_:
        names = _newest_change(releases, project)
    return Selection(
        strategies=tuple(dict.fromkeys(names)),
        types=tuple(types),
        markets=tuple(markets),
        since=first,
        until=last,
        without=without,
    )


def _newest_change(releases: Releases, project: Project) -> tuple[str, ...]:
    """What the release in force changed over the version before it."""
    earlier = next((one for one in releases.all() if one.project_version != project.version), None)
    if earlier is None:
        raise UsageError(
            "this is the first release, so nothing has changed",
            hint="name what to look at: --strategy, --list, --signal, --clause, or --all",
        )
    names = touched(releases.open(earlier.project_version), project)
    if not names:
        raise UsageError(
            "the newest release changed no live strategy, nor what one rests on",
            hint="name what to look at: --strategy, --list, --signal, --clause, or --all",
        )
    typer.echo(f"changed by the newest release: {', '.join(names)}")
    return names


def _look(
    project: Project,
    store: Store,
    releases: Releases,
    chosen: Selection,
    controls: InForce,
    most: int,
    kinds: Mapping[str, SignalKind],
) -> None:
    sweeper = Sweeper(
        project, store, releases.open, clock=CLOCK, selection=chosen, in_force=controls, kinds=kinds
    )
    try:
        total = sweeper.total()
        with counting("Looking", total=min(total, most)) as progress:
            counts = sweeper.preview(most=most, progress=progress)
    finally:
        sweeper.close()
    _show(counts, total, word="would change")
    if counts.seen < total:
        typer.echo(f"  (from {counts.seen:,} of {total:,}, evenly drawn)")


@contextmanager
def _opened(project: Project, root: Path, settings: Settings) -> Generator[tuple[Store, bool]]:
    """The store, and whether it is ours to write: not while a server has its journal.

    Where it is ours, what was decided last is sealed, so that it is looked at too.
    """
    try:
        store, ours = open_store(project, root, settings, clock=CLOCK), True
    except UsageError:
        path = data_folder(project, root, settings)
        store = Store.open(path, clock=CLOCK, ledger_url=settings.ledger_url, read_only=True)
        ours = False
    try:
        if ours:
            store.project()
            store.seal(now=True)
        yield store, ours
    finally:
        store.close()


def _ask(
    ledger: Ledger, project: Project, chosen: Selection, by: str | None, reason: str, rate: int
) -> Sweep:
    if not by:
        raise UsageError("--enact needs --by NAME", hint="the record says who asked for it")
    now = CLOCK.now()
    row = Sweep(
        sweep_id=sweep_id(by, now, project.version),
        asked_by=by,
        asked_at=now,
        reason=reason,
        project_version=project.version,
        selection=chosen,
        rate=rate,
        counts=Counts(),
        changed_at=now,
    )
    with ledger.begin() as connection:
        ask(connection, row)
        detail = {"reason": reason, "strategies": list(chosen.strategies)}
        append(connection, at=now, by=by, act="sweep.ask", target=row.sweep_id, detail=detail)
    typer.echo(f"\nsweep {row.sweep_id} begins")
    return row


def _drive(
    ledger: Ledger,
    store: Store,
    releases: Releases,
    project: Project,
    row: Sweep,
    controls: InForce,
    kinds: Mapping[str, SignalKind],
) -> Sweep:
    doing = Sweeps(store, releases.open, clock=CLOCK, kinds=kinds)
    try:
        with counting("Sweeping", total=None) as progress:
            while row.state not in {DONE, STOPPED}:
                began, before = time.monotonic(), row.counts.seen
                doing.turn(project, controls)
                with ledger.read() as connection:
                    row = find_sweep(connection, row.sweep_id)
                done = row.counts.seen - before
                progress(done)
                time.sleep(max(0.0, done / row.rate - (time.monotonic() - began)))
        while store.project():
            pass
    finally:
        doing.close()
    return row


def _follow(ledger: Ledger, row: Sweep) -> Sweep:
    typer.echo("the running server does it; stop looking with Ctrl-C, it goes on")
    with counting("Sweeping", total=None) as progress:
        while row.state not in {DONE, STOPPED}:
            time.sleep(1.0)
            before = row.counts.seen
            with ledger.read() as connection:
                row = find_sweep(connection, row.sweep_id)
            progress(row.counts.seen - before)
    return row


def _closing(row: Sweep) -> None:
    typer.echo(f"sweep {row.sweep_id} is {row.state}")
    _show(row.counts, row.total, word="changed")
    if row.state == STOPPED:
        raise Conflict(
            "another version of the project came into force meanwhile, so the sweep stopped",
            hint="look again under the new version; what was done stays",
        )


def _show(counts: Counts, total: int, *, word: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{counts.seen:,} of {total:,} events looked at: {counts.changed:,} {word}")
    for name, count in sorted(counts.by_strategy.items(), key=lambda pair: -pair[1]):
        console.print(f"  {count:>7,}  {name} fires now", markup=False)
    for name, count in sorted(counts.no_longer.items(), key=lambda pair: -pair[1]):
        console.print(
            f"  {count:>7,}  {name} no longer fires; what it asked for stays until undone", markup=False
        )
    rest = {
        "a person cleared it, so nothing follows": counts.shielded,
        "the same as before": counts.same,
        "a newer event tells of the subject": counts.older,
        "erased": counts.erased,
        "out of retention": counts.retention,
        "the type or its fields are no longer declared": counts.unknown,
        "a later round is looked at instead": counts.replaced,
    }
    for said, count in rest.items():
        if count:
            console.print(f"  {count:>7,}  {said}", markup=False)
    for one in counts.examples:
        fires = f" ({', '.join(one.strategies)})" if one.strategies else ""
        console.print(f"    {one.type} {one.subject}: {one.before} -> {one.after}{fires}", markup=False)


def _list(rows: list[Sweep]) -> None:
    for row in rows:
        done = f"{row.counts.seen:,} of {row.total:,}"
        typer.echo(
            f"{row.sweep_id}  {row.state}  {format_time(row.asked_at)}  by {row.asked_by}  {done}, "
            f"{row.counts.changed:,} changed  {row.reason}"
        )
    if not rows:
        typer.echo("no sweep was asked for yet")


def _known(names: list[str], there: Collection[str], what: str) -> None:
    for name in names:
        if name not in there:
            hint = did_you_mean(name, there, what=f"{what}s")
            raise UsageError(f"the project in force has no {what} {name!r}", hint=hint)


def _clauses(project: Project) -> list[str]:
    return [f"{policy.name}#{id_}" for policy in project.policies.values() for id_ in policy.clauses]


def _time(option: str, text: str | None) -> int | None:
    return None if text is None else timestamp(option, text)
