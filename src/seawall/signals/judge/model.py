"""The words of judging by a language model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping


class Endpoint(msgspec.Struct, frozen=True):
    """Where an OpenAI-compatible server answers: its address up to and with `/v1`, and the key it wants."""

    url: str
    key: str = ""

    def __repr__(self) -> str:
        """Without the key, so that no log ever holds it."""
        return f"Endpoint({self.url!r})"


class Prompt(msgspec.Struct, frozen=True):
    """A policy compiled for a model.

    Attributes:
        text: what the model is told before it sees any content.
        clauses: ids of clauses that can be broken.
        exceptions: ids of clauses that allow.
        digest: SHA-256 of everything that decides what the model is told.
    """

    text: str
    clauses: tuple[str, ...]
    exceptions: tuple[str, ...]
    digest: str


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a model concluded, after it was checked.

    Attributes:
        clause: the clause broken, None if none is.
        exception: the exception that allows what a clause would forbid, None without one.
        confidence: how sure the model says it is, 0 to 1; uncalibrated.
        quote: the words of the text that break the clause; empty if none does.
        span: where they stand in the text, first character and the one after the last; None without a quote.
        rationale: one or two sentences, for the reviewer.
    """

    clause: str | None
    exception: str | None
    confidence: float
    quote: str
    rationale: str
    span: tuple[int, int] | None = None

    @property
    def violation(self) -> float:
        """How likely the text breaks a clause, 0 to 1, as far as the model's own confidence can be believed.

        >>> Judgement(clause=None, exception=None, confidence=0.9, quote="", rationale="").violation
        0.1
        """
        return round(self.confidence if self.clause is not None else 1.0 - self.confidence, 6)


class Unanswered(msgspec.Struct, frozen=True):
    """Why there is no judgement.

    Attributes:
        reason: `refused`, `malformed`, `timeout`, `failed`, `budget`, `not_applicable` or `not_configured`.
        detail: more of it, for whoever runs the process.
    """

    reason: str
    detail: str = ""


class Chat(Protocol):
    """A model that answers messages."""

    def complete(self, *, system: str, user: str, schema: Mapping[str, object]) -> str | Unanswered:
        """The text of the answer, which should be JSON of the schema; never raises."""
        ...
