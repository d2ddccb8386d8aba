"""Where the parts of a text lie: every client that counts as the protocol says finds the same words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seawall.serve.dropin.sentences import Part, from_utf16, in_utf16, parts

TEXTS = st.text(
    st.one_of(st.sampled_from(list("ab .!?\n😀𝒳é日。…؟\"'")), st.characters(codec="utf-8")), max_size=80
)


def cut(text: str, part: Part) -> str:
    """As JavaScript's `substring` cuts it."""
    return text.encode("utf-16-le")[part.start * 2 : part.end * 2].decode("utf-16-le")


@given(TEXTS)
def test_a_client_that_counts_utf_16_units_finds_the_words(text: str) -> None:
    found = parts(text)
    assert [cut(text, part) for part in in_utf16(text, found)] == [text[a:b] for a, b in found]


@given(TEXTS)
def test_there_and_back_is_the_same_part(text: str) -> None:
    found = parts(text)
    assert from_utf16(text, in_utf16(text, found)) == found


@given(TEXTS, st.integers(1, 6))
def test_parts_are_in_order_and_miss_nothing_but_white_space(text: str, most: int) -> None:
    found = parts(text, most=most)
    assert len(found) <= most
    edges = [edge for part in found for edge in part]
    assert edges == sorted(edges)
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in found)
    left = "".join(text[a:b] for a, b in zip([0, *edges[1::2]], [*edges[::2], len(text)], strict=True))
    assert not left.strip()


@given(TEXTS, st.integers(-5, 200), st.integers(-5, 200))
def test_what_is_no_part_of_the_text_is_told_apart(text: str, begin: int, end: int) -> None:
    [part] = from_utf16(text, [(begin, end)])
    units = len(text.encode("utf-16-le")) // 2
    if part is None:
        inside = 0 <= begin < end <= units
        assert not inside or _splits(text, begin) or _splits(text, end)
    else:
        assert in_utf16(text, [part]) == [Part(begin, end)]


def _splits(text: str, unit: int) -> bool:
    """Whether it lies within a character of two units."""
    unit_bytes = text.encode("utf-16-le")[unit * 2 : unit * 2 + 2]
    return len(unit_bytes) == 2 and 0xDC00 <= int.from_bytes(unit_bytes, "little") <= 0xDFFF
