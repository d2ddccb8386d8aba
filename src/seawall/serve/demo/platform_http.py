"""The platform of a demo: it verifies what it is sent, does it once, and can be looked at."""

from __future__ import annotations

import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import msgspec

from seawall.act.signature import HEADER, verify
from seawall.core.clock import MICROS_PER_SECOND
from seawall.serve.demo.shop_window import drawn

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from seawall.core.clock import Clock

MAX_BODY = 1_000_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS effects (
  key TEXT PRIMARY KEY, version INTEGER NOT NULL, action TEXT, until TEXT,
  body TEXT NOT NULL, at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS words (
  number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  body TEXT NOT NULL, at INTEGER NOT NULL
);
"""
_NEWER = (
    "INSERT INTO effects VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
    " version = excluded.version, action = excluded.action, until = excluded.until,"
    " body = excluded.body, at = excluded.at"
    " WHERE excluded.version > effects.version"
)
_ONCE = "INSERT INTO words (key, kind, body, at) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING"


class Told(NamedTuple):
    """Words that the platform was given for somebody: which one it was, and the message."""

    number: int
    message: dict[str, Any]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hangs up in the middle is sent to again; that is no fault to print."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # pyright: ignore[reportArgumentType]


class Platform:
    """A receiver of webhooks at 127.0.0.1, as `examples/receiver` is one; runs while it is a context.

    Attributes:
        url: where it is.
    """

    def __init__(self, database: Path, *, secret: str, clock: Clock, port: int = 0) -> None:
        """Take what a receiver needs.

        Args:
            database: SQLite file where it keeps what it was told.
            secret: that messages are signed with.
            clock: a signature is believed for five minutes of it.
            port: to listen on; 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        self._secret = secret
        self._clock = clock
        self._lock = Lock()
        self._kept = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
        self._kept.execute("PRAGMA synchronous = OFF")  # it forgets nothing but what a power cut takes
        self._kept.executescript(_SCHEMA)
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self._thread = Thread(target=self._server.serve_forever, name="seawall-demo-platform", daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        with self._lock:
            self._kept.close()

    def take(self, header: str, body: bytes) -> tuple[int, str]:
        """Take one message; gives the status and what to answer."""
        if not verify(header, body, [self._secret], now_s=self._clock.now() // MICROS_PER_SECOND):
            return 401, "the signature does not fit, or is old"
        try:
            message: dict[str, Any] = msgspec.json.decode(body)
            row = self._row(message, body.decode())
        except (msgspec.DecodeError, KeyError) as error:
            return 400, f"not a message: {error}"
        with self._lock:
            new = self._kept.execute(*row).rowcount == 1
        return 200, "taken" if new else "known already"

    def told_after(self, number: int) -> list[Told]:
        """The words it was given after those of a number, in order."""
        with self._lock:
            rows = self._kept.execute(
                "SELECT number, body FROM words WHERE number > ? ORDER BY number", (number,)
            )
            return [Told(each, msgspec.json.decode(body)) for each, body in rows]

    def page(self, nonce: str) -> bytes:
        """What it shows of itself."""
        with self._lock:
            effects = self._kept.execute(
                "SELECT body, at FROM effects ORDER BY at DESC, key LIMIT 60"
            ).fetchall()
            words = self._kept.execute("SELECT body, at FROM words ORDER BY number DESC LIMIT 40").fetchall()
            holding, lifted = self._kept.execute(
                "SELECT count(action), count(*) - count(action) FROM effects"
            ).fetchone()
            (told,) = self._kept.execute("SELECT count(*) FROM words").fetchone()
        return drawn(
            effects=[(msgspec.json.decode(body), at) for body, at in effects],
            words=[(msgspec.json.decode(body), at) for body, at in words],
            counts=(holding, lifted, told),
            nonce=nonce,
        )

    def _row(self, message: dict[str, Any], body: str) -> tuple[str, tuple[object, ...]]:
        at = self._clock.now()
        if "kind" in message:  # words for a person say what kind they are
            return _ONCE, (message["key"], message["kind"], body, at)
        effect = (message["key"], message["version"], message["action"], message["until"], body, at)
        return _NEWER, effect


def _handler(platform: Platform) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > MAX_BODY:
                self.close_connection = True
                self._answer(413, b"a message has a length, and it is small")
                return
            status, said = platform.take(self.headers.get(HEADER, ""), self.rfile.read(int(length)))
            self._answer(status, said.encode())

        def do_GET(self) -> None:
            nonce = token_urlsafe(16)
            self._answer(200, platform.page(nonce), nonce=nonce)

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

        def _answer(self, status: int, body: bytes, *, nonce: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"text/{'html' if nonce else 'plain'}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            if nonce:
                self.send_header(
                    "Content-Security-Policy",
                    f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; base-uri 'none'",
                )
            self.end_headers()
            self.wfile.write(body)

        wbufsize = -1  # the head and the body of an answer leave together

    return Handler
