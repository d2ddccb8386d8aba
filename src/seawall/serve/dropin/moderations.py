"""What OpenAI's moderation clients send, and what they read."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from seawall.policy.kinds.endpoint import CATEGORIES
from seawall.serve.dropin.combine import OF_FILES, Score, combine
from seawall.serve.dropin.decode import decode
from seawall.serve.dropin.model import Ask, ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seawall.core.decision import Decision
    from seawall.policy.model import Endpoint, ScoreSource
    from seawall.serve.dropin.model import Scored

LONGEST = 100_000
"""Characters of one text."""

UNAVAILABLE = 503
MOST_IMAGES = 8
_NO_IMAGES = "Images are not taken here: this server fetches nothing a caller names. Send the text alone."
_NO_DATA = "Images in the request itself are not taken: name an address that the project allows."


class _Text(msgspec.Struct, tag="text", frozen=True):
    text: str


class _ImageUrl(msgspec.Struct, frozen=True):
    url: str


class _Image(msgspec.Struct, tag="image_url", frozen=True):
    image_url: _ImageUrl


class _Sent(msgspec.Struct, frozen=True):
    input: str | list[str | _Text | _Image]
    model: str | None = None


class Input(NamedTuple):
    """What one result is about.

    Attributes:
        texts: as they came.
        images: addresses.
        places: of images in the request.
    """

    texts: tuple[str, ...]
    images: tuple[str, ...] = ()
    places: tuple[int, ...] = ()


class Moderation(NamedTuple):
    """What is asked: for each result what it is about."""

    inputs: list[Input]


def read_moderation(raw: bytes, endpoint: Endpoint, *, most: int) -> Moderation:
    """What a request asks.

    A string gives one result, a list of strings one for each, a list of parts one for all of them.

    Args:
        raw: its body.
        endpoint: which models it may name.
        most: texts of one request.

    Raises:
        ProtocolError: it does not fit, asks for another model, or holds an image and nothing looks at images.
    """
    sent = decode(raw, _Sent, error_kind="invalid_value")
    if sent.model is not None and endpoint.models and sent.model not in endpoint.models:
        raise ProtocolError(
            f"The model `{sent.model[:100]}` does not exist here; there are {', '.join(endpoint.models)}.",
            status=404,
            kind="model_not_found",
            place="model",
        )
    inputs = _inputs(sent.input, looks=any(each.images for each in endpoint.scores.values()))
    count = sum(len(each.texts) for each in inputs)
    if count > most:
        message = f"{count:,} texts in one request, {most:,} are taken; send them in several."
        raise ProtocolError(message, status=413, kind="array_above_max_length", place="input")
    for place, each in enumerate(inputs):
        if any(len(text) > LONGEST for text in each.texts):
            message = f"Text {place} is longer than {LONGEST:,} characters."
            raise ProtocolError(message, kind="string_above_max_length", place=f"input[{place}]")
    return Moderation(inputs)


def _inputs(sent: str | list[str | _Text | _Image], *, looks: bool) -> list[Input]:
    if isinstance(sent, str):
        return [Input((sent,))]
    if not sent:
        raise ProtocolError("The list of inputs is empty.", kind="empty_array", place="input")
    texts = [each for each in sent if isinstance(each, str)]
    if len(texts) == len(sent):
        return [Input((text,)) for text in texts]
    if texts:
        message = "A list of inputs holds strings or parts, not both."
        raise ProtocolError(message, kind="invalid_value", place="input")
    images = {place: part.image_url.url for place, part in enumerate(sent) if isinstance(part, _Image)}
    for place, url in images.items():
        if not looks or url.startswith("data:"):
            where = f"input[{place}].image_url"
            raise ProtocolError(
                _NO_DATA if looks else _NO_IMAGES, kind="image_url_not_supported", place=where
            )
    if len(images) > MOST_IMAGES:
        message = f"{len(images)} images in one request, {MOST_IMAGES} are taken."
        raise ProtocolError(message, status=413, kind="array_above_max_length", place="input")
    parts = tuple(part.text for part in sent if isinstance(part, _Text))
    return [Input(parts, tuple(images.values()), tuple(images))]


def asks_of(asked: Moderation, endpoint: Endpoint) -> list[Ask]:
    """Which texts have to be scored for it, in order."""
    signals = tuple(dict.fromkeys(name for each in endpoint.scores.values() for name in each.signals))
    return [Ask(text, signals, assume=endpoint.assume) for each in asked.inputs for text in each.texts]


def image_asks_of(asked: Moderation, endpoint: Endpoint) -> list[Ask]:
    """Which images have to be scored for it, in order."""
    signals = tuple(dict.fromkeys(name for each in endpoint.scores.values() for name in each.images))
    return [
        Ask(url, signals, assume=endpoint.assume, image=True) for each in asked.inputs for url in each.images
    ]


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
    images: Sequence[Scored] = (),
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
        images: one for each image, in order.
        decisions: of strategies, one for each text; empty where none decided.

    Raises:
        ProtocolError: a signal gave no answer, so that no score would be one to rely on; or an image could
            not be had or looked at.
    """
    said, seen, decided = iter(scored), iter(images), iter(decisions)
    return {
        "id": id_,
        "model": f"seawall-{version[:12]}",
        "results": [
            _result(
                each,
                list(islice(said, len(each.texts))),
                list(islice(seen, len(each.images))),
                list(islice(decided, len(each.texts))),
                endpoint,
            )
            for each in asked.inputs
        ],
        "seawall": {"project_version": version, "unserved": unserved(endpoint)},
    }


def _result(
    asked: Input,
    scored: Sequence[Scored],
    seen: Sequence[Scored],
    decisions: Sequence[Decision],
    endpoint: Endpoint,
) -> dict[str, Any]:
    fired = {name for each in decisions for name in each.fired}
    scores: dict[str, float] = dict.fromkeys(CATEGORIES, 0.0)
    flags: dict[str, bool] = dict.fromkeys(CATEGORIES, False)
    applied: dict[str, tuple[str, ...]] = dict.fromkeys(CATEGORIES, ())
    not_scored: dict[str, str] = {}
    for name, source in endpoint.scores.items():
        text = _highest(name, source.signals, scored)
        image = _highest(name, source.images, seen, places=asked.places)
        hit = not fired.isdisjoint(source.strategies)
        known = [each.value for each in (text, image) if each.value is not None]
        scores[name] = value = max(known, default=1.0 if hit else 0.0)
        flags[name] = hit or (bool(known) and value >= (source.threshold or 1.0))
        if text.value is not None or (source.strategies and decisions):
            applied[name] = ("text",)
        if image.value is not None:
            applied[name] = (*applied[name], "image")
        if text.null or image.null:
            not_scored[name] = text.null or image.null
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


def _highest(
    name: str, signals: Sequence[str], scored: Sequence[Scored], *, places: Sequence[int] = ()
) -> Score:
    """Of the texts, or the images, that a result is about."""
    found = [combine(signals, each.readings) for each in scored] if signals else []
    for number, each in enumerate(found):
        if each.null in OF_FILES and places:
            message = f"The image could not be looked at: {each.null}."
            where = f"input[{places[number]}].image_url"
            raise ProtocolError(message, kind="invalid_image_url", place=where)
        if each.missing:
            message = f"The signal behind {name} gave no answer ({each.null}); nothing was scored."
            raise ProtocolError(message, status=UNAVAILABLE, kind="signal_unavailable")
    return max(found, key=lambda each: -1.0 if each.value is None else each.value, default=Score())


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
    for text in (text for each in asked.inputs for text in each.texts):
        id_ = next(ids)
        fields = {**event.fields, subject: id_, event.text: text}
        made.append({"id": id_, "type": event.type, "ts": ts, "source": "moderations", **fields})
    return made
