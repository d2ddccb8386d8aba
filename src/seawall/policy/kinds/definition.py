"""definitions/*.yml: sub-conditions with a name, so that what they say is written once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from seawall.policy.kinds.names import NAME, text_or
from seawall.policy.model import Definition
from seawall.policy.places import place_in
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Condition, Entry, MapOf, Text
from seawall.policy.yaml_nodes import YamlScalar  # noqa: TC001  (a struct's field)

if TYPE_CHECKING:
    from seawall.policy.source import Source


class DefinitionEntry(Lines, frozen=True, kw_only=True):
    """One definition as written."""

    describes: Annotated[At[str] | None, Key(Text(), "What it means, in words.")] = None
    when: Annotated[YamlScalar, Key(Condition(), "The condition that its name stands for.")]


class DefinitionsFile(Lines, frozen=True, kw_only=True):
    """A file of definitions as written."""

    definitions: Annotated[
        tuple[Entry[DefinitionEntry], ...],
        Key(
            MapOf(
                NAME,
                Record(DefinitionEntry, "a definition"),
                "a map from name to definition",
                may_be_empty=False,
                keep_fit=True,
            ),
            "The sub-conditions.",
        ),
    ]


DEFINITIONS = Record(DefinitionsFile, "a file of definitions")


def build_definition(entry: Entry[DefinitionEntry], source: Source) -> Definition:
    """The definition, and where its condition begins."""
    when = entry.value.when
    return Definition(
        name=entry.key.value,
        when=when.text.strip(),
        describes=text_or(entry.value.describes),
        span=entry.key.span,
        when_span=place_in(when, source, len(when.text) - len(when.text.lstrip())),
    )
