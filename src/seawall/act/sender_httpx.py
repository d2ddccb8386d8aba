"""The network by httpx: one attempt, no redirects, and no more of the answer than an operator would read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from seawall import __version__
from seawall.act.ports import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

EXCERPT = 300


class HttpxSender:
    """Keeps connections open between messages. Close it at the end."""

    def __init__(self, *, connections: int = 64) -> None:
        self._client = httpx.Client(
            follow_redirects=False,
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            headers={"User-Agent": f"seawall/{__version__}"},
        )

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float) -> Answer:
        """See `ports.Sender`."""
        try:
            with self._client.stream(
                "POST", url, content=body, headers=dict(headers), timeout=timeout_s
            ) as answer:
                excerpt = _beginning(
                    answer
                )  # a short answer read to its end lets the connection be used again
                if answer.is_success:
                    return Answer(answer.status_code)
                said = f"{answer.status_code} {answer.reason_phrase}".strip()
                where = f", to {answer.headers.get('Location', '')}" if answer.is_redirect else ""
                error = f"{said}{where}{': ' if excerpt else ''}{excerpt}"
                return Answer(answer.status_code, error, _seconds(answer.headers.get("Retry-After")))
        except httpx.TimeoutException as error:
            return Answer(error=f"no answer within {timeout_s:g} s ({type(error).__name__})")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Answer(error=f"{type(error).__name__}: {error}")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _beginning(answer: httpx.Response) -> str:
    text = b""
    for piece in answer.iter_bytes(EXCERPT):
        text += piece
        if len(text) > EXCERPT:
            break
    return text[:EXCERPT].decode("utf-8", "replace").strip()


def _seconds(text: str | None) -> float | None:
    """Retry-After in its form of seconds; its form of a date is rare, and then our own wait will do."""
    return float(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 8 else None
