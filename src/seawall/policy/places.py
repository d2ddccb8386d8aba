"""Where in the file each character of a YAML scalar stands, whatever its style."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seawall.core.diagnostic import Span
    from seawall.policy.source import Source
    from seawall.policy.yaml_nodes import YamlScalar

_ESCAPED = {"x": 2, "u": 4, "U": 8}


def place_in(scalar: YamlScalar, source: Source, offset: int, length: int = 1) -> Span:
    """The place of character `offset` of a scalar's text.

    Between its text and the file a scalar differs in white space (indentation, folding), quotes and escapes
    alone, so walking both in step over everything else finds the place.
    """
    raw = _start(scalar, source)
    text = source.text
    for character in scalar.text[:offset]:
        raw = _skip_space(text, raw) if not character.isspace() else raw
        if not character.isspace():
            raw += _width(text, raw, scalar.style)
    target = scalar.text[offset : offset + 1]
    if target and not target.isspace():
        raw = _skip_space(text, raw)
    return source.span_at(min(raw, len(text)), length)


def _start(scalar: YamlScalar, source: Source) -> int:
    line = scalar.span.line
    if scalar.style in ("|", ">"):
        return source.starts[min(line, len(source.starts) - 1)]
    return source.starts[line - 1] + scalar.span.column - 1 + len(scalar.style)


def _skip_space(text: str, raw: int) -> int:
    while raw < len(text) and text[raw].isspace():
        raw += 1
    return raw


def _width(text: str, raw: int, style: str) -> int:
    if style == '"' and text[raw : raw + 1] == "\\":
        return 2 + _ESCAPED.get(text[raw + 1 : raw + 2], 0)
    return 2 if style == "'" and text[raw : raw + 2] == "''" else 1
