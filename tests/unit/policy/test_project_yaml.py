from __future__ import annotations

import pytest

from seawall.policy.diagnostics import Diagnostics
from seawall.policy.places import place_in
from seawall.policy.source import Source
from seawall.policy.yaml_nodes import YamlList, YamlMap, YamlScalar
from seawall.policy.yaml_read import MAX_ALIASES, MAX_DEPTH, read_yaml


def read(text: str) -> tuple[object, list[str]]:
    found = Diagnostics()
    source = Source("x.yml", text)
    node = read_yaml(source, found)
    return node, [each.code for each in found.sorted({"x.yml": source})]


def values(text: str) -> dict[str, object]:
    node, codes = read(text)
    assert not codes
    assert isinstance(node, YamlMap)
    return {key.text: value.value for key, value in node.entries if isinstance(value, YamlScalar)}


def test_the_traps_of_older_yaml_are_plain_text() -> None:
    text = "market: NO\nmode: off\non: yes\ntime: 12:30:00\nday: 2026-01-01\nid: 012\nversion: 1_000\n"
    assert values(text) == {
        "market": "NO",
        "mode": "off",
        "on": "yes",
        "time": "12:30:00",
        "day": "2026-01-01",
        "id": 12,
        "version": "1_000",
    }


def test_quotes_make_text_of_anything() -> None:
    assert values("a: '1'\nb: \"true\"\nc: 'null'\n") == {"a": "1", "b": "true", "c": "null"}


def test_a_number_of_a_thousand_digits_stays_text() -> None:
    assert values("a: " + "9" * 1000) == {"a": "9" * 1000}


def test_every_key_and_value_knows_its_place() -> None:
    node, _ = read("one: é𝒳\ntwo: [a, {b: c}]\n")
    assert isinstance(node, YamlMap)
    (one, first), (two, second) = node.entries
    assert [str(each.span) for each in (one, first, two, second)] == [
        "x.yml:1:1",
        "x.yml:1:6",
        "x.yml:2:1",
        "x.yml:2:6",
    ]
    assert first.span.end_column == 8
    assert isinstance(second, YamlList)
    assert [str(item.span) for item in second.items] == ["x.yml:2:7", "x.yml:2:10"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\na: 2\n", "duplicate-key"),
        ("a:\n\tb: 1\n", "bad-yaml"),
        ("a: [1", "bad-yaml"),
        ("a: !!python/name:os.system ''\n", "yaml-tag"),
        ("a: !x\n", "yaml-tag"),
        ("<<: {a: 1}\n", "yaml-merge"),
        ("? {a: 1}\n: 2\n", "bad-key"),
        ("a: *b\n", "bad-alias"),
        ("a: &a [*a]\n", "bad-alias"),
        ("&a a: &a {b: *a}\n", "bad-alias"),
        ("--- a\n--- b\n", "many-documents"),
        ("", "empty-file"),
        ("# only this\n", "empty-file"),
        ("a: \x00\n", "bad-character"),
        ("a: \x85b\n", "bad-character"),
        ("a: \u2028b\n", "bad-character"),
        ("a: b\ufeff\n", "bad-character"),
        ("[" * (MAX_DEPTH + 1), "too-deep"),
        ("[" * 100_000, "too-deep"),
        ("- &a x\n" + "- *a\n" * (MAX_ALIASES + 1), "too-many-aliases"),
        ("[" + "x," * 60_000 + "]", "too-large"),
        ("%YAML 9.9\n--- a", "bad-yaml"),
    ],
)
def test_what_a_project_file_has_no_need_of_is_refused(text: str, code: str) -> None:
    assert read(text)[1] == [code]


def test_aliases_are_counted_as_often_as_they_are_used() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
    bomb += "".join(
        f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcd", "bcde", strict=True)
    )
    assert read(bomb)[1] == ["too-large"]


def test_a_few_aliases_are_fine() -> None:
    node, codes = read("a: &who [u1, u2]\nb: *who\n")
    assert not codes
    assert isinstance(node, YamlMap)
    assert node.entries[0][1] == node.entries[1][1]


@pytest.mark.parametrize(
    ("text", "part", "line", "column"),
    [
        ("when: a > 1\n", "1", 1, 11),
        ("when: 'a = ''x'' AND b'\n", "b", 1, 22),
        ('when: "a = \\"x\\" AND \\u0062"\n', "b", 1, 22),
        ("when: |\n  a > 1\n    AND b\n", "b", 3, 9),
        ("when: |-  # why\n\n   a\n   AND b\n", "b", 4, 8),
        ("when: >\n  a\n  AND b\n\n  AND c\n", "c", 5, 7),
        ("when: a\n  AND b\n", "b", 2, 7),
        ("when: |\r\n  a\r\n  AND b\r\n", "b", 3, 7),
        ("- {when: '免费 = b'}\n", "b", 1, 16),
    ],
)
def test_the_place_of_a_part_of_a_text_is_found_in_every_style(
    text: str, part: str, line: int, column: int
) -> None:
    source = Source("x.yml", text)
    node = read_yaml(source, Diagnostics())
    node = node.items[0] if isinstance(node, YamlList) else node
    assert isinstance(node, YamlMap)
    scalar = node.entries[0][1]
    assert isinstance(scalar, YamlScalar)
    place = place_in(scalar, source, scalar.text.index(part))
    assert (place.line, place.column) == (line, column)
