"""What OpenAI's moderation clients send, and what they read."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from seawall.policy.kinds.endpoint import CATEGORIES
from seawall.serve.dropin.combine import combine
from seawall.serve.dropin.decode import decode
from seawall.serve.dropin.model import Ask, ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seawall.core.decision import Decision
    from seawall.policy.model import Endpoint, ScoreSource
    from seawall.serve.dropin.combine import Score
    from seawall.serve.dropin.model import Scored

LONGEST = 100_000
"""Characters of one text."""

UNAVAILABLE = 503


class _Text(msgspec.Struct, tag="text", frozen=True):
    text: str


class _ImageUrl(msgspec.Struct, frozen=True):
    url: str


class _Image(msgspec.Struct, tag="image_url", frozen=True):
    image_url: _ImageUrl


class _Sent(msgspec.Struct, frozen=True):
    input: str | list[str | _Text | _Image]
    model: str | None = None


class Moderation(NamedTuple):
    """What is asked: for each result the texts that it is about."""

    inputs: list[tuple[str, ...]]


def read_moderation(raw: bytes, endpoint: Endpoint, *, most: int) -> Moderation:
    """What a request asks.

    A string gives one result, a list of strings one for each, a list of parts one for all of them.

    Args:
        raw: its body.
        endpoint: which models it may name.
        most: texts of one request.

    Raises:
        ProtocolError: it does not fit, asks for another model, or holds an image.
    """
    sent = decode(raw, _Sent, error_kind="invalid_value")
    if sent.model is not None and endpoint.models and sent.model not in endpoint.models:
        raise ProtocolError(
            f"The model `{sent.model[:100]}` does not exist here; there are {', '.join(endpoint.models)}.",
            status=404,
            kind="model_not_found",
            place="model",
        )
    inputs = _inputs(sent.input)
    count = sum(map(len, inputs))
    if count > most:
        message = f"{count:,} texts in one request, {most:,} are taken; send them in several."
        raise ProtocolError(message, status=413, kind="array_above_max_length", place="input")
    for place, texts in enumerate(inputs):
        if any(len(text) > LONGEST for text in texts):
            message = f"Text {place} is longer than {LONGEST:,} characters."
            raise ProtocolError(message, kind="string_above_max_length", place=f"input[{place}]")
    return Moderation(inputs)


def _inputs(sent: str | list[str | _Text | _Image]) -> list[tuple[str, ...]]:
    if isinstance(sent, str):
        return [(sent,)]
    if not sent:
        raise ProtocolError("The list of inputs is empty.", kind="empty_array", place="input")
    texts = [each for each in sent if isinstance(each, str)]
    if len(texts) == len(sent):
        return [(text,) for text in texts]
    for place, part in enumerate(sent):
        if isinstance(part, _Image):
            raise ProtocolError(
                "Images are not taken here: this server fetches nothing a caller names. Send the text alone.",
                kind="image_url_not_supported",
                place=f"input[{place}].image_url",
            )
    parts = [part for part in sent if isinstance(part, _Text)]
    if len(parts) < len(sent):
        message = "A list of inputs holds strings or parts, not both."
        raise ProtocolError(message, kind="invalid_value", place="input")
    return [tuple(part.text for part in parts)]


def asks_of(asked: Moderation, endpoint: Endpoint) -> list[Ask]:
    """What has to be scored for it, in order."""
    signals = tuple(dict.fromkeys(name for each in endpoint.scores.values() for name in each.signals))
    return [Ask(text, signals, assume=endpoint.assume) for texts in asked.inputs for text in texts]


def unserved(endpoint: Endpoint) -> list[str]:
    """Categories that nothing stands behind."""
    return [name for name in CATEGORIES if name not in endpoint.scores]


def answer_of(
    asked: Moderation,
    scored: Sequence[Scored],
    endpoint: Endpoint,
    *,
    version: str,
    id_: str,
    decisions: Sequence[Decision] = (),
) -> dict[str, Any]:
    """The document that clients read.

    Beside what the protocol has, `seawall` says what it cannot: which categories nothing stands behind, and
    for each text its language, what could not be scored and why, and which clause a flagged one breaks.

    Args:
        asked: the request.
        scored: one for each text, in order.
        endpoint: what stands behind each category.
        version: of the project.
        id_: of the answer.
        decisions: of strategies, one for each text; empty where none decided.

    Raises:
        ProtocolError: a signal gave no answer, so that no score would be one to rely on.
    """
    said, decided = iter(scored), iter(decisions)
    return {
        "id": id_,
        "model": f"seawall-{version[:12]}",
        "results": [
            _result(list(islice(said, len(texts))), list(islice(decided, len(texts))), endpoint)
            for texts in asked.inputs
        ],
        "seawall": {"project_version": version, "unserved": unserved(endpoint)},
    }


def _result(scored: Sequence[Scored], decisions: Sequence[Decision], endpoint: Endpoint) -> dict[str, Any]:
    fired = {name for each in decisions for name in each.fired}
    scores: dict[str, float] = dict.fromkeys(CATEGORIES, 0.0)
    flags: dict[str, bool] = dict.fromkeys(CATEGORIES, False)
    applied: dict[str, list[str]] = {name: [] for name in CATEGORIES}
    not_scored: dict[str, str] = {}
    for name, source in endpoint.scores.items():
        found = _highest(name, source, scored)
        hit = not fired.isdisjoint(source.strategies)
        value = max(found.value or 0.0, 1.0 if hit and not source.signals else 0.0)
        scores[name] = value
        flags[name] = hit or (found.value is not None and value >= (source.threshold or 1.0))
        if found.value is not None or source.strategies:
            applied[name] = ["text"]
        if found.value is None and source.signals:
            not_scored[name] = found.null
    clauses = {name: _cited(endpoint.scores[name]) for name, hit in flags.items() if hit}
    said: dict[str, Any] = {"language": scored[0].language if scored else None, "not_scored": not_scored}
    said["clauses"] = {name: cited for name, cited in clauses.items() if cited}
    if decisions:
        said["decisions"] = [_decided(each) for each in decisions]
    return {
        "flagged": any(flags.values()) or bool(fired),
        "categories": flags,
        "category_scores": scores,
        "category_applied_input_types": applied,
        "seawall": said,
    }


def _highest(name: str, source: ScoreSource, scored: Sequence[Scored]) -> Score:
    """Of the texts that a result is about."""
    found = [combine(source.signals, each.readings) for each in scored]
    for each in found:
        if each.missing:
            message = f"The signal behind {name} gave no answer ({each.null}); nothing was scored."
            raise ProtocolError(message, status=UNAVAILABLE, kind="signal_unavailable")
    return max(found, key=lambda each: -1.0 if each.value is None else each.value)


def _cited(source: ScoreSource) -> str:
    return f"{source.policy}#{source.clause}" if source.policy else ""


def _decided(decision: Decision) -> Mapping[str, Any]:
    return {
        "decision_id": decision.decision_id,
        "action": decision.action,
        "fired": list(decision.fired),
        "review": [each.queue for each in decision.review],
    }


def events_of(
    asked: Moderation, endpoint: Endpoint, *, subject: str, ids: Iterator[str], ts: str
) -> list[dict[str, Any]]:
    """Each text as the event that the endpoint's file describes; none where it describes none.

    Args:
        asked: the request.
        endpoint: which event.
        subject: the field of that event type that says what it is about.
        ids: a new one for each text.
        ts: now, RFC 3339.
    """
    event = endpoint.event
    if event is None:
        return []
    made: list[dict[str, Any]] = []
    for text in (text for texts in asked.inputs for text in texts):
        id_ = next(ids)
        fields = {**event.fields, subject: id_, event.text: text}
        made.append({"id": id_, "type": event.type, "ts": ts, "source": "moderations", **fields})
    return made
