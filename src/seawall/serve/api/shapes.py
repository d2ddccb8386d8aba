"""The documents of the API as its reference shows them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from seawall.serve.api.problems import Refusal


class DecisionDocument(BaseModel, extra="allow"):
    """One decision: what was concluded on one event, and the inputs that were read for it."""

    decision_id: str
    event_id: str
    type: str
    ts: str = Field(description="When the event happened, RFC 3339 in UTC.")
    market: str | None = None
    subject: str | None = None
    actor: str | None = None
    action: str = Field(description="The strongest action on the visibility axis; `allow` if none.")
    actions: list[dict[str, Any]] = Field(description="Every action, by axis, target and territory.")
    review: list[dict[str, Any]] = Field(description="Queues where people should look.")
    fired: list[str] = Field(description="Live strategies that are true.")
    shadow: list[str] = Field(description="Shadow strategies that are true.")
    undetermined: list[str] = Field(
        description="Strategies left open: they could not have changed the outcome, or a slow signal was not"
        " waited for."
    )
    missing: list[str] = Field(
        default=[],
        description="Live strategies that a failed signal left open and that say what follows from that.",
    )
    signals: dict[str, Any] = Field(description="What was bought.")
    features: dict[str, Any] = Field(description="What was read.")
    project_version: str
    effective_version: str
    supersedes: str | None = None
    final: bool
    decided_at: str


class Batch(BaseModel):
    """The answer to a list of events."""

    decided: int
    refused: int
    decisions: list[DecisionDocument | None] = Field(description="By position; null where `errors` has one.")
    errors: list[Refusal]


class Receipt(BaseModel):
    """Proof that one event lies durably in the inbox."""

    index: int
    event_id: str | None
    receipt: str


class Receipts(BaseModel):
    """The answer to events that were accepted and will be decided soon."""

    accepted: int
    receipts: list[Receipt]


class DecisionPage(BaseModel):
    """A list of decisions, the newest first."""

    decisions: list[DecisionDocument]
    cursor: str | None = Field(description="Pass it to get the next page; null at the end.")
    complete_to: str = Field(description="Every decision made before this time was looked at.")


_EVENT: dict[str, Any] = {
    "type": "object",
    "description": "A flat object: the envelope and the fields that the project declares for its type.",
    "required": ["id", "type", "ts"],
    "properties": {
        "id": {"type": "string", "description": "Unique per source."},
        "type": {"type": "string"},
        "ts": {"type": "string", "format": "date-time", "description": "When it happened."},
        "market": {"type": "string", "description": "ISO 3166 alpha-2."},
    },
    "additionalProperties": True,
}
EVENT_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": {"oneOf": [_EVENT, {"type": "array", "items": _EVENT}]}},
        "application/x-ndjson": {"schema": {"type": "string", "description": "One event per line."}},
    },
}
