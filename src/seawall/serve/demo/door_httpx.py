"""What a platform, and people on it, send to Seawall's HTTP doors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import httpx

from seawall.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIMEOUT_S = 60


class Door:
    """A client of a running server.

    Raises:
        UsageError: by every method: the server refused.
    """

    def __init__(self, url: str, key: str) -> None:
        """Take the address and an API key for events, decisions and reports."""
        self._api = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=_TIMEOUT_S, trust_env=False
        )
        self._anybody = httpx.Client(base_url=url, timeout=_TIMEOUT_S, trust_env=False)

    def decide(self, lines: Sequence[bytes]) -> list[dict[str, Any]]:
        """Send events, each a line of JSON; gives the decisions, in order."""
        answer = self._api.post(
            "/v1/events", content=b"".join(lines), headers={"Content-Type": "application/x-ndjson"}
        )
        if answer.status_code != int(httpx.codes.OK):
            _refused(answer)
        return answer.json()["decisions"]

    def report(self, document: dict[str, Any]) -> None:
        """Pass on that somebody reports something."""
        answer = self._api.post("/v1/reports", json=document)
        if answer.is_error:
            _refused(answer)

    def answer(self, path: str, text: str) -> None:
        """Answer a notice through its link, as the person who was sent it."""
        answer = self._anybody.post(path, data={"text": text, "evidence": ""})
        if answer.status_code != int(httpx.codes.SEE_OTHER):
            _refused(answer)

    def close(self) -> None:
        """Let go of the connections."""
        self._api.close()
        self._anybody.close()


def _refused(answer: httpx.Response) -> NoReturn:
    said = f"{answer.status_code} {answer.text[:500]}"
    raise UsageError(
        f"the server refused what the demo sent to {answer.request.url.path}: {said}",
        hint="was the project in the demo's folder edited? run another: seawall demo --dir OTHER",
    )
