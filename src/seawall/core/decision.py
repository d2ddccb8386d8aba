"""What was concluded on an event, and enough to explain it."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from seawall.core.action import Action, Review
from seawall.core.clock import format_time
from seawall.core.types import Value

BROKEN = frozenset({"failed", "timeout", "unavailable"})
"""Reasons of a NULL that speak of the detector: it was asked and gave no answer."""

UNREADABLE = frozenset(
    {
        "not_allowed",
        "unreachable",
        "wrong_digest",
        "empty_file",
        "unsupported",
        "undecodable",
        "too_large",
        "too_long",
        "too_many_pixels",
        "too_many_streams",
        "too_slow",
        "crashed",
    }
)
"""Reasons that speak of a file: it could not be had or looked at. They say nothing against the detector."""

NO_ANSWER = BROKEN | UNREADABLE
"""Reasons of a NULL that mean a signal was asked and gave no answer, so that `on_failure` holds."""


class Reading(msgspec.Struct, frozen=True, omit_defaults=True):
    """One input that the decision read: a feature's or a signal's value, or why it is NULL."""

    value: Value = None
    null: str | None = (
        None  # failed, timeout, unavailable, unsupported_language, warming, no_key, not_applicable, absent
    )
    cost_us: float = 0.0
    version: str | None = None
    evidence: tuple[str, ...] = ()  # what a reviewer can check the value against; conditions do not see it


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision on one event.

    Attributes:
        decision_id: see `decision_id`.
        content_version: which version of the subject it is about; empty where the platform tells none apart.
        action: the strongest action on the visibility axis, `allow` if none.
        actions: every action that holds, one per (target, axis, territory).
        beneath: what those that fired ask for and `actions` do not show as it is; it holds when what lies
            above it falls. Of a strategy, an action and a target it says everything, in the place of
            `actions`.
        review: the queues where people should look.
        fired: live strategies that are true, in project order.
        shadow: shadow strategies that are true.
        undetermined: strategies left open: no answer of theirs could change the outcome, or a slow signal was
            not waited for.
        missing: live strategies that a failed signal left open and that say what follows from that.
        signals: what was bought, by name.
        features: what was read, by name.
        project_version: hash of the safety project that decided.
        effective_version: the same with control records and bank versions.
        digest: of the event decided.
        round: 1, and one more for each time slow signals re-decide.
        supersedes: the decision of the round before.
        because: why an event was decided once more: `views:COUNT`, `sweep:ID`, `reports:COUNT`; empty for
            the first time.
        final: no slow signal is still to come.
    """

    decision_id: str
    event_id: str
    type: str
    ts: int
    market: str | None = None
    language: str | None = None
    source: str | None = None
    subject: str | None = None
    content_version: str = ""
    actor: str | None = None
    action: str = "allow"
    actions: tuple[Action, ...] = ()
    beneath: tuple[Action, ...] = ()
    review: tuple[Review, ...] = ()
    fired: tuple[str, ...] = ()
    shadow: tuple[str, ...] = ()
    undetermined: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    signals: dict[str, Reading] = {}
    features: dict[str, Reading] = {}
    project_version: str = ""
    effective_version: str = ""
    digest: str = ""
    round: int = 1
    supersedes: str | None = None
    because: tuple[str, ...] = ()
    final: bool = True
    audit: bool = False  # drawn into the audit sample, where everything affordable is bought
    audit_probability: float = 0.0  # with which it could have been drawn
    decided_at: int = 0


def decision_id(source: str | None, event_id: str, project_version: str, round_: int = 1) -> str:
    """The same event under the same project gives the same id, so a repeat is recognised anywhere.

    >>> decision_id("app", "e1", "v1") == decision_id("app", "e1", "v1")
    True
    >>> decision_id("app", "e1", "v1") == decision_id("app", "e1", "v1", 2)
    False
    """
    by = source or ""  # lengths keep ("a", "bc") apart from ("ab", "c")
    text = f"{len(by)}:{by}{len(event_id)}:{event_id}{len(project_version)}:{project_version}"
    text += f"{len(str(round_))}:{round_}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def as_document(decision: Decision) -> dict[str, Any]:
    """The decision as JSON users read it: RFC 3339 times, plain lists and maps."""
    document: dict[str, Any] = msgspec.to_builtins(decision)
    document["ts"] = format_time(decision.ts)
    document["decided_at"] = format_time(decision.decided_at)
    return document


def as_line(decision: Decision) -> bytes:
    """The same as one line of JSON, quickly."""
    document = msgspec.structs.asdict(decision)
    document["ts"] = written = format_time(decision.ts)
    document["decided_at"] = (
        written if decision.decided_at == decision.ts else format_time(decision.decided_at)
    )
    return msgspec.json.encode(document) + b"\n"
