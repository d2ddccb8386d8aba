"""A server that people can reach by link, and a platform that receives what it sends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import PASSWORD, START_S, Served  # pyright: ignore[reportMissingImports]
from seawall.policy.scaffold import scaffold
from seawall.serve.auth.keys import Keys
from seawall.serve.auth.repo import Users
from seawall.serve.auth.roles import Role, Scope
from seawall.serve.clock import SystemClock
from seawall.serve.process import open_ledger
from seawall.serve.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRET = "platform-secret-of-the-journey"


class Platform:
    """Keeps every message that it is sent."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        keep = self.messages.append

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                keep(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait_for(self, **wanted: object) -> dict[str, Any]:
        """The newest message with these members."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for message in reversed(self.messages):
                if all(message.get(name) == value for name, value in wanted.items()):
                    return message
            time.sleep(0.2)
        pytest.fail(f"the platform was never sent {wanted}; it has {self.messages}")


@contextmanager
def a_platform() -> Iterator[Platform]:
    platform = Platform()
    try:
        yield platform
    finally:
        platform.close()


@contextmanager
def serving(
    root: Path, platform: Platform, *, edit: Callable[[Path], None] = lambda _: None
) -> Iterator[Served]:
    """The starter project, edited, on a port of its own, with the platform as its destination."""
    scaffold(root)
    edit(root)
    ledger, data = open_ledger(root, Settings())
    users = Users(ledger, SystemClock())
    for role in Role:
        users.create(role.value, [role], PASSWORD, by="test")
    key = Keys(ledger, SystemClock()).create("test", [Scope.ADMIN], by="test")
    ledger.close()
    (data / "hook.secret").write_text(SECRET)
    (data / "destinations.yml").write_text(
        f"destinations:\n  platform:\n    url: {platform.url}\n    secrets: [file:hook.secret]\n"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    log = root.parent / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [Path(sys.executable).parent / "seawall", "serve", "--project", root, "--port", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "SEAWALL_PUBLIC_URL": url, "SEAWALL_MIN_FREE_BYTES": "0"},
        )
    try:
        _wait(server, port, log)
        yield Served(url, root, key)
    finally:
        server.terminate()
        server.wait(timeout=60)
    assert server.returncode in {0, -15}, log.read_text()


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text()}")
