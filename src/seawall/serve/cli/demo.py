"""`seawall demo`: see everything work, on a simulated day that is decided for real."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from seawall.serve.cli.serve import log_to_stderr
from seawall.serve.cli.serve import run as serve_project
from seawall.serve.cli.working import counting
from seawall.serve.clock import SystemClock
from seawall.serve.demo import Guide, guide
from seawall.serve.demo.clips import equipped
from seawall.serve.demo.day import live_day, platform, prepare, simulate_day
from seawall.serve.demo.sign_ins import SignIns, sign_ins
from seawall.serve.settings import Settings
from seawall.signals.media.decoder import installed

if TYPE_CHECKING:
    from seawall.serve.demo.paths import Paths

DEFAULT_EVENTS = 20_000


def demo(
    directory: Path = typer.Option(Path("demo"), "--dir", help="Where the demo's project lives."),
    events: int = typer.Option(
        DEFAULT_EVENTS, "--events", "-n", min=1_000, help="How many events a day has."
    ),
    fresh: bool = typer.Option(False, "--fresh", help="Throw the demo's data away and live another day."),
    no_serve: bool = typer.Option(False, "--no-serve", help="Stop before serving the console."),
    port: int | None = typer.Option(None, "--port", help="Port to serve on. [default: 8400]"),
) -> None:
    """Make a project, live a simulated day in it, and serve the console.

    A platform that the demo plays sends the day's events and receives effects; simulated people review,
    read notices and appeal. Run again, it reuses what is there, says so, and gives every account a new
    password.
    """
    settings, clock = Settings(), SystemClock()  # pyright: ignore[reportCallIssue]  the environment fills it
    port = settings.port if port is None else port
    address = f"http://{settings.host}:{port}"
    settings = settings.model_copy(update={"port": port, "public_url": settings.public_url or address})
    console = Console(highlight=False, soft_wrap=True)
    paths, made = prepare(directory, settings, fresh=fresh)
    console.print(f"[bold]1[/] {'made' if made else 'reuses'} the safety project in {directory}")
    if paths.events.is_file():
        events = _lines(paths.events)
        console.print(f"[bold]2[/] reuses the day of {events:,} events (--fresh makes another)")
    else:
        with counting("Simulating", total=events) as advance:
            simulate_day(paths, events=events, clock=clock, progress=advance)
        console.print(
            f"[bold]2[/] simulated a day of {events:,} events; their truth lies beside them, unread"
        )
        if not installed():
            console.print("    without clips: they need `pip install seawall[media]`", markup=False)
    if paths.guide.is_file():
        found = _kept(paths)
        console.print("[bold]3[/] reuses the day as it was lived")
    else:
        log_to_stderr("error")
        with counting("Living the day", total=events) as advance:
            day = live_day(paths, settings, progress=advance)
        found = guide(paths)
        _keep(paths, found)
        console.print(
            f"[bold]3[/] decided {events:,} events; {day.verdicts:,} verdicts by people, "
            f"{day.messages:,} messages to people, {day.appeals:,} appeals"
        )
    people = sign_ins(directory, settings, clock=clock)
    _show_outcomes(console, found)
    _show_stories(console, found, address)
    _show_sign_ins(console, people, address)
    if no_serve:
        console.print(f"\nServe it with: seawall demo --dir {directory}")
        return
    with platform(paths, clock=clock, port=port + 1 if port else 0) as receiver:
        where = f"The console is at [bold]{address}[/], the platform at [bold]{receiver.url}[/]"
        console.print(f"\n{where}; Ctrl-C stops both.\n")
        serve_project(directory, equipped(settings, paths))


def _kept(paths: Paths) -> Guide:
    """The guide as it was kept; put together again where an earlier version wrote it."""
    try:
        return msgspec.json.decode(paths.guide.read_bytes(), type=Guide)
    except msgspec.DecodeError:
        found = guide(paths)
        _keep(paths, found)
        return found


def _keep(paths: Paths, found: Guide) -> None:
    part = paths.guide.with_name("stories.json.part")
    part.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2))
    part.replace(paths.guide)


def _lines(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))


def _show_outcomes(console: Console, found: Guide) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim", title_justify="left")
    table.add_column("what happened", min_width=20)
    for heading in ("events", "acted on", "seen"):
        table.add_column(heading, justify="right", min_width=8 if " " in heading else 6)
    table.add_column("clause", style="dim", overflow="fold")
    for row in found.outcomes:
        numbers = (row.events, row.acted, row.seen)
        table.add_row(
            row.story.replace("_", " "), *(f"{n:,}" for n in numbers), row.clause or "none: leave it"
        )
    console.print("\n[bold]The day, beside its truth[/] (seen: routed to people)")
    console.print(Padding(table, (0, 0, 0, 2)))


def _show_stories(console: Console, found: Guide, address: str) -> None:
    console.print(
        f"\n[bold]Stories[/], each with its pages at {address}; the first page there leads through them"
    )
    for number, page in enumerate(found.pages, start=1):
        console.print(f"  {number:>2}. [bold]{page.title}[/]")
        console.print(Padding(page.says, (0, 0, 0, 6)), soft_wrap=False)
        for step in page.steps:
            if step.path.startswith("/") and not step.path.startswith("/n/"):
                console.print(f"      {step.path}", markup=False)


def _show_sign_ins(console: Console, people: SignIns, address: str) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("name and role")
    table.add_column("password", no_wrap=True)
    for name, password in people.passwords.items():
        table.add_row(name, password)
    again = " (new passwords; the old ones no longer work)" if people.renewed else ""
    console.print(f"\n[bold]Sign in at {address}/sign-in[/]{again}")
    console.print(Padding(table, (0, 0, 0, 2)))
    if people.key:
        console.print(f"\nKey for the HTTP API (shown once): {people.key}", markup=False)
        console.print(
            f"OpenAI's moderation SDK takes it too, with OPENAI_BASE_URL={address}/v1", markup=False
        )
    else:
        console.print(
            "\nThe key for the HTTP API is the one of the first run; seawall keys create makes another."
        )
