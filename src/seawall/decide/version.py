"""Which version of its subject an event is about, as its type says where to look."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from seawall.core.types import Media

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.core.types import Value
    from seawall.policy.model import EventType

LONGEST = 64
"""Characters of a version that is taken as it stands; of a longer one, and of several fields, a digest."""

_canonical = msgspec.json.Encoder(order="sorted").encode


def content_version(event_type: EventType, fields: Mapping[str, Value]) -> str:
    """The version of the subject; empty where the platform tells none apart, or does not know this one.

    >>> from seawall.testing.projects import event_type
    >>> kind = event_type(version=("text",))
    >>> content_version(kind, {"text": "v7"}), content_version(kind, {"text": None})
    ('v7', '')
    >>> both = event_type(version=("text", "link_domain"))
    >>> len(content_version(both, {"text": "hello", "link_domain": None}))
    32
    """
    names = event_type.version
    if not names:
        return ""
    if len(names) == 1:
        value = fields.get(names[0])
        text = "" if value is None else str(value)
        return text if len(text) <= LONGEST else _digest(text.encode("utf-8", "surrogatepass"))
    values = [_said(fields.get(name)) for name in names]
    if all(value is None for value in values):
        return ""
    return _digest(_canonical(values))


def _said(value: Value) -> Value:
    """A medium is its content where that is known: an address may be signed anew each time."""
    return value.sha256 or value.uri if isinstance(value, Media) else value


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
