"""Laws of text forms: stable, independent of how Unicode composes, and true about where things stand."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from seawall.signals.forms import Scan, normalise
from seawall.signals.forms.normalise import FIRST, PARTED, symbols
from seawall.testing import projects

HIDING = st.sampled_from("aAlI1!|0oO@$.-_* \u200b\u202e\u0301\ufe0f\u20e3ﬁßⅷаоѕ🅱🇸永かが゙กิ한ㅅ\n\t")
TEXTS = st.text(st.one_of(HIDING, st.characters(codec="utf-8")), max_size=40)
WORDS = st.text("abcdeghknorst", min_size=3, max_size=9)


@given(TEXTS)
@example("aa b c")
@example("a a  b b c c d")
def test_a_form_is_its_own_form(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS)
@example("e\u0301")
@example("\u0958\u0301")
@example("각")
def test_composed_or_not_gives_one_form(text: str) -> None:
    assert normalise(unicodedata.normalize("NFC", text)) == normalise(unicodedata.normalize("NFD", text))


@given(st.lists(TEXTS, max_size=6))
def test_a_batch_is_its_texts(texts: list[str]) -> None:
    form = symbols(texts).words()
    lines = form.text.split("\n")[:-1]
    assert [line.strip(" ") for line in lines] == [normalise(text) for text in texts] or not texts


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_origins_rise_and_lie_in_their_own_text(texts: list[str]) -> None:
    batch = symbols(texts)
    joined = len(PARTED.join(texts))
    for form in (batch.words(), batch.disguised(range(len(texts)))):
        origins = form.origins.tolist()
        assert origins == sorted(origins)
        assert len(origins) == len(form.text)
        letters = [origin for origin, one in zip(origins, form.text, strict=True) if one not in " \n"]
        assert all(FIRST <= origin < FIRST + joined for origin in letters)


@st.composite
def disguises(draw: st.DrawFn, word: str) -> str:
    """A word in some disguise that cannot be an accident."""
    how = draw(st.sampled_from(["wide", "spaced", "dotted", "hidden", "stretched", "accents", "case"]))
    if how == "wide":
        return "".join(chr(ord(one) + 0xFEE0) for one in word)
    if how == "accents":
        return "".join(one + draw(st.sampled_from(["", "\u0301", "\u0327"])) for one in word)
    if how == "case":
        return "".join(draw(st.sampled_from([one, one.upper()])) for one in word)
    if how == "stretched":
        place = draw(st.integers(0, len(word) - 1))
        return word[:place] + word[place] * 4 + word[place + 1 :]
    between = {"spaced": " ", "dotted": ".", "hidden": "\u200b"}[how]
    return between.join(word)


@given(st.data(), WORDS, st.sampled_from(["", "so ", "it's "]), st.sampled_from(["", " ok then", "!!"]))
def test_a_disguised_term_is_found_at_its_place(
    data: st.DataObject, word: str, before: str, after: str
) -> None:
    disguised = data.draw(disguises(word))
    text = f"{before}{disguised}{after}"
    found = Scan([projects.bank("b", word)]).read([text])[0]
    assert any(
        one.start <= len(before) + 1 and one.end >= len(before) + len(disguised) - 1 for one in found
    ), found


@given(WORDS, TEXTS)
def test_what_is_found_has_the_letters_of_the_term(word: str, text: str) -> None:
    for one in Scan([projects.bank("b", word, match="anywhere")]).read([text])[0]:
        piece = text[one.start : one.end]
        assert one.manner == "masked" or normalise(word) in {
            normalise(piece),
            symbols([piece]).disguised([0]).text.strip(" \n"),
        }
