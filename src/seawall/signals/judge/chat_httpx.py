"""An OpenAI-compatible server, asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import msgspec

from seawall.signals.judge.model import Unanswered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.signals.judge.model import Endpoint

_LONGEST_ANSWER = 256 * 1024
_MOST_TOKENS = 400
_OK = 200


class _Message(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Completion(msgspec.Struct):
    choices: list[_Choice]


class HttpxChat:
    """Chat completions of one model. One client serves every thread."""

    def __init__(self, endpoint: Endpoint, model: str, *, timeout_s: float) -> None:
        headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
        self._url = f"{endpoint.url.rstrip('/')}/chat/completions"
        self._model = model
        self._client = httpx.Client(headers=headers, timeout=timeout_s, follow_redirects=False)

    def complete(self, *, system: str, user: str, schema: Mapping[str, object]) -> str | Unanswered:
        """One completion at temperature 0, held to the schema by servers that can."""
        body = {
            "model": self._model,
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "judgement", "strict": True, "schema": schema},
            },
        }
        try:
            with self._client.stream("POST", self._url, json=body) as response:
                raw = _limited(response)
        except httpx.TimeoutException:
            return Unanswered("timeout")
        except httpx.HTTPError as error:
            return Unanswered("failed", f"{type(error).__name__}: {error}")
        if response.status_code != _OK:
            return Unanswered("failed", f"the server answered {response.status_code}")
        return _content(raw)


def _limited(response: httpx.Response) -> bytes:
    raw = bytearray()
    for chunk in response.iter_bytes():
        raw += chunk
        if len(raw) > _LONGEST_ANSWER:
            break
    return bytes(raw)


def _content(raw: bytes) -> str | Unanswered:
    try:
        completion = msgspec.json.decode(raw, type=_Completion)
    except msgspec.DecodeError as error:
        return Unanswered("malformed", f"the server's answer: {error}")
    if not completion.choices:
        return Unanswered("malformed", "the server's answer has no choices")
    choice = completion.choices[0]
    if choice.message.refusal or choice.finish_reason == "content_filter":
        return Unanswered("refused", (choice.message.refusal or "content filter")[:200])
    if choice.finish_reason == "length":
        return Unanswered("malformed", "the answer was cut off")
    return choice.message.content or ""
