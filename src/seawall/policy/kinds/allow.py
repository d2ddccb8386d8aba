"""`allow` in an event type's file: what lets an event off, before any strategy of the named axes can fire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from seawall.policy.kinds.names import NAME, NAMES, text_or, values
from seawall.policy.model import Allow
from seawall.policy.places import place_in
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Boolean, Condition, Entry, Text
from seawall.policy.yaml_nodes import YamlScalar  # noqa: TC001  (a struct's field)

if TYPE_CHECKING:
    from seawall.policy.source import Source


class AllowEntry(Lines, frozen=True, kw_only=True):
    """One reason to let events off, as written."""

    describes: Annotated[At[str] | None, Key(Text(), "Why.")] = None
    when: Annotated[YamlScalar, Key(Condition(), "The condition that lets an event off where it is TRUE.")]
    axes: Annotated[
        tuple[At[str], ...],
        Key(NAMES, "It lets off from strategies all of whose actions lie on these axes; default: from all."),
    ] = ()
    severe: Annotated[
        At[bool] | None,
        Key(
            Boolean(), "Whether it lets off from strategies that enforce a severe clause too; default false."
        ),
    ] = None


class AllowEverywhere(AllowEntry, frozen=True, kw_only=True):
    """One reason to let events of several types off, as written in seawall.yml."""

    on: Annotated[tuple[At[str], ...], Key(NAMES, "The event types it lets off; default: every one.")] = ()


ALLOW = Record(AllowEntry, "a reason to let events off")
ALLOW_EVERYWHERE = Record(AllowEverywhere, "a reason to let events off")
ALLOW_NAME = NAME


def is_for(entry: Entry[AllowEverywhere], event_type: str) -> bool:
    """Whether a reason of seawall.yml is one for events of a type."""
    return not entry.value.on or event_type in values(entry.value.on)


def build_allow(entry: Entry[AllowEntry] | Entry[AllowEverywhere], source: Source) -> Allow:
    """The reason, and where its condition begins."""
    when = entry.value.when
    return Allow(
        name=entry.key.value,
        when=when.text.strip(),
        axes=values(entry.value.axes),
        severe=entry.value.severe is not None and entry.value.severe.value,
        describes=text_or(entry.value.describes),
        span=entry.key.span,
        when_span=place_in(when, source, len(when.text) - len(when.text.lstrip())),
    )
