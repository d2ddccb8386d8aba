"""A platform's side of Seawall's webhooks: verify each message, apply it once, keep the newest of each key.

    SEAWALL_SECRETS=secret[,older-secret] python receiver.py effects.db --port 8500

Only the standard library. Copy it, and replace `apply` with what your platform does to hide a comment or
mute an account.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_BODY = 1_000_000
TOLERANCE_S = 300  # how old a signature may be, so that a captured message cannot be played back later
SCHEMA = """
CREATE TABLE IF NOT EXISTS effects (
  key TEXT PRIMARY KEY,        -- target/axis/territory
  version INTEGER NOT NULL,    -- the highest seen
  action TEXT,                 -- NULL: nothing holds any more
  until TEXT,
  applied INTEGER NOT NULL,    -- how many states of this key were applied
  body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS words (
  key TEXT PRIMARY KEY,        -- kind/id
  kind TEXT NOT NULL,          -- notice, report.received ...
  body TEXT NOT NULL           -- what a person is to be told, and the link to answer
)"""


def verify(header: str, body: bytes, secrets: list[str], now: float) -> bool:
    """`t=1700000000,v1=<hex>[,v1=<hex>]`: HMAC-SHA256 of `t.body` with one of our secrets, not long ago."""
    parts = [part.partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    if len(times) != 1 or not times[0].isdigit() or abs(now - int(times[0])) > TOLERANCE_S:
        return False
    expected = [
        hmac.new(secret.encode(), times[0].encode() + b"." + body, hashlib.sha256).hexdigest()
        for secret in secrets
    ]
    given = [value for name, _, value in parts if name == "v1"]
    return any(hmac.compare_digest(one.encode(), two.encode()) for one in given for two in expected)


def apply(database: str, message: dict, body: str) -> bool:
    """Bring about the state of one key, unless a newer one is there; False if there is nothing to do.

    The version is kept in the same transaction as the effect. If your effect lives elsewhere, apply
    it before the commit and make it idempotent: after a crash between the two the same message comes again.
    """
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        done = connection.execute(
            "INSERT INTO effects VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (key) DO UPDATE SET"
            " version = excluded.version, action = excluded.action, until = excluded.until,"
            " applied = effects.applied + 1, body = excluded.body WHERE excluded.version > effects.version",
            (message["key"], message["version"], message["action"], message["until"], body),
        )
        return done.rowcount == 1


def tell(database: str, message: dict, body: str) -> bool:
    """Pass words on to a person, once; replace this with your platform's own way to reach them."""
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        done = connection.execute(
            "INSERT INTO words VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
            (message["key"], message["kind"], body),
        )
        return done.rowcount == 1


class Receiver(BaseHTTPRequestHandler):
    """2xx: we have it. 4xx: the message is wrong. Anything else, or nothing: Seawall tries again."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    database: str
    secrets: list[str]

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True
            return self.answer(413, "a message has a length, and it is small")
        body = self.rfile.read(int(length))
        if not verify(self.headers.get("Seawall-Signature", ""), body, self.secrets, time.time()):
            return self.answer(401, "the signature does not fit, or is old")
        try:
            message = json.loads(body)
            take = tell if "kind" in message else apply  # words for a person say what kind they are
            new = take(self.database, message, body.decode())
        except (ValueError, KeyError, TypeError) as error:
            return self.answer(400, f"not a message: {error}")
        return self.answer(200, "taken" if new else "known already")

    def answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name it has in the library
        print(f"{self.log_date_time_string()} {format % args}", file=sys.stderr)


def serve(database: str, secrets: list[str], port: int) -> ThreadingHTTPServer:
    """A server on 127.0.0.1, not yet running; port 0 picks a free one."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA)
        connection.commit()
    handler = type("Receiver", (Receiver,), {"database": database, "secrets": secrets})
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


def main() -> None:
    arguments = argparse.ArgumentParser(description="Receive effects from Seawall.")
    arguments.add_argument("database", help="SQLite file where the effects are kept")
    arguments.add_argument("--port", type=int, default=8500)
    given = arguments.parse_args()
    secrets = [secret for secret in os.environ.get("SEAWALL_SECRETS", "").split(",") if secret]
    if not secrets:
        sys.exit("set SEAWALL_SECRETS to the secret that Seawall signs with (several with commas)")
    server = serve(given.database, secrets, given.port)
    print(f"receiving at http://127.0.0.1:{server.server_port}/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
