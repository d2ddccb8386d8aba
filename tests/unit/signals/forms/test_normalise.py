"""What a text looks like once everything that hides it is undone."""

from __future__ import annotations

import pytest

from seawall.signals.forms import normalise
from seawall.signals.forms.normalise import FIRST, PARTED, symbols


@pytest.mark.parametrize(
    "text",
    [
        "Discount",
        "ＤＩＳＣＯＵＮＴ",
        "d1sc0unt",
        "d.i.s.c.o.u.n.t",
        "D I S C O U N T",
        "d-i-s_c~o/u|n*t".replace("|", "·"),
        "dis\u200bco\u2060unt",
        "\u202ediscount\u202c",
        "diiiscoooount",
        "𝓭𝓲𝓼𝓬𝓸𝓾𝓷𝓽",
        "ⓓⓘⓢⓒⓞⓤⓝⓣ",
        "🄳🄸🅂🄲🄾🅄🄽🅃",
        "🇩 🇮 🇸 🇨 🇴 🇺 🇳 🇹",
        "d\u0301i\u0302s\u0303c\u0304ount",
        "ԁіѕсоυոτ",
        "dιscουητ".replace("η", "n"),
        "ᴅɪsᴄᴏᴜɴᴛ",
    ],
)
def test_every_way_to_write_a_word_gives_one_form(text: str) -> None:
    assert normalise(text) == normalise("discount")


@pytest.mark.parametrize(
    "text", ["d!$c0unt", "dis.count", "di$count!!", "dis-count", "(discount)", "@nd di$count"]
)
def test_symbols_inside_words_are_letters_or_nothing_in_the_other_reading(text: str) -> None:
    batch = symbols([text])
    assert batch.in_disguise() == [0] or text == "(discount)"
    assert " discount " in batch.disguised([0]).text


def test_two_letters_that_stand_alone_stay_two_words() -> None:
    assert normalise("plan a b testing") == "pian a b testing"
    assert normalise("plan a b c testing") == "pian abc testing"


def test_a_batch_reads_as_its_texts_do_one_by_one() -> None:
    texts = ["one two", "", "t h r e e", "four\nlines", "Straße", "ŽŽŽ", "\ud800 lone"]
    form = symbols(texts).words()
    assert [line.strip(" ") for line in form.text.split("\n")[:-1]] == [normalise(each) for each in texts]


def test_every_letter_of_a_form_knows_where_it_came_from() -> None:
    texts = ["x", "a\u200bＢ  ﬁn"]
    form = symbols(texts).words()
    joined = PARTED.join(texts)
    letters = {joined[form.origins[n] - FIRST] for n, one in enumerate(form.text) if one == "f"}
    assert letters == {"ﬁ"}
    place = form.text.index("b")
    assert joined[form.origins[place] - FIRST] == "Ｂ"


def test_letters_of_scripts_whose_marks_are_vowels_keep_them() -> None:
    assert normalise("हिन्दी") != normalise("हनद")
    assert normalise("がか") != normalise("かか")
    assert normalise("مُحَمَّد") == normalise("محمد")
