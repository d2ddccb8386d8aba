"""What the options of `seawall decide` say about the columns of its input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.errors import UsageError
from seawall.ingest import Mapping
from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from seawall.policy.model import Project


def mapping_of(
    project: Project, *, as_: str | None, map_: list[str], set_: list[str], either: dict[str, str | None]
) -> Mapping | None:
    """What the options say about columns; None if they say nothing.

    Raises:
        UsageError: an event type or field is unknown, or an option is not NAME=VALUE.
    """
    if as_ is not None and as_ not in project.events:
        hint = did_you_mean(as_, project.events, what="event types")
        raise UsageError(f"there is no event type {as_!r}", hint=hint)
    chosen = {name: word for name, word in either.items() if word is not None}
    if as_ is None and not map_ and not set_ and not chosen:
        return None
    mapping = Mapping(
        event_type=None if as_ is None else project.events[as_],
        columns=dict(_pair(text, "--map", "COLUMN=FIELD") for text in map_),
        either=chosen,
        constants=dict(_pair(text, "--set", "FIELD=VALUE") for text in set_),
    )
    mapping.check()
    return mapping


def _pair(text: str, option: str, form: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=") if option == "--map" else text.partition("=")
    if not equals or not name:
        raise UsageError(f"{option} {text!r} is not {form}", hint=f"write {option} {form}")
    return name, value
