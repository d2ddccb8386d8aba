"""Four languages say the same things, each in its own words."""

from __future__ import annotations

import re
import string
from importlib.resources import files

import pytest

from seawall.appeal.catalogue import catalogue, parse
from seawall.appeal.locales import LOCALES, choose_locale
from seawall.appeal.model import AppealOutcome, AppealState, ReportOutcome
from seawall.core.action import LADDERS

ENGLISH = catalogue("en").texts
SAME_EVERYWHERE = re.compile(r"date|list\.comma|month\..*|place\..*")
FOLDER = files("seawall.appeal") / "messages"


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_has_every_message_with_the_same_places_once(locale: str) -> None:
    texts = catalogue(locale).texts
    assert list(texts) == list(
        ENGLISH
    )  # in the same order too, so that a translator can lay them side by side
    assert {key: places(text) for key, text in texts.items()} == {
        key: places(text) for key, text in ENGLISH.items()
    }
    written = FOLDER.joinpath(f"{locale}.txt").read_text(encoding="utf-8")
    lines = [line for line in written.splitlines() if line.strip() and not line.startswith("#")]
    assert len(lines) == len(texts)
    assert all(texts.values())


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_nothing_is_left_in_english(locale: str) -> None:
    for key, text in catalogue(locale).texts.items():
        if not SAME_EVERYWHERE.fullmatch(key):
            assert text != ENGLISH[key], key
        said = re.sub(r"\{[a-z]+\}", "", text)
        assert not re.search(r"\b(the|your|you|we|this|that|and|of|is|are|was)\b", said, re.IGNORECASE), key


def test_chinese_is_written_in_chinese() -> None:
    for key, text in catalogue("zh").texts.items():
        letters = re.sub(r"\{[a-z]+\}", "", text)
        assert set(re.findall(r"[A-Za-z]+", letters)) <= {"UTC"}, key
        assert not re.search(r"[,.;:!?] ?$", letters), key


def test_malay_and_indonesian_are_not_taken_for_one_another() -> None:
    """Neighbours, and not the same: what each would never say."""
    malay = " ".join(catalogue("ms").texts.values())
    indonesian = " ".join(catalogue("id").texts.values())
    assert not re.search(r"\b(akun|komentar|tautan|hukum|unggah|banding|karena)\b", malay)
    assert not re.search(r"\b(akaun|komen|pautan|undang|siarkan|rayuan|kerana|ciri)\b", indonesian)


@pytest.mark.parametrize("locale", LOCALES)
def test_there_is_a_word_for_everything_that_can_be_done(locale: str) -> None:
    says = catalogue(locale)
    actions = {action for axis, ladder in LADDERS.items() for action in ladder if axis != "support"} - {
        "allow"
    }
    assert {action for action in actions if says.named("what", action) is None} == set()
    assert all(says.named("state", state) for state in AppealState)
    assert all(says.named("result", outcome) and says.named("title", outcome) for outcome in AppealOutcome)
    assert all(
        says.named("report", outcome) and says.named("report", f"changed_{outcome}")
        for outcome in ReportOutcome
    )


def test_a_language_we_do_not_speak_is_an_error_and_no_path() -> None:
    for locale in ("fr", "../en", ""):
        with pytest.raises(KeyError):
            catalogue(locale)


def test_a_missing_value_is_an_error_and_not_a_hole_in_a_letter() -> None:
    with pytest.raises(KeyError):
        catalogue("en").say("what.remove")


def test_words_of_people_are_never_read_as_places() -> None:
    assert catalogue("en").say("reference", id="{limit}") == "Reference: {limit}"
    assert parse("a: {x}: y") == {"a": "{x}: y"}


@pytest.mark.parametrize(
    ("locale", "language", "market", "spoken"),
    [
        ("ms-MY", "en", "US", "ms"),
        ("IN_id", None, None, "id"),
        ("zh-Hant-TW", None, None, "zh"),
        ("de", "zh", "DE", "zh"),
        ("de", "fr", "MY", "ms"),
        (None, None, "SG", "en"),
        ("", "", "", "en"),
        ("mshort", None, None, "en"),
    ],
)
def test_the_person_speaks_before_the_content_and_the_content_before_the_place(
    locale: str | None, language: str | None, market: str | None, spoken: str
) -> None:
    assert choose_locale(locale, language, market) == spoken
