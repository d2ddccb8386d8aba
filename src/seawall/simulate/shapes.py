"""The events the simulator makes, type by type and field by field, and whether a project takes them."""

from __future__ import annotations

import difflib
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.policy.model import EventType

_ACTOR = {
    "actor_id": "string",
    "actor_age": "integer?",
    "account_age_days": "integer",
    "followers": "integer",
    "device_hash": "hash?",
}

SHAPES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "video": {
            "video_id": "string",
            **_ACTOR,
            "text": "string",
            "transcript": "string?",
            "hashtags": "list of string",
            "duration_s": "number",
            "views": "integer",
            "link_domain": "string?",
            "paid_partnership": "boolean",
            "known_match": "string?",
            "adult_score": "number?",
            "media": "media?",
        },
        "live_segment": {
            "segment_id": "string",
            "room_id": "string",
            **_ACTOR,
            "title": "string",
            "text": "string",
            "room_minute": "integer",
            "viewers": "integer",
            "gift_value_usd": "number",
            "guests": "integer",
            "youngest_guest_age": "integer?",
            "speed_kmh": "number?",
            "driver_view": "boolean?",
            "adult_score": "number?",
        },
        "comment": {
            "comment_id": "string",
            **_ACTOR,
            "text": "string",
            "link_domain": "string?",
            "parent_id": "string",
            "target_id": "string?",
            "mentions": "integer",
        },
        "account": {
            **_ACTOR,
            "change": "string",
            "username": "string",
            "text": "string",
            "link_domain": "string?",
            "email_domain": "string?",
            "followees": "integer",
        },
        "report": {
            "report_id": "string",
            **_ACTOR,
            "reported_id": "string",
            "target_id": "string",
            "reason": "string",
            "text": "string?",
            "reporter_accuracy": "number?",
            "target_followers": "integer",
        },
    }
)


def misfits(types: Mapping[str, EventType]) -> list[str]:
    """Why simulated events would not fit a project's event types, one sentence each; empty when they fit.

    A field that the project declares nullable and the simulator does not make is no misfit: it is NULL.
    """
    found: list[str] = []
    for name, shape in SHAPES.items():
        declared = types.get(name)
        if declared is None:
            near = difflib.get_close_matches(name, types, n=1)
            found.append(
                f"event type `{name}` is not declared" + (f" (is `{near[0]}` meant?)" if near else "")
            )
            continue
        for field, kind in declared.fields.items():
            made = shape.get(field)
            if made is None and not kind.nullable:
                found.append(f"`{name}.{field}` is required, and the simulator does not make it")
            elif made is not None and made.removesuffix("?") != str(kind).removesuffix("?"):
                found.append(f"`{name}.{field}` is {kind}, and the simulator makes {made}")
            elif made is not None and made.endswith("?") and not kind.nullable:
                found.append(f"`{name}.{field}` may be NULL in simulated events, and is declared {kind}")
    return found
