"""A demo's folder, and its day: a platform sends, people look and answer, all of it through the doors."""

from __future__ import annotations

import secrets
import shutil
from contextlib import ExitStack
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from seawall.core.clock import FixedClock, format_time, parse_time
from seawall.core.errors import UsageError
from seawall.policy.folder import SETTINGS_PATH
from seawall.policy.scaffold import scaffold
from seawall.serve.auth.keys import Keys
from seawall.serve.auth.passwords import generate_password
from seawall.serve.auth.repo import Users
from seawall.serve.auth.roles import Scope
from seawall.serve.demo.clips import attach, equipped, fit_clips
from seawall.serve.demo.concerned import Concerned
from seawall.serve.demo.door_httpx import Door
from seawall.serve.demo.edits import Rash, fit, take_back
from seawall.serve.demo.host import serving
from seawall.serve.demo.panel import COLLEAGUES, Panel
from seawall.serve.demo.paths import Paths
from seawall.serve.demo.platform_http import Platform
from seawall.serve.demo.truths import Truths
from seawall.serve.effects import DESTINATIONS
from seawall.serve.process import open_live
from seawall.serve.wiring import data_folder, open_project
from seawall.simulate import Truth, write_day
from seawall.simulate.rhythm import HOUR, MINUTE, SECOND, Period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from seawall.core.clock import Clock
    from seawall.serve.live import Live
    from seawall.serve.settings import Settings

SEED = 1
STEP = 5 * MINUTE
"""How often, in the day's own time, everything that is not deciding has its turn."""
CLOSING = 150 * MINUTE
"""Before the day's end reviewers go home, but for what cannot wait: the rest is left for whoever looks."""

EVENING = 30 * MINUTE
"""After the last event, before now: what was drawn to measure is looked at to the last of it."""

KEY_FILE = "platform.secret"
BY = "demo"
_TOGETHER = 2 * MINUTE
"""The platform sends what happened in so long together."""


class Day(NamedTuple):
    """What came of a day, beside the decisions: counted, not estimated."""

    verdicts: int
    appeals: int
    messages: int


def prepare(root: Path, settings: Settings, *, fresh: bool = False) -> tuple[Paths, bool]:
    """The folder of a demo, and whether its project was made just now.

    A day that was not finished is begun again, from nothing: it is all simulated.

    Args:
        root: the folder.
        settings: of the operator.
        fresh: throw the demo's data away and begin another day.

    Raises:
        UsageError: the folder holds something else, or a data folder that no demo made.
        ProjectError: the project in it does not check.
    """
    made = not (root / SETTINGS_PATH).is_file()
    if made:
        scaffold(root)
        fit(root)
        fit_clips(root)
    data = data_folder(open_project(root), root, settings)
    paths = Paths(root, data / "demo")
    if data.is_dir() and any(data.iterdir()) and not paths.folder.is_dir():
        raise UsageError(
            f"{data} holds data that no demo made, and a demo does not write into it",
            hint="run the demo in another folder: seawall demo --dir OTHER",
        )
    if data.is_dir() and (fresh or not paths.guide.is_file()):
        keep = () if fresh else (paths.events, paths.truth)
        _clear(data, paths.folder, {path.name for path in keep})
        take_back(root)
    paths.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return paths, made


def simulate_day(paths: Paths, *, events: int, clock: Clock, progress: Callable[[int], None]) -> None:
    """Write the day that has just ended."""
    end = clock.now() // MINUTE * MINUTE - EVENING
    period = Period(end - 24 * HOUR, 24 * HOUR)
    write_day(period, events=events, seed=SEED, output=paths.events, truth=paths.truth, progress=progress)
    attach(paths)


def platform(paths: Paths, *, clock: Clock, port: int = 0) -> Platform:
    """The platform of the demo, made the destination of everything that Seawall sends."""
    secret = paths.folder / KEY_FILE
    if not secret.is_file():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_hex(32))
    try:
        found = Platform(paths.platform, secret=secret.read_text(), clock=clock, port=port)
    except OSError:  # somebody else has the port; any other will do
        found = Platform(paths.platform, secret=secret.read_text(), clock=clock)
    (paths.data / DESTINATIONS).write_text(
        "# Written by `seawall demo` each time it runs: the platform that it plays itself.\n"
        f"destinations:\n  platform:\n    url: {found.url}/hook\n    secrets: [file:demo/{KEY_FILE}]\n"
        "    parallel: 32\n"
    )
    return found


def live_day(paths: Paths, settings: Settings, *, progress: Callable[[int], None]) -> Day:
    """Live the day as a platform would: send, decide, deliver, review, appeal; in the day's own time.

    Raises:
        UsageError: another process serves this project, or a door refused what the demo sent.
        StorageError: disk or database refuse.
    """
    lines = _lines(paths)
    (first, _) = next(lines)
    clock = FixedClock(_time(first) - SECOND)
    with ExitStack() as stack:
        receiver = stack.enter_context(platform(paths, clock=clock))
        # The platform opened when its day began: there is no past that a window could have missed.
        seldom = equipped(settings, paths).model_copy(
            update={"seal_seconds": 4 * 3600.0}
        )  # of the day's own time
        live = open_live(paths.root, seldom, clock=clock, warm=False)
        stack.callback(live.stop)
        live.start(chores=False)
        url = stack.enter_context(serving(live))
        door = Door(url, _staff(live))
        stack.callback(door.close)
        part = paths.decisions.with_name("decisions.jsonl.part")
        with part.open("wb") as kept:
            course = _Course(paths, live, door, receiver, clock, kept.write, progress)
            day = course.run()
        live.store.seal(now=True)
        part.replace(paths.decisions)
    return day


class _Course:
    """The course of one day."""

    def __init__(
        self,
        paths: Paths,
        live: Live,
        door: Door,
        receiver: Platform,
        clock: FixedClock,
        keep: Callable[[bytes], object],
        progress: Callable[[int], None],
    ) -> None:
        self._paths, self._live, self._door, self._receiver = paths, live, door, receiver
        self._clock, self._keep, self._progress = clock, keep, progress
        self._truths = Truths()
        self._panel = Panel(live, self._truths, seed=SEED)
        self._concerned = Concerned(self._truths, seed=SEED)
        self._rash = Rash(paths.root, live)
        self._heard = self._verdicts = self._appeals = 0
        self._began = clock.now()

    def run(self) -> Day:
        """From the first event to the last, and a little after."""
        end = self._began + 24 * HOUR
        turn = self._began + STEP
        for batch in _batches(_lines(self._paths)):
            at = _time(batch[-1][0])
            while turn <= at:
                self._turn(turn, end)
                turn += STEP
            self._clock.micros = max(self._clock.micros, at)
            self._decide(batch)
        while turn <= end + EVENING - STEP:
            self._turn(turn, end)
            turn += STEP
        self._turn(end + EVENING - SECOND, end)  # what was decided last can no longer be taken back
        return Day(self._verdicts, self._appeals, self._heard)

    def _decide(self, batch: list[tuple[bytes, Truth]]) -> None:
        decisions = self._door.decide([line for line, _ in batch])
        for (line, truth), decision in zip(batch, decisions, strict=True):
            self._truths.add(truth, decision)
            self._keep(msgspec.json.encode(decision) + b"\n")
            if decision["type"] == "report":
                self._door.report(_report(msgspec.json.decode(line)))
        self._progress(len(batch))

    def _turn(self, at: int, end: int) -> None:
        now = self._clock.micros = max(self._clock.micros, at)
        self._rash.act(now - self._began)
        self._live.turn()
        self._verdicts += self._panel.work(
            now, min(now + STEP, end + EVENING - MINUTE), urgent_only=at > end - CLOSING
        )
        told = self._receiver.told_after(self._heard)
        self._heard = told[-1].number if told else self._heard
        self._concerned.read(told, now=now)
        self._appeals += self._concerned.answer(self._door, now=now)


def _staff(live: Live) -> str:
    """Accounts of those who review, and the platform's key, which nobody else ever sees."""
    users = Users(live.store.ledger, live.clock)
    for colleague in COLLEAGUES:
        shown = f"{colleague.name.capitalize()} (simulated)"
        users.create(colleague.name, [colleague.role], generate_password(), by=BY, display_name=shown)
    scopes = [Scope.EVENTS_WRITE, Scope.DECISIONS_READ, Scope.REPORTS_WRITE]
    return Keys(live.store.ledger, live.clock).create("platform", scopes, by=BY)


def _report(event: dict[str, Any]) -> dict[str, Any]:
    """What the platform passes on of a report, beside the event that strategies see."""
    age = event["account_age_days"] * 24 * HOUR
    return {
        "reporter": {
            "id": event["actor_id"],
            "device": event["device_hash"],
            "account_created": format_time(parse_time(event["ts"]) - age),
            "locale": event["locale"],
        },
        "subject": {"surface": "video", "id": event["reported_id"]},
        "reason": event["reason"],
        "market": event["market"],
        "actor": event["target_id"],
    }


def _lines(paths: Paths) -> Iterator[tuple[bytes, Truth]]:
    decode = msgspec.json.Decoder(Truth).decode
    with paths.events.open("rb") as events, paths.truth.open("rb") as truths:
        for line, truth in zip(events, truths, strict=True):
            yield line, decode(truth)


class _Stamped(msgspec.Struct):
    ts: str


_stamp = msgspec.json.Decoder(_Stamped).decode


def _time(line: bytes) -> int:
    return parse_time(_stamp(line).ts)


def _batches(lines: Iterator[tuple[bytes, Truth]]) -> Iterator[list[tuple[bytes, Truth]]]:
    for _, batch in groupby(lines, key=lambda line: _time(line[0]) // _TOGETHER):
        yield list(batch)


def _clear(data: Path, folder: Path, keep: set[str]) -> None:
    """Remove what a demo made, and nothing beside the data folder."""
    for path in data.iterdir():
        if path == folder:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name not in keep:
                path.unlink()
