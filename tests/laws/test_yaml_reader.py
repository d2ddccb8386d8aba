"""Whatever is in a YAML file, reading it gives nodes or diagnostics, soon, and never an exception."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from seawall.policy.diagnostics import Diagnostics
from seawall.policy.places import place_in
from seawall.policy.source import Source
from seawall.policy.yaml_nodes import YamlList, YamlMap, YamlNode, YamlScalar
from seawall.policy.yaml_read import MAX_DEPTH, MAX_NODES, read_yaml

PIECES = st.sampled_from(
    [
        *("\n\r\t :-?,[]{}#&*!|>'\"%@`~<="),
        *(
            "\r\n",
            "  ",
            ": ",
            "- ",
            "? ",
            "&a",
            "*a",
            "<<",
            "---",
            "...",
            "!!str",
            "%TAG",
            "null",
            "true",
            "NO",
        ),
        *(".inf", "0x1F", "1e9", "\\", "\\u", "|-", ">2", "key", "é", "免", "𝒳", "\x00", "\ufeff", "\u2028"),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=80))


def read(text: str) -> tuple[YamlNode | None, Diagnostics, Source]:
    found, source = Diagnostics(), Source("x.yml", text)
    return read_yaml(source, found), found, source


def walk(node: YamlNode, depth: int = 0) -> list[tuple[YamlNode, int]]:
    children: list[YamlNode] = []
    if isinstance(node, YamlList):
        children = list(node.items)
    if isinstance(node, YamlMap):
        children = [each for pair in node.entries for each in pair]
    return [(node, depth), *(each for child in children for each in walk(child, depth + 1))]


@given(TEXTS)
@example("&a [*a]")
@example("[" * 50_000)
@example("{" * 50_000)
@example("- " * 5_000)
@example("? " * 5_000)
@example("a: |99\n x")
@example("'" * 9_999)
@example("a\n" * 2_000 + ": b")
@example("!<")
@example("%TAG ! tag:x\n---\n!y z")
@example("\ufeffa: b")
@example("a: \ud7ff")
@example("0x" + "f" * 50)
@example("9" * 5_000)
def test_reading_ends_in_nodes_or_diagnostics(text: str) -> None:
    node, found, source = read(text)
    assert (node is None) <= found.has_errors
    for each in found.sorted({"x.yml": source}):
        assert each.span.line <= len(source.lines)
        assert not each.span.line or 1 <= each.span.column <= len(source.lines[each.span.line - 1]) + 2
    if node is not None:
        nodes = walk(node)
        assert len(nodes) <= MAX_NODES
        assert max(depth for _, depth in nodes) <= MAX_DEPTH


@given(TEXTS)
@example("&- ~")
@example("&a # why\n# so\n  x")
@example("\r0\x1f")
def test_every_scalar_is_found_again_where_it_says_it_stands(text: str) -> None:
    node, _, source = read(text)
    for each, _ in walk(node) if node is not None else ():
        if isinstance(each, YamlScalar) and not each.style and each.text.strip():
            first = place_in(each, source, 0)
            assert source.line(first.line)[first.column - 1] == each.text[0]


WORDS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=20)
DOCUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


def plain(node: YamlNode) -> Any:
    match node:
        case YamlScalar():
            return node.value
        case YamlList():
            return [plain(item) for item in node.items]
        case YamlMap():
            return {key.text: plain(value) for key, value in node.entries}


@given(DOCUMENTS)
def test_json_is_read_as_what_it_says(document: Any) -> None:
    node, found, _ = read(json.dumps(document, ensure_ascii=False))
    assert not found.has_errors
    assert node is not None
    assert plain(node) == document


@given(st.text("ab '\"\\\n:#é", min_size=1, max_size=30), st.data())
def test_every_character_of_a_quoted_text_has_its_place(text: str, data: st.DataObject) -> None:
    written = json.dumps(text, ensure_ascii=False)
    source = Source("x.yml", f"when: {written}\n")
    node = read_yaml(source, Diagnostics())
    assert isinstance(node, YamlMap)
    scalar = node.entries[0][1]
    assert isinstance(scalar, YamlScalar)
    offset = data.draw(st.integers(0, len(text) - 1))
    if not text[offset].isspace() and text[offset] not in '"\\':
        place = place_in(scalar, source, offset)
        assert source.lines[0][place.column - 1] == text[offset]
