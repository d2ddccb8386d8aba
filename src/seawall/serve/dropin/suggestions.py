"""What clients of the Perspective API send to say what a comment should score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from seawall.review.proposals import Proposal
from seawall.serve.dropin.comments import (
    INVALID,
    PROBABILITY,
    Context,
    Named,
    TextEntry,
    check_attribute,
    check_comment,
    read_languages,
)
from seawall.serve.dropin.decode import decode
from seawall.serve.dropin.model import ProtocolError
from seawall.serve.dropin.sentences import from_utf16

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.policy.model import Endpoint

MOST = 1_000
"""Scores of one suggestion."""

_LONGEST_WORD = 200


class _Score(Named, frozen=True):
    value: float
    type: str = ""


class _SpanScore(Named, frozen=True):
    begin: int
    end: int
    score: _Score


class _AttributeScores(Named, frozen=True):
    span_scores: tuple[_SpanScore, ...] = ()
    summary_score: _Score | None = None


class SuggestSent(Named, frozen=True):
    """The body of `comments:suggestscore`. Perspective has no `doNotStore` there; here it is heeded."""

    comment: TextEntry = TextEntry()
    context: Context | None = None
    attribute_scores: dict[str, _AttributeScores] = msgspec.field(default_factory=dict[str, _AttributeScores])
    languages: tuple[str, ...] = ()
    do_not_store: bool = False
    client_token: str | None = None
    session_id: str | None = None
    community_id: str | None = None


def read_suggest(raw: bytes, endpoint: Endpoint) -> SuggestSent:
    """What a caller proposes.

    Raises:
        ProtocolError: it does not fit.
    """
    sent = decode(raw, SuggestSent, error_kind=INVALID, camel=True)
    check_comment(sent.comment, sent.context)
    read_languages(sent.languages)
    if "\0" in sent.comment.text:
        raise ProtocolError("The comment holds the character NUL, which cannot be kept", kind=INVALID)
    for what, word in (("sessionId", sent.session_id), ("communityId", sent.community_id)):
        if word is not None and (len(word) > _LONGEST_WORD or "\0" in word):
            raise ProtocolError(f"{what} is longer than {_LONGEST_WORD} characters", kind=INVALID, place=what)
    if not sent.attribute_scores:
        raise ProtocolError("Missing attribute_scores", kind=INVALID)
    for name, scores in sent.attribute_scores.items():
        check_attribute(name, endpoint)
        _check_scores(name, scores)
    if sum(1 + len(each.span_scores) for each in sent.attribute_scores.values()) > MOST:
        raise ProtocolError(f"At most {MOST} scores can be suggested at once", kind=INVALID)
    return sent


def _check_scores(name: str, scores: _AttributeScores) -> None:
    given = [each.score for each in scores.span_scores]
    given += [scores.summary_score] if scores.summary_score is not None else []
    if not given:
        raise ProtocolError(f"Attribute {name} has no score", kind=INVALID)
    for each in given:
        if each.type not in {"", "SCORE_TYPE_UNSPECIFIED", PROBABILITY}:
            message = f"Score type {each.type[:40]} is not supported by attribute {name}"
            raise ProtocolError(message, kind=INVALID)
        if not 0 <= each.value <= 1:
            raise ProtocolError(f"Score of attribute {name} is not between 0 and 1", kind=INVALID)


def proposals_of(sent: SuggestSent, *, source: str, at: int) -> list[Proposal]:
    """Each score on its own; none where the caller asks that nothing be kept.

    Raises:
        ProtocolError: a span does not lie in the comment.
    """
    text = sent.comment.text
    made: list[Proposal] = []
    for name, scores in sent.attribute_scores.items():
        spans = [(each.begin, each.end, each.score.value) for each in scores.span_scores]
        found = from_utf16(text, [(begin, end) for begin, end, _ in spans])
        for (begin, end, value), part in zip(spans, found, strict=True):
            if part is None:
                message = f"The span {begin} to {end} of attribute {name} is no part of the comment"
                raise ProtocolError(message, kind=INVALID)
            made.append(_proposal(sent, name, part, value, source=source, at=at))
        if scores.summary_score is not None:
            whole = (0, len(text))
            made.append(_proposal(sent, name, whole, scores.summary_score.value, source=source, at=at))
    return [] if sent.do_not_store else made


def _proposal(
    sent: SuggestSent, name: str, part: tuple[int, int], value: float, *, source: str, at: int
) -> Proposal:
    return Proposal(
        source=source,
        text=sent.comment.text,
        attribute=name,
        begin=part[0],
        end=part[1],
        score=value,
        languages=tuple(sent.languages),
        community=sent.community_id or "",
        session=sent.session_id or "",
        at=at,
    )


def answer_of(sent: SuggestSent, detected: Sequence[str]) -> dict[str, Any]:
    """The document that clients read."""
    return {
        **({"clientToken": sent.client_token} if sent.client_token is not None else {}),
        "requestedLanguages": list(sent.languages),
        "detectedLanguages": list(detected),
    }
