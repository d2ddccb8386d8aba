"""A real server under load, killed again and again: what it acknowledged is there exactly once.

`SEAWALL_KILLS` says how often (20 unless set); `SEAWALL_KILL_SEED` repeats a run's timing as far as a machine
lets it.
"""

from __future__ import annotations

import json
import os
import random
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select as select_rows

from seawall.act.tables import GROUNDS
from seawall.core.clock import FixedClock, format_time
from seawall.review.tables import TASKS
from seawall.serve.effects import Outgoing
from seawall.serve.wiring import open_project
from seawall.store import Store
from seawall.store.ledger import Ledger
from seawall.store.projector import Projector
from seawall.store.tables import FIRED_MINUTE, ROLLUPS_MINUTE

KILLS = int(os.environ.get("SEAWALL_KILLS", "20"))
SEED = int(os.environ.get("SEAWALL_KILL_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
SEAWALL = [sys.executable, "-c", "from seawall.serve.cli import main; main()"]
PATIENCE_S = 90
DAY_US = 86_400_000_000


class Server:
    """One life of the server."""

    def __init__(self, project: Path, log: Path) -> None:
        env = {**os.environ, "SEAWALL_MIN_FREE_BYTES": "0", "SEAWALL_SEAL_SECONDS": "2"}
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [*SEAWALL, "serve", "--project", str(project), "--port", "0"],
                stdout=subprocess.PIPE,
                stderr=errors,
                env=env,
            )
        self.url = self._said(log)

    def _said(self, log: Path) -> str:
        assert self.process.stdout
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and self.process.poll() is None:
            if select.select([self.process.stdout], [], [], 0.5)[0]:
                line = self.process.stdout.readline().decode()
                if found := re.search(r"at (http://\S+)", line):
                    return found[1]
        self.end(signal.SIGKILL)
        raise AssertionError(f"the server did not come up:\n{log.read_text()[-3000:]}")

    def end(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.wait(PATIENCE_S)
        assert self.process.stdout
        self.process.stdout.close()


class Sender(threading.Thread):
    """A platform that sends until it is told to stop, and sends again what got no answer."""

    def __init__(self, name: str, mode: str, key: str, seed: int) -> None:
        super().__init__(name=name, daemon=True)
        self.mode, self.key, self.rng = mode, key, random.Random(seed)
        self.url = ""
        self.decided: dict[str, str] = {}  # event id -> decision id, as acknowledged
        self.accepted: set[str] = set()
        self.doubtful: list[dict] = []  # sent, and no answer came
        self.wrong: list[str] = []
        self.serial = 0
        self.stopping = threading.Event()

    def run(self) -> None:
        with httpx.Client(headers={"Authorization": f"Bearer {self.key}"}, timeout=30) as client:
            while not self.stopping.is_set():
                batch = self.doubtful or [self._event() for _ in range(self.rng.choice((1, 2, 7, 40)))]
                self.doubtful = batch
                try:
                    self._send(client, batch)
                except httpx.TransportError:
                    self.stopping.wait(0.05)  # dead; the next life has another port

    def _send(self, client: httpx.Client, batch: list[dict]) -> None:
        answer = client.post(f"{self.url}/v1/events", params={"mode": self.mode}, json=batch)
        if answer.status_code in {429, 503}:
            self.stopping.wait(0.2)
            return
        if answer.status_code not in {200, 202}:
            self.wrong.append(f"{answer.status_code}: {answer.text[:500]}")
        elif answer.status_code == 202:
            self.accepted.update(event["id"] for event in batch)
        else:
            for decision in answer.json()["decisions"]:
                before = self.decided.setdefault(decision["event_id"], decision["decision_id"])
                if before != decision["decision_id"]:
                    self.wrong.append(f"{decision['event_id']} was {before}, is {decision['decision_id']}")
        self.doubtful = []

    def _event(self) -> dict:
        self.serial += 1
        device = self.rng.randrange(5)
        return {
            "id": f"{self.name}-{self.serial}",
            "type": "comment",
            "ts": format_time(time.time_ns() // 1000),
            "market": "SG",
            "source": self.name,
            "comment_id": f"c-{self.name}-{self.serial}",
            "actor_id": f"u{self.rng.randrange(40)}",
            "account_age_days": self.rng.choice((3, 400)),
            "followers": 5,
            "device_hash": f"{device:04x}",
            "text": "win a phone, link below" if device < 3 else "lovely light in this one",
            "link_domain": self.rng.choice((None, "prize.example")),
            "parent_id": "v1",
            "mentions": 0,
        }


def _seawall(*arguments: str) -> str:
    done = subprocess.run([*SEAWALL, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.timeout(600 + 60 * KILLS)
def test_what_was_acknowledged_survives_every_kill_exactly_once(tmp_path: Path) -> None:
    print(f"seed {SEED}")  # noqa: T201  shown when it fails
    project, log = tmp_path / "project", tmp_path / "server.log"
    _seawall("init", str(project))
    created = _seawall(
        "keys", "create", "--project", str(project), "--name", "soak", "--scope", "events:write"
    )
    key = created.strip().splitlines()[-1]
    rng = random.Random(SEED)
    senders = [
        Sender(f"s{n}", mode, key, rng.getrandbits(32))
        for n, mode in enumerate(("decided", "decided", "accepted"))
    ]
    server = Server(project, log)
    for sender in senders:
        sender.url = server.url
        sender.start()
    try:
        for _ in range(KILLS):
            time.sleep(rng.uniform(0.02, 1.5))
            server.end(signal.SIGKILL)
            server = Server(project, log)
            for sender in senders:
                sender.url = server.url
        time.sleep(1)
    finally:
        for sender in senders:
            sender.stopping.set()
        for sender in senders:
            sender.join(PATIENCE_S)
        server.end(signal.SIGTERM)
    server = Server(project, log)  # a last life, to decide what still waits in the inbox
    try:
        _until_decided(_data(project), {event for sender in senders for event in sender.accepted})
    finally:
        server.end(signal.SIGTERM)
    assert [one for sender in senders for one in sender.wrong] == []
    _check(project, _data(project), senders, tmp_path)


def _data(project: Path) -> Path:
    return next(path.parent for path in project.rglob("ledger.db"))


def _until_decided(data: Path, accepted: set[str]) -> None:
    until = time.monotonic() + PATIENCE_S
    left = accepted
    while left and time.monotonic() < until:
        time.sleep(1)
        store = Store.open(data, clock=FixedClock(0), read_only=True, effects=False)
        left = accepted - {recorded.decision.event_id for recorded in store.between()}
        store.close()
    assert not left, f"{len(left)} of {len(accepted)} events answered with 202 were never decided"


def _check(project: Path, data: Path, senders: list[Sender], tmp_path: Path) -> None:
    clock = FixedClock(time.time_ns() // 1000)
    outgoing = Outgoing.of(data, clock=clock)
    outgoing.know(open_project(project))
    store = Store.open(data, clock=clock, projections=outgoing.projections)
    try:
        found = {recorded.decision.event_id: recorded for recorded in store.between()}
        times = Counter(recorded.decision.event_id for recorded in store.between())
        assert [event for event, count in times.items() if count > 1] == []
        for sender in senders:
            assert len(sender.decided) + len(sender.accepted) > 0, f"{sender.name} got nothing through"
            lost = [event for event in {*sender.decided, *sender.accepted} if event not in found]
            assert lost == []
            for event, decision_id in sender.decided.items():
                assert found[event].decision.decision_id == decision_id
                assert found[event].event is not None
        assert store.waiting == 0
        assert store.letters.since(0) == (0, None)
        store.project()
        assert _picture(store.ledger) == _projected_anew(store, outgoing, tmp_path)
        sealed = store.search(limit=10_000).decisions
        assert len({one.ordinal for one in sealed}) == len(sealed) == min(len(found), 10_000)
        store.seal(now=True)
        assert store.ask("SELECT count(*), count(DISTINCT event_id) FROM decisions").rows == [
            [len(found)] * 2
        ]
    finally:
        store.close()
    by_202 = sum(len(one.accepted) for one in senders)
    print(f"{KILLS} kills, {len(found)} decisions, {by_202} by 202")  # noqa: T201  the figure of the run


def _projected_anew(store: Store, outgoing: Outgoing, tmp_path: Path) -> dict[str, list]:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'anew.db'}")
    try:
        Projector(ledger, {"main": store._decisions.journal}, outgoing.projections).catch_up()
        return _picture(ledger)
    finally:
        ledger.close()


def _picture(ledger: Ledger) -> dict[str, list]:
    with ledger.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select_rows(table))), key=json.dumps)
            for table in (ROLLUPS_MINUTE, FIRED_MINUTE, GROUNDS, TASKS)
        }
