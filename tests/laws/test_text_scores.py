"""Text models answer any text, a batch as its texts one by one, bytes as the weights within their bound."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.signals.text.kind import SHIPPED, shipped_path
from seawall.signals.text.language_eldc import EldcLanguage
from seawall.signals.text.linear import Linear, bound, quantised
from seawall.signals.text.ngrams import batches, grams
from seawall.signals.text.open import open_model
from seawall.signals.text.plain import LONGEST_PIECE, pieces, plain

POINTS = st.characters(codec=None, exclude_categories=())  # lone surrogates and what is not assigned, too
TEXTS = st.text(POINTS, max_size=60) | st.text(st.sampled_from("ab 1!@.ĳﷺ女人"), max_size=80)
MODEL = open_model(shipped_path("text-1"), detect=EldcLanguage(), digest=SHIPPED["text-1"])


@given(st.lists(TEXTS, max_size=12), st.data())
def test_a_batch_is_its_texts_one_by_one(texts: list[str], data: st.DataObject) -> None:
    languages = data.draw(
        st.lists(st.sampled_from([None, "en", "fr"]), min_size=len(texts), max_size=len(texts))
    )
    together = MODEL.scores(texts, languages)
    for row, (text, language) in enumerate(zip(texts, languages, strict=True)):
        alone = MODEL.scores([text], [language])
        assert np.array_equal(together.values[row], alone.values[0], equal_nan=True)
        assert {column: why for (at, column), why in together.nulls.items() if at == row} == {
            column: why for (_, column), why in alone.nulls.items()
        }


@given(TEXTS, st.sampled_from([None, "en", "fr", "xx"]))
def test_every_text_has_a_probability_or_a_reason(text: str, language: str | None) -> None:
    found = MODEL.scores([text], [language])
    for column, value in enumerate(found.values[0]):
        assert (0.0 <= value <= 1.0) != ((0, column) in found.nulls)


@given(st.lists(TEXTS, min_size=1, max_size=6), st.integers(0, 2**32))
def test_bytes_score_as_the_weights_they_stand_for_within_the_bound(texts: list[str], seed: int) -> None:
    weights = np.random.default_rng(seed).normal(size=(1024, 2))
    small, scales = quantised(weights)
    read = [plain(text) for text in texts]
    whole = _by_hand(weights, read)
    found = Linear(small, scales, np.zeros(2)).logits(read)
    for row, text in enumerate(read):
        counts = [(int((each.last - each.first)[0]), each.word) for each in grams([text])]
        words = sum(n for n, word in counts if word)
        characters = sum(n for n, word in counts if not word)
        assert (np.abs(found[row] - whole[row]) <= bound(scales, words, characters) + 1e-9).all()


def _by_hand(weights: np.ndarray, texts: list[str]) -> np.ndarray:
    """The sum an n-gram at a time, each text alone."""
    rows = []
    for text in texts:
        row = np.zeros(weights.shape[1])
        for word in (True, False):
            hashes = [
                int(value)
                for each in grams([text])
                if each.word is word
                for value in each.hashes[each.first[0] : each.last[0]]
            ]
            for value in hashes:
                row += weights[value >> 22] / np.sqrt(len(hashes))
        rows.append(row)
    return np.array(rows)


@given(st.lists(st.text("ab c", max_size=30), max_size=20))
def test_the_n_grams_of_a_text_do_not_depend_on_its_neighbours(texts: list[str]) -> None:
    together = list(grams(texts)) if texts else []
    for row, text in enumerate(texts):
        alone = list(grams([text]))
        for one, other in zip(together, alone, strict=True):
            assert np.array_equal(
                one.hashes[one.first[row] : one.last[row]], other.hashes[other.first[0] : other.last[0]]
            )


@given(st.lists(st.text(max_size=40), max_size=40))
def test_batches_are_all_texts_in_order(texts: list[str]) -> None:
    assert [text for some in batches(texts) for text in texts[some]] == texts


@given(st.integers(0, 3 * LONGEST_PIECE))
def test_pieces_leave_nothing_out(length: int) -> None:
    text = "".join(chr(0x4E00 + n % 20_000) for n in range(length))
    place = 0
    for piece in pieces(text):
        start = text.index(piece, max(0, place - LONGEST_PIECE)) if piece else 0
        assert start <= place
        assert len(piece) <= LONGEST_PIECE
        place = start + len(piece)
    assert place == length


@given(TEXTS)
def test_plain_is_plain(text: str) -> None:
    known = plain(text)
    assert known == " ".join(known.split())
    assert "@a" not in known


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "a" * 1_000_000, "\ud800" * 3_000, "\ufdfa" * 10_000, "a\u0301" * 20_000, "&#x" * 50_000,
     "@" * 50_000, "www." * 50_000, "\u202e\u2066" * 10_000, "\x00", "&#1114112;", "\U0010ffff"],
    ids=lambda text: f"{text[:3]!r} x {len(text)}",
)  # fmt: skip
def test_hostile_texts_are_answered(text: str) -> None:
    found = MODEL.scores([text, "fine"], ["en", "en"])
    assert np.isfinite(found.values[1]).all()
    assert np.isfinite(found.values[0]).all() or {found.nulls[0, 0]} == {"not_applicable"}


def test_a_hash_is_the_same_everywhere_and_always() -> None:
    """Fixed numbers: a model's buckets must mean the same on every machine and in every version."""
    texts = ["free coins 24/7", "你真好", "مرحبا", "ab\ud800c", "coooool", ""]
    digest = hashlib.sha256()
    for each in grams([plain(text) for text in texts]):
        for first, last in zip(each.first, each.last, strict=True):
            digest.update(each.hashes[first:last].astype("<u4").tobytes())
    first = next(iter(grams(["a"])))
    assert first.hashes.tolist() == [296833895]
    assert digest.hexdigest() == "b5e33f320d58e0c54fe34a18363145ea9833a1c714e7fecc6fed1303b7e8a7b3"
