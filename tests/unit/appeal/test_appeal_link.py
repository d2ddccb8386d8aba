"""A link opens one notice, for a time, and tells a stranger nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.appeal.link import LinkKey, Links, mark, read_keys
from seawall.appeal.post import Post
from seawall.core.errors import NotFound, UsageError

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = LinkKey("k1", b"1" * 32), LinkKey("k2", b"2" * 32)
NOTICE = "0123456789abcdef" * 2
LINKS = Links([NEW, OLD], "https://platform.example/")


def token(links: Links = LINKS, *, expires: int = 100) -> str:
    return links.sign(links.claim(NOTICE, expires=expires))


def test_it_opens_its_notice_until_it_expires() -> None:
    assert LINKS.notice_of(token(), now=99) == NOTICE
    with pytest.raises(NotFound):
        LINKS.notice_of(token(), now=100)
    assert LINKS.url(LINKS.claim(NOTICE, expires=100)) == f"https://platform.example/n/{token()}"


@given(st.data())
def test_nobody_can_change_a_sign_of_it(data: st.DataObject) -> None:
    whole = token()
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda sign: sign != whole[place]))
    with pytest.raises(NotFound):
        LINKS.notice_of(whole[:place] + other + whole[place + 1 :], now=0)


@given(st.text())
def test_anything_else_is_refused_in_the_same_words(text: str) -> None:
    with pytest.raises(NotFound) as refused:
        LINKS.notice_of(text, now=0)
    with pytest.raises(NotFound) as expired:
        LINKS.notice_of(token(), now=100)
    assert refused.value.message == expired.value.message


def test_a_key_can_be_changed_without_breaking_links_and_withdrawn_to_break_them() -> None:
    before = token(Links([OLD], "https://x"))
    assert LINKS.notice_of(before, now=0) == NOTICE
    with pytest.raises(NotFound):
        Links([NEW], "https://x").notice_of(before, now=0)
    assert token().split(".")[1] == "k2"


def test_a_signature_for_another_purpose_opens_nothing() -> None:
    with pytest.raises(NotFound):
        LINKS.notice_of(LINKS.sign(f"report.k2.{NOTICE}.100"), now=0)


def test_a_key_never_shows_its_secret() -> None:
    assert "2222" not in repr(NEW)
    with pytest.raises(UsageError, match="can be guessed"):
        Links([LinkKey("k", b"short")], "https://x")
    with pytest.raises(UsageError, match="no key"):
        Links([], "https://x")


def test_keys_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "links.key"
    path.write_text(f"k2 {'32' * 32}\n\nk1 {'31' * 32}\n")
    assert read_keys(path) == (NEW, OLD)
    path.write_text("k1 not-hexadecimal\n")
    with pytest.raises(UsageError) as caught:
        read_keys(path)
    assert str(caught.value.span) == f"{path}:1:1" or caught.value.span.line == 1
    with pytest.raises(UsageError, match="cannot be read"):
        read_keys(tmp_path / "none")


def test_a_message_is_completed_as_it_leaves_and_only_in_its_own_place() -> None:
    post = Post(links=LINKS)
    claim = LINKS.claim(NOTICE, expires=100)
    assert f'"link":"https://platform.example/n/{token()}"' in post.complete(f'{{"link":"{mark(claim)}"}}')
    elsewhere = f'{{"link":null,"text":"{mark(claim)}"}}'
    assert post.complete(elsewhere) == elsewhere
    withdrawn = Post(links=Links([OLD], "https://x"))
    assert withdrawn.complete(f'{{"link":"{mark(claim)}"}}') == '{"link":null}'
    assert Post().complete(f'{{"link":"{mark(claim)}"}}') == '{"link":null}'
