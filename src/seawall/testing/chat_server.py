"""A server on this machine that speaks the protocol of chat completions: it says what a test tells it to."""

from __future__ import annotations

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable

_CHECK = re.compile(r"\ACheck word: (\w+)\n<<<content (\w+)\n(.*)\ncontent \2>>>\Z", re.DOTALL)

Reply = str | int | dict[str, Any]
"""Text of the answer, an HTTP status, or a whole message of the protocol."""


class Asked:
    """One request: what the model was told, the content between the marks, and the check word."""

    def __init__(self, body: dict[str, Any], headers: dict[str, str]) -> None:
        system, user = (each["content"] for each in body["messages"])
        found = _CHECK.match(user)
        self.system: str = system
        self.user: str = user
        self.check = found.group(1) if found else ""
        self.content = found.group(3) if found else user
        self.model: str = body["model"]
        self.headers = headers

    def answer(self, clause: str | None, **more: Any) -> str:
        """An answer that holds together, quoting the whole content where a clause is broken."""
        said = {
            "check": self.check,
            "clause": clause,
            "exception": None,
            "confidence": 0.9,
            "quote": self.content if clause else "",
            "rationale": "As scripted.",
        }
        return json.dumps(said | more)


class ChatServer:
    """Answers on a free port of 127.0.0.1 while it is entered.

    Attributes:
        url: to give an endpoint, with `/v1`.
        asked: every request so far.
    """

    def __init__(self, reply: Callable[[Asked], Reply]) -> None:
        asked: list[Asked] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the name that http.server wants
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                request = Asked(body, {name.lower(): value for name, value in self.headers.items()})
                asked.append(request)
                said = reply(request)
                message = {"role": "assistant", "content": said} if isinstance(said, str) else said
                status = said if isinstance(said, int) else 200
                choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
                raw = json.dumps({"object": "chat.completion", "choices": choices}).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
                del format, args

        self.asked = asked
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
