"""Where in the file each character of a YAML scalar stands, whatever its style."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seawall.core.diagnostic import Span
    from seawall.policy.source import Source
    from seawall.policy.yaml_nodes import YamlScalar

_SPACES = {
    "": re.compile(r"\s*"),
    '"': re.compile(r"(?:\s|\\(?:[ntrvfNLP_\s]|x(?:20|0[9A-Da-d]|85|[Aa]0)|u00(?:20|0[9A-Da-d]|85|[Aa]0)))*"),
}
"""What of the file stands for white space of the text, or for none of it: in double quotes, escapes too."""

_CHARACTERS = {
    "": re.compile(r"."),
    "'": re.compile(r"''|."),
    '"': re.compile(r"\\x..|\\u.{4}|\\U.{8}|\\.|."),
}
"""What of the file stands for one character of the text."""


def place_in(scalar: YamlScalar, source: Source, offset: int, length: int = 1) -> Span:
    """The place of character `offset` of a scalar's text.

    Between its text and the file a scalar differs in white space (indentation, folding), quotes and escapes
    alone, so walking both in step over everything else finds the place.
    """
    spaces = _SPACES.get(scalar.style, _SPACES[""])
    characters = _CHARACTERS.get(scalar.style, _CHARACTERS[""])
    raw = _start(scalar, source)
    for character in scalar.text[:offset]:
        if not character.isspace():
            raw = _behind(characters, source.text, _behind(spaces, source.text, raw))
    target = scalar.text[offset : offset + 1]
    if target and not target.isspace():
        raw = _behind(spaces, source.text, raw)
    return source.span_at(min(raw, len(source.text)), length)


def _start(scalar: YamlScalar, source: Source) -> int:
    line = scalar.span.line
    if scalar.style in ("|", ">"):
        return source.starts[min(line, len(source.starts) - 1)]
    return source.starts[line - 1] + scalar.span.column - 1 + len(scalar.style)


def _behind(pattern: re.Pattern[str], text: str, raw: int) -> int:
    match = pattern.match(text, raw)
    return match.end() if match else raw
