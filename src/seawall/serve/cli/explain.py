"""`seawall explain`: why an event was decided as it was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec
import typer

from seawall.core.decision import Decision, as_document
from seawall.core.errors import EventError, UsageError
from seawall.decide.explain import explain as explain_event
from seawall.decide.under import under
from seawall.ingest import DeadLetter, Intake
from seawall.ingest.read_jsonl import read_jsonl
from seawall.serve.cli.explained import Account, write_account
from seawall.serve.clock import SystemClock
from seawall.serve.decided import Decided
from seawall.serve.settings import Settings
from seawall.serve.wiring import open_project
from seawall.serve.worker import Worker
from seawall.store.held import Held

if TYPE_CHECKING:
    from seawall.core.event import Event
    from seawall.policy.model import Project

GONE = {
    "erased": "The event was erased; the decision stands, but why it fell so can no longer be recomputed.",
    "retention": "The event is past its retention; why it was decided so can no longer be recomputed.",
}


def explain(
    event: str = typer.Argument(..., metavar="EVENT", help="A file, or the id of an event or a decision."),
    project: Path = typer.Option(Path(), "--project", help="The safety project."),
    strategy: str | None = typer.Option(None, "--strategy", help="Only this one."),
    json: bool = typer.Option(False, "--json", help="For programs."),
) -> None:
    """Explain a decision: of each strategy in scope, which parts were true, false, NULL or not looked at.

    A decided event is explained from what was recorded, by the version that decided. Of a file, the events
    are decided in order by the folder as it is, and the last one is explained; nothing is kept.
    """
    settings, clock = Settings(), SystemClock()  # pyright: ignore[reportCallIssue]
    if Path(event).is_file():
        account = _of_file(open_project(project), Path(event), now=clock.now())
    else:
        account = _of_decided(Decided(project, settings, clock=clock), event)
    if strategy is not None:
        kept = tuple(each for each in account.explained if each.strategy == strategy)
        if not kept and not account.gone:
            raise UsageError(f"strategy {strategy!r} does not hold for this event, or does not exist")
        account = account._replace(explained=kept)
    if json:
        typer.echo(msgspec.json.format(msgspec.json.encode(_document(account))))
    else:
        write_account(account)


def _of_decided(decided: Decided, event: str) -> Account:
    recorded, run = decided.find(event)
    decision = recorded.decision
    where = "the live journal" if run is None else f"run {run.run_id}"
    if recorded.event is None:
        return Account(decision, (), where, GONE.get(recorded.gone or "", "The event is no longer kept."))
    held = decided.held(decision, run)
    return _account(
        decided.project(decision.project_version, run), recorded.event, decision, where, held=held
    )


def _of_file(project: Project, path: Path, *, now: int) -> Account:
    worker = Worker(project, store=None, clock=None, warm=False)
    events = _events_of(path, Intake(project), now=now)
    answer = worker.decide(events)[-1]
    worker.close()
    if not isinstance(answer, Decision):
        raise answer
    where = "not kept" if len(events) == 1 else f"the last of {len(events):,} events; not kept"
    return _account(project, events[-1], answer, where)


def _account(
    project: Project, event: Event, decision: Decision, where: str, *, held: Held | None = None
) -> Account:
    held = held or Held()
    ran = under(project, shadowed=held.shadowed, called=held.called)
    explained = explain_event(ran, event, features=decision.features, signals=decision.signals)
    return Account(decision, tuple(explained), where, None, held)


def _events_of(path: Path, intake: Intake, *, now: int) -> list[Event]:
    """The events of a file: one JSON object over any number of lines, a JSON array of them, or JSON lines.

    Raises:
        EventError: one of them does not fit.
        UsageError: there is none.
    """
    records: list[Any]
    try:
        whole = msgspec.json.decode(path.read_bytes())
        records = cast("list[Any]", whole) if isinstance(whole, list) else [whole]
    except (msgspec.DecodeError, UnicodeDecodeError):
        with path.open("rb") as stream:
            records = [_data(record) for record in read_jsonl(stream)]
    if not records:
        raise UsageError(f"{path} holds no event")
    return [intake.take(record, now=now) for record in records]


def _data(record: object) -> object:
    if isinstance(record, DeadLetter):
        raise EventError(f"line {record.line}: {record.reason}", hint=record.hint)
    return getattr(record, "data", None)


def _document(account: Account) -> dict[str, Any]:
    return {
        "decision": as_document(account.decision),
        "kept_in": account.where,
        "gone": account.gone,
        "held": {
            each.strategy: {word: control.reason for word, control in account.held.said_of(each.strategy)}
            for each in account.explained
            if account.held.said_of(each.strategy)
        },
        "strategies": msgspec.to_builtins(account.explained),
    }
