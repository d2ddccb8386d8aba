"""What clients of the Perspective API send to have a comment scored, and what they read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from seawall.policy.kinds.endpoint import ATTRIBUTES
from seawall.policy.near import did_you_mean
from seawall.serve.dropin.combine import Score, combine
from seawall.serve.dropin.decode import decode
from seawall.serve.dropin.model import Ask, ProtocolError
from seawall.serve.dropin.sentences import Part, in_utf16, parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seawall.policy.model import Endpoint
    from seawall.serve.dropin.model import Scored

LONGEST = 20_480
"""Bytes of a comment in UTF-8."""

MOST_LANGUAGES = 8
PROBABILITY = "PROBABILITY"
INVALID = "INVALID_REQUEST"
UNAVAILABLE = 503
_TYPES = ("", "SCORE_TYPE_UNSPECIFIED", PROBABILITY)
_PLAIN = ("", "TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,5}")


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """A message whose fields are all known; Google's own server refuses others too."""


class TextEntry(Named, frozen=True):
    """A text and its form."""

    text: str = ""
    type: str = ""


class _ArticleAndParent(Named, frozen=True):
    article: TextEntry | None = None
    parent_comment: TextEntry | None = None


class Context(Named, frozen=True):
    """What a comment is about or answers."""

    entries: tuple[TextEntry, ...] = ()
    article_and_parent_comment: _ArticleAndParent | None = None


class Parameters(Named, frozen=True):
    """How one attribute is wanted."""

    score_type: str = ""
    score_threshold: float | None = None


class AnalyzeSent(Named, frozen=True):
    """The body of `comments:analyze`."""

    comment: TextEntry = TextEntry()
    context: Context | None = None
    requested_attributes: dict[str, Parameters | None] = msgspec.field(
        default_factory=dict[str, "Parameters | None"]
    )
    span_annotations: bool = False
    languages: tuple[str, ...] = ()
    do_not_store: bool = False
    drop_unsupported_attributes: bool = False
    client_token: str | None = None
    session_id: str | None = None
    community_id: str | None = None


class Analysis(NamedTuple):
    """What is asked.

    Attributes:
        sent: the request.
        languages: those that the caller names, as their first subtag.
        spans: parts to score alone; one for the whole comment where none are asked for.
    """

    sent: AnalyzeSent
    languages: tuple[str, ...]
    spans: list[Part]


def read_analyze(raw: bytes, endpoint: Endpoint) -> Analysis:
    """What a request asks.

    Raises:
        ProtocolError: it does not fit, or asks for what nothing stands behind.
    """
    sent = decode(raw, AnalyzeSent, error_kind=INVALID, camel=True)
    check_comment(sent.comment, sent.context)
    if not sent.requested_attributes:
        raise ProtocolError("Missing requested_attributes", kind="NO_REQUESTED_ATTRIBUTES")
    for name, parameters in sent.requested_attributes.items():
        check_attribute(name, endpoint)
        wanted = parameters.score_type if parameters else ""
        if wanted not in _TYPES:
            message = f"Requested score type {wanted[:40]} is not supported by attribute {name}"
            raise ProtocolError(message, kind=INVALID)
    found = parts(sent.comment.text) if sent.span_annotations else []
    return Analysis(sent, read_languages(sent.languages), found)


def check_comment(comment: TextEntry, context: Context | None) -> None:
    """A comment that can be scored.

    Raises:
        ProtocolError: it is empty, too long, no plain text, or its context is said in two ways.
    """
    entries = [comment]
    if context is not None:
        entries.extend(context.entries)
        if context.entries and context.article_and_parent_comment is not None:
            raise ProtocolError(
                "Context can have either entries or article_and_parent_comment, but both were populated.",
                kind=INVALID,
            )
    for entry in entries:
        if entry.type == "HTML":
            raise ProtocolError("Currently, only 'PLAIN_TEXT' comments are supported", kind=INVALID)
        if entry.type not in _PLAIN:
            raise ProtocolError("Unknown text type", kind=INVALID)
    if not comment.text.strip():
        raise ProtocolError("Comment must be non-empty.", kind="COMMENT_EMPTY")
    if len(comment.text.encode("utf-8", "surrogatepass")) > LONGEST:
        raise ProtocolError("Comment text too long.", kind="COMMENT_TOO_LONG")


def check_attribute(name: str, endpoint: Endpoint) -> None:
    """An attribute that something stands behind.

    Raises:
        ProtocolError: there is none of that name, or this project has nothing for it.
    """
    if name in endpoint.scores:
        return
    message = f"Unknown requested attribute: {name[:80]}"
    if name in ATTRIBUTES:
        message += f" (nothing in this project answers for it; it has {', '.join(endpoint.scores)})"
    elif hint := did_you_mean(name, endpoint.scores, what="attributes"):
        message += f" ({hint})"
    raise ProtocolError(message, kind=INVALID)


def read_languages(sent: Sequence[str]) -> tuple[str, ...]:
    """The languages that a caller names, ISO 639 or BCP 47, by their first subtag.

    Raises:
        ProtocolError: one is no tag, or they are too many.
    """
    if len(sent) > MOST_LANGUAGES:
        raise ProtocolError(f"At most {MOST_LANGUAGES} languages can be given.", kind=INVALID)
    for tag in sent:
        if not _TAG.fullmatch(tag):
            raise ProtocolError(f"Not a language: {tag[:40]!r}", kind=INVALID)
    return tuple(dict.fromkeys(tag.split("-")[0].lower() for tag in sent))


def asks_of(asked: Analysis, endpoint: Endpoint) -> list[Ask]:
    """The comment in each language that the caller names; last, in the one that it seems to be in.

    Where the caller names none, the last is what is scored; else only its language is told.
    """
    wanted = asked.sent.requested_attributes
    signals = tuple(dict.fromkeys(name for each in wanted for name in endpoint.scores[each].signals))
    text = asked.sent.comment.text
    told = Ask(text, () if asked.languages else signals, None, endpoint.assume)
    return [*(Ask(text, signals, language, endpoint.assume) for language in asked.languages), told]


def span_asks(asked: Analysis, scored: Sequence[Scored], endpoint: Endpoint) -> list[Ask]:
    """The parts, once the comment's own language is known: a part alone may be too short to tell it."""
    first = asks_of(asked, endpoint)[0]
    text = asked.sent.comment.text
    return [
        first._replace(text=text[start:end], language=each.language)
        for each in _meant(asked, scored)
        for start, end in asked.spans
    ]


def _meant(asked: Analysis, scored: Sequence[Scored]) -> Sequence[Scored]:
    """Those that were scored: without the one that only tells the language, where languages are named."""
    return scored[:-1] if asked.languages else scored


def answer_of(
    asked: Analysis, scored: Sequence[Scored], of_spans: Sequence[Scored], endpoint: Endpoint
) -> dict[str, Any]:
    """The document that clients read.

    Args:
        asked: the request.
        scored: of the comment, as `asks_of` asks.
        of_spans: of its parts, for each language in turn; empty where none are asked for.
        endpoint: what stands behind each attribute.

    Raises:
        ProtocolError: an attribute has no score in a language, or a signal gave no answer.
    """
    sent = asked.sent
    told = [scored[-1].language] if scored[-1].language is not None else []
    if not asked.languages and not told:
        raise ProtocolError("Unable to detect language", kind="LANGUAGE_DETECTION_FAILED")
    scores: dict[str, Any] = {}
    for name, parameters in sent.requested_attributes.items():
        whole = _score(name, _meant(asked, scored), endpoint, asked)
        if whole is None or whole < ((parameters.score_threshold if parameters else None) or 0.0):
            continue
        scores[name] = {
            "spanScores": _spans(name, whole, asked, of_spans, endpoint),
            "summaryScore": _shown(whole),
        }
    return {
        "attributeScores": scores,
        "languages": list(sent.languages) or told,
        "detectedLanguages": told,
        **({"clientToken": sent.client_token} if sent.client_token is not None else {}),
    }


def _score(name: str, scored: Sequence[Scored], endpoint: Endpoint, asked: Analysis) -> float | None:
    """The highest over the languages; None: it may be dropped."""
    found = [combine(endpoint.scores[name].signals, each.readings) for each in scored]
    for each in found:
        if each.missing:
            message = f"The model behind attribute {name} gave no answer ({each.null})"
            raise ProtocolError(message, status=UNAVAILABLE)
    unsupported = [str(one.language) for one, each in zip(scored, found, strict=True) if each.value is None]
    if not unsupported:
        return max(each.value for each in found if each.value is not None)
    if asked.sent.drop_unsupported_attributes:
        return None
    if any(each.null == "not_applicable" for each in found):
        raise ProtocolError(f"Attribute {name} finds nothing to score in this comment", kind=INVALID)
    given = "requestedLanguages" if asked.languages else "detectedLanguages"
    raise ProtocolError(
        f"Attribute {name} does not support request languages: {', '.join(unsupported)}",
        kind="LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        details={"languageNotSupportedByAttributeError": {given: unsupported, "attribute": name}},
    )


def _spans(
    name: str, whole: float, asked: Analysis, of_spans: Sequence[Scored], endpoint: Endpoint
) -> list[dict[str, Any]]:
    text = asked.sent.comment.text
    if not asked.spans:
        [(begin, end)] = in_utf16(text, [Part(0, len(text))])
        return [{"begin": begin, "end": end, "score": _shown(whole)}]
    count = len(asked.spans)
    found: list[dict[str, Any]] = []
    for place, (begin, end) in enumerate(in_utf16(text, asked.spans)):
        each = [combine(endpoint.scores[name].signals, one.readings) for one in of_spans[place::count]]
        value = _value(each)
        if value is not None:
            found.append({"begin": begin, "end": end, "score": _shown(value)})
    return found


def _value(found: Sequence[Score]) -> float | None:
    return max((each.value for each in found if each.value is not None), default=None)


def _shown(value: float) -> Mapping[str, Any]:
    return {"value": value, "type": PROBABILITY}
