"""The real deliverer against the real example receiver: down, slow, wrong, killed, asked twice, overtaken."""

from __future__ import annotations

import importlib.util
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import msgspec
import pytest
from act_ledgers import T0, decided, empty_ledger, ledger, ledger_url, local_ledger, mute, remove, strike

from seawall.act.breaker import Flow, flow
from seawall.act.deliver import Deliverer, circuit_of
from seawall.act.destination import Destination
from seawall.act.effects import Effects
from seawall.act.facts import Facts
from seawall.act.grounds import grounds_of
from seawall.act.outbox import effect_failed, send_again
from seawall.act.repo_outbox import count_messages, list_messages
from seawall.act.sender_httpx import HttpxSender
from seawall.act.signature import HEADER, sign
from seawall.act.verdict import Cause, clear
from seawall.core.action import Ladders
from seawall.core.clock import FixedClock
from seawall.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seawall.act.ports import Answer
    from seawall.core.decision import Decision
    from seawall.store.ledger import Ledger

__all__ = ["empty_ledger", "ledger", "ledger_url", "local_ledger"]
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "receiver" / "receiver.py"
SECRET, OLD = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
HOUR = 3600


class Clock(FixedClock):
    """Moves with the wall, so that signatures are fresh, and can be pushed ahead."""

    def now(self) -> int:
        return self.micros + time.time_ns() // 1000


@pytest.fixture(scope="module")
def receiver_module() -> object:
    spec = importlib.util.spec_from_file_location("example_receiver", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.Receiver.log_message = lambda *_: None
    return module


@pytest.fixture
def sender() -> Iterator[HttpxSender]:
    sender = HttpxSender()
    yield sender
    sender.close()


class Platform:
    """The example receiver as a thread of this process, or any handler in its place."""

    def __init__(self, server: ThreadingHTTPServer, database: str) -> None:
        self.server, self.database = server, database
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def rows(self) -> dict[str, tuple]:
        return rows_of(self.database)

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


def rows_of(database: str | Path) -> dict[str, tuple]:
    connection = sqlite3.connect(database)
    try:
        found = connection.execute("SELECT key, action, applied, version FROM effects").fetchall()
    finally:
        connection.close()
    return {key: rest for key, *rest in found}


@pytest.fixture
def platform(receiver_module: object, tmp_path: Path) -> Iterator[Platform]:
    database = str(tmp_path / "effects.db")
    platform = Platform(receiver_module.serve(database, [SECRET], 0), database)
    yield platform
    platform.stop()


@pytest.fixture
def misbehaving() -> Iterator[Callable[[Callable[[BaseHTTPRequestHandler], None]], Platform]]:
    started: list[Platform] = []

    def start(behave: Callable[[BaseHTTPRequestHandler], None]) -> Platform:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                behave(self)

            def log_message(self, *_: object) -> None: ...

        started.append(Platform(ThreadingHTTPServer(("127.0.0.1", 0), Handler), ""))
        return started[-1]

    yield start
    for each in started:
        each.stop()


def answer(status: int, text: str = "", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text.encode())

    return behave


def to(url: str, **more: object) -> Destination:
    return Destination(**{"name": "platform", "url": url, "secrets": (SECRET,), "timeout_s": 2.0} | more)


def enact(ledger: Ledger, destination: Destination, *decisions: Decision, at: int | None = None) -> Facts:
    ladders = Ladders.extended()
    facts = Facts(tuple(g for one in decisions for g in grounds_of(one, ladders=ladders, surface="comment")))
    with ledger.begin() as connection:
        Effects([destination]).enact(connection, facts, at=at or time.time_ns() // 1000)
    return facts


def deliver_all(deliverer: Deliverer) -> int:
    total = 0
    while sent := deliverer.deliver_due():
        total += sent
    return total


def states(ledger: Ledger) -> dict[str, int]:
    with ledger.read() as connection:
        return {state: count for (_, state), count in count_messages(connection).items()}


def deliverer(
    ledger: Ledger, destination: Destination, sender: object, clock: Clock | None = None
) -> Deliverer:
    return Deliverer(ledger, destination, sender=sender, clock=clock or Clock(0), rng=random.Random(7))


NOW = time.time_ns() // 1000
DAY = [
    decided(f"e{n}", remove(), strike(), mute(HOUR), subject=f"c{n}", actor=f"u{n % 5}", at=NOW)
    for n in range(20)
]


def test_every_effect_arrives_once(ledger: Ledger, platform: Platform, sender: HttpxSender) -> None:
    enact(ledger, to(platform.url), *DAY)
    assert deliver_all(deliverer(ledger, to(platform.url), sender)) == 30
    assert states(ledger) == {"sent": 30}
    found = platform.rows()
    assert len(found) == 30
    assert found["comment/c3/visibility/*"][:2] == ["remove", 1]
    assert deliver_all(deliverer(ledger, to(platform.url), sender)) == 0


def test_secrets_change_over_without_a_gap(
    local_ledger: Ledger, platform: Platform, sender: HttpxSender
) -> None:
    new = "a-new-secret-that-is-long-enough"
    both = to(platform.url, secrets=(new, SECRET))
    enact(local_ledger, both, DAY[0])
    assert deliver_all(deliverer(local_ledger, both, sender)) == 3
    assert len(platform.rows()) == 3
    enact(local_ledger, both, DAY[1])
    deliverer(local_ledger, to(platform.url, secrets=(new,)), sender).deliver_due()
    assert len(platform.rows()) == 3
    with local_ledger.read() as connection:
        assert "401" in list_messages(connection, state="waiting")[0].last_error


def test_a_receiver_that_is_down_gets_everything_later_and_only_the_newest(
    local_ledger: Ledger, receiver_module: object, tmp_path: Path, sender: HttpxSender
) -> None:
    database = str(tmp_path / "effects.db")
    reserved = receiver_module.serve(database, [SECRET], 0)
    port = reserved.server_port
    reserved.server_close()
    target = to(f"http://127.0.0.1:{port}/")
    clock = Clock(0)
    facts = enact(local_ledger, target, *DAY[:8])
    one = deliverer(local_ledger, target, sender, clock)
    attempts = deliver_all(one)
    assert attempts < 30  # the circuit opened: it is not hammered
    with local_ledger.read() as connection:
        circuit = circuit_of(connection, "platform")
        assert flow(circuit, clock.now()) is Flow.OPEN
        assert "Connect" in next(
            message.last_error for message in list_messages(connection) if message.last_error
        )
    cause = Cause(fact_id="v1", reason="verdict", by="r1", at=time.time_ns() // 1000)
    with local_ledger.begin() as connection:
        lifted = clear([ground for ground in facts.grounds if ground.action == "remove"], cause)
        Effects([target]).enact(connection, lifted, at=clock.now())

    platform = Platform(receiver_module.serve(database, [SECRET], port), database)
    try:
        for _ in range(40):
            clock.advance(seconds=30)
            deliver_all(one)
    finally:
        platform.stop()
    assert states(local_ledger) == {"sent": 18, "superseded": 18}  # a cleared comment takes its strike along
    assert {key: row[:2] for key, row in rows_of(database).items() if "visibility" in key} == {
        f"comment/c{n}/visibility/*": [None, 1] for n in range(8)
    }


@pytest.mark.parametrize(
    ("behave", "said"),
    [
        (answer(500, "a stack trace"), "500 Internal Server Error: a stack trace"),
        (answer(302, Location="http://127.0.0.1:1/"), "302 Found, to http://127.0.0.1:1/"),
        (answer(404, "no such page"), "404 Not Found: no such page"),
        (lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n"), "RemoteProtocolError"),
        (lambda handler: time.sleep(1.0), "no answer within 0.3 s (ReadTimeout)"),
    ],
    ids=["broken", "redirect", "gone", "no http", "slow"],
)
def test_a_wrong_answer_is_no_delivery(
    local_ledger: Ledger, misbehaving: Callable, sender: HttpxSender, behave: Callable, said: str
) -> None:
    target = to(misbehaving(behave).url, timeout_s=0.3)
    enact(local_ledger, target, decided("e1", remove()))
    assert deliverer(local_ledger, target, sender).deliver_due() == 1
    with local_ledger.read() as connection:
        (message,) = list_messages(connection)
    assert (message.state, message.attempts) == ("waiting", 1)
    assert message.last_error.startswith(said)
    assert message.next_attempt > time.time_ns() // 1000


def test_a_refused_message_is_a_dead_letter_that_can_be_looked_at_and_sent_again(
    local_ledger: Ledger, misbehaving: Callable, platform: Platform, sender: HttpxSender
) -> None:
    refusing = to(misbehaving(answer(422, "unknown action")).url)
    enact(local_ledger, refusing, decided("e1", remove()))
    deliver_all(deliverer(local_ledger, refusing, sender))
    with local_ledger.read() as connection:
        (dead,) = list_messages(connection, state="dead")
        assert (
            flow(circuit_of(connection, "platform"), T0) is Flow.CLOSED
        )  # the message was wrong, not the receiver
    assert dead.last_error == "422 Unprocessable Entity: unknown action"

    with local_ledger.begin() as connection:
        again = send_again(
            connection, dead.message_id, Effects(), [to(platform.url)], at=time.time_ns() // 1000
        )
    assert again != dead.message_id
    deliver_all(deliverer(local_ledger, to(platform.url), sender))
    assert platform.rows()["comment/c1/visibility/*"][:2] == ["remove", 1]
    assert states(local_ledger) == {"sent": 1, "superseded": 1}


def test_after_three_days_it_is_given_up(
    local_ledger: Ledger, misbehaving: Callable, sender: HttpxSender
) -> None:
    target = to(misbehaving(answer(503)).url)
    clock = Clock(0)
    enact(local_ledger, target, decided("e1", remove()))
    one = deliverer(local_ledger, target, sender, clock)
    attempts = 0
    while states(local_ledger) == {"waiting": 1}:
        attempts += one.deliver_due()
        clock.advance(seconds=HOUR)
    assert states(local_ledger) == {"dead": 1}
    assert 60 < attempts < 80


def test_what_the_platform_asks_for_is_waited(
    local_ledger: Ledger, misbehaving: Callable, sender: HttpxSender
) -> None:
    target = to(misbehaving(answer(429, Retry_After="120")).url)
    enact(local_ledger, target, decided("e1", remove()))
    clock = Clock(0)
    one = deliverer(local_ledger, target, sender, clock)
    assert one.deliver_due() == 1
    clock.advance(seconds=100)
    assert one.deliver_due() == 0
    clock.advance(seconds=21)
    assert one.deliver_due() == 1


def test_one_that_is_down_does_not_hold_up_another(
    local_ledger: Ledger, misbehaving: Callable, platform: Platform, sender: HttpxSender
) -> None:
    broken = to(misbehaving(answer(500)).url, name="broken")
    with local_ledger.begin() as connection:
        facts = Facts(grounds_of(DAY[0], ladders=Ladders.extended(), surface="comment"))
        Effects([broken, to(platform.url)]).enact(connection, facts, at=time.time_ns() // 1000)
    deliver_all(deliverer(local_ledger, broken, sender))
    deliver_all(deliverer(local_ledger, to(platform.url), sender))
    assert len(platform.rows()) == 3
    with local_ledger.read() as connection:
        assert count_messages(connection) == {("broken", "waiting"): 3, ("platform", "sent"): 3}


def test_a_destination_gets_only_the_axes_it_asked_for(
    local_ledger: Ledger, platform: Platform, sender: HttpxSender
) -> None:
    target = to(platform.url, axes=("visibility",))
    enact(local_ledger, target, DAY[0])
    deliver_all(deliverer(local_ledger, target, sender))
    assert list(platform.rows()) == ["comment/c0/visibility/*"]


def test_a_repeat_and_an_overtaken_message_are_harmless(
    local_ledger: Ledger, platform: Platform, sender: HttpxSender
) -> None:
    """The receiver hears the newer state first, then the older, then both again."""
    target = to(platform.url)
    facts = enact(local_ledger, target, decided("e1", remove()))
    with local_ledger.read() as connection:
        older = list_messages(connection)[0]
    cause = Cause(fact_id="v1", reason="verdict", by="r1", at=time.time_ns() // 1000)
    with local_ledger.begin() as connection:
        Effects([target]).enact(connection, clear(facts.grounds, cause), at=time.time_ns() // 1000)
    one = deliverer(local_ledger, target, sender)
    deliver_all(one)
    with local_ledger.read() as connection:
        newer = list_messages(connection, state="sent")[0]
    for message in (older, newer, older):
        assert one._post(message).status == 200
    assert platform.rows()["comment/c1/visibility/*"] == [None, 1, newer.version]


def test_the_platform_says_that_an_effect_did_not_come_about(
    local_ledger: Ledger, platform: Platform, sender: HttpxSender
) -> None:
    target = to(platform.url)
    enact(local_ledger, target, decided("e1", remove()))
    deliver_all(deliverer(local_ledger, target, sender))
    with local_ledger.begin() as connection:
        sent = list_messages(connection)[0]
        for _ in range(2):
            told = effect_failed(connection, sent.message_id, reason="x" * 2000, at=T0)
        assert (told.state, len(told.last_error)) == ("failed", 500)
        with pytest.raises(NotFound):
            effect_failed(connection, "no-such", reason="", at=T0)
        send_again(connection, sent.message_id, Effects(), [target], at=time.time_ns() // 1000)
    deliver_all(deliverer(local_ledger, target, sender))
    assert platform.rows()["comment/c1/visibility/*"][:2] == [
        "remove",
        2,
    ]  # the receiver did not pass over it
    assert states(local_ledger) == {"sent": 1, "superseded": 1}


class Killed(BaseException):
    """The delivering process is gone."""


class DiesAfter(msgspec.Struct):
    """A sender whose process dies when the platform has answered, before anything is noted."""

    sender: HttpxSender
    deaths: int

    def post(self, *arguments: object, **more: object) -> Answer:
        answered = self.sender.post(*arguments, **more)
        if self.deaths:
            self.deaths -= 1
            raise Killed
        return answered


def test_a_deliverer_killed_after_the_answer_sends_again_and_nothing_is_applied_twice(
    ledger: Ledger, platform: Platform, sender: HttpxSender
) -> None:
    target = to(platform.url, parallel=2)
    enact(ledger, target, *DAY)
    clock = Clock(0)
    one = deliverer(ledger, target, DiesAfter(sender, deaths=9), clock)
    for _ in range(100):
        try:
            deliver_all(one)
        except Killed:
            continue
        if states(ledger) == {"sent": 30}:
            break
        clock.advance(seconds=20)  # leases lapse
    assert states(ledger) == {"sent": 30}
    assert {row[1] for row in platform.rows().values()} == {1}
    assert len(platform.rows()) == 30


def test_a_receiver_killed_again_and_again_has_everything_once(
    ledger: Ledger, tmp_path: Path, sender: HttpxSender
) -> None:
    database = tmp_path / "effects.db"

    def start(port: int) -> tuple[subprocess.Popen, int]:
        process = subprocess.Popen(
            [sys.executable, str(EXAMPLE), str(database), "--port", str(port)],
            env={**os.environ, "SEAWALL_SECRETS": f"{SECRET},{OLD}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        line = process.stdout.readline()
        return process, int(line.rsplit(":", 1)[1].strip("/\n"))

    process, port = start(0)
    target = to(f"http://127.0.0.1:{port}/", parallel=4)
    enact(ledger, target, *DAY)
    clock = Clock(0)
    one = deliverer(ledger, target, sender, clock)
    rng = random.Random(3)
    try:
        for _ in range(4):
            killer = threading.Timer(rng.uniform(0.0, 0.03), process.send_signal, [signal.SIGKILL])
            killer.start()
            one.deliver_due()
            one.deliver_due()
            killer.join()
            process.wait()
            process.stdout.close()
            process, _ = start(port)
        for _ in range(200):
            clock.advance(seconds=30)
            deliver_all(one)
            if states(ledger) == {"sent": 30}:
                break
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert states(ledger) == {"sent": 30}
    found = rows_of(database)
    assert len(found) == 30
    assert {row[1] for row in found.values()} == {1}


def test_words_for_a_person_are_passed_on_once(platform: Platform, sender: HttpxSender) -> None:
    words = {"kind": "notice", "key": "notice/n1", "version": 1, "text": "We removed a comment."}
    body = msgspec.json.encode(words)
    for _ in range(2):
        headers = {HEADER: sign(body, [SECRET], at_s=int(time.time()))}
        answer = httpx.post(platform.url, content=body, headers=headers)
        assert answer.status_code == 200
    with closing(sqlite3.connect(platform.database)) as connection:
        assert connection.execute("SELECT key, kind FROM words").fetchall() == [("notice/n1", "notice")]
