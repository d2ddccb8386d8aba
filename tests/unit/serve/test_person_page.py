"""A person opens the link in a notice, understands, answers, and follows what becomes of it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from door_fixtures import Door
from person_fixtures import judged, open_with_people, path_of, removed
from sqlalchemy import func, select

from seawall.appeal.appeals import APPEALS, appeal_of
from seawall.appeal.catalogue import catalogue
from seawall.appeal.locales import LOCALES
from seawall.review.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx import Response

    from seawall.core.clock import FixedClock
    from seawall.serve.live import Live


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Live, FixedClock]]:
    live, clock = open_with_people(tmp_path_factory.mktemp("person"))
    yield live, clock
    live.stop()


@pytest.fixture
def live(opened: tuple[Live, FixedClock]) -> Live:
    return opened[0]


@pytest.fixture
def door(live: Live) -> Door:
    return Door(live)


def plain(answer: Response) -> str:
    body = re.sub(r"<style.*?</style>", "", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_it_says_what_where_why_and_who_decided(live: Live, door: Door) -> None:
    said = plain(door.get(path_of(live, removed(live, "what", locale="en-SG"))))
    for part in (
        "We removed your comment.",
        "Your account received a strike.",
        "This applies everywhere.",
        "The reason is this rule, “Shops”: A link to a",
        "It is one of the rules of our platform.",
        "An automated system decided this. No person has looked at it yet.",
        "Reference: cwhat",
        "You can answer until 21 May 2027",
    ):
        assert part in said, said


@pytest.mark.parametrize("locale", LOCALES)
def test_it_speaks_the_persons_language_and_the_others_are_a_link_away(
    live: Live, door: Door, locale: str
) -> None:
    path = path_of(live, removed(live, f"speaks-{locale}", locale=locale))
    page = door.get(path)
    says = catalogue(locale)
    assert f'<html lang="{locale}">' in page.text
    assert says.say("by.machine") in plain(page)
    assert says.say("page.send") in plain(page)
    other = next(each for each in LOCALES if each != locale)
    assert catalogue(other).say("page.send") in plain(door.get(f"{path}?lang={other}"))
    assert says.say("page.send") in plain(door.get(f"{path}?lang=xx"))


def test_an_answer_is_taken_followed_and_undone_where_it_was_right(
    opened: tuple[Live, FixedClock], door: Door
) -> None:
    live, clock = opened
    path = path_of(live, removed(live, "right", locale="ms"))
    form = {"text": "Ini kedai saya sendiri.\r\nBenar.", "evidence": "https://kedai.example\r\n\r\n"}
    sent = door.post(path, data=form)
    assert sent.status_code == 303
    assert sent.headers["location"] == f"{path}?sent=1"
    says = catalogue("ms")
    page = plain(door.get(sent.headers["location"]))
    for part in (
        says.say("page.sent"),
        says.say("state.received"),
        "Ini kedai saya sendiri.",
        "https://kedai.example",
    ):
        assert part in page
    assert "<form" not in door.get(path).text
    judged(live, clock, Outcome.NO_VIOLATION)
    after = plain(door.get(path))
    assert says.say("title.overturned") in after
    assert says.say("outcome.sorry") in after
    assert "bea" not in after


def test_where_the_decision_stays_it_says_so_with_the_rule(
    opened: tuple[Live, FixedClock], door: Door
) -> None:
    live, clock = opened
    path = path_of(live, removed(live, "stays", locale="en"))
    door.post(path, data={"text": "It was a joke."})
    judged(live, clock, Outcome.VIOLATES, "spam/links#c1")
    assert "We looked again, and our decision stays" in plain(door.get(path))
    assert "Our decision stays." not in plain(door.get(path))
    assert catalogue("zh").say("result.upheld") in plain(door.get(f"{path}?lang=zh"))


@pytest.mark.parametrize(
    ("text", "evidence", "key"),
    [
        ("", "", "empty"),
        (" \r\n\u200b ", "", "empty"),
        ("x" * 4001, "", "long"),
        ("why", "\n".join("https://a.example" for _ in range(6)), "long"),
        ("why", "https://a.example/" + "x" * 1000, "long"),
    ],
)
def test_what_does_not_fit_is_said_kindly_and_nothing_is_lost(
    live: Live, door: Door, text: str, evidence: str, key: str
) -> None:
    notice = removed(live, f"fit{abs(hash((text, evidence)))}", locale="id")
    answer = door.post(path_of(live, notice), data={"text": text, "evidence": evidence})
    assert answer.status_code == 422
    assert catalogue("id").say(f"page.{key}") in plain(answer)
    assert text.strip()[:50] in unescape(answer.text)
    with live.store.ledger.read() as connection:
        assert appeal_of(connection, notice.notice_id) is None


def test_there_is_one_answer_and_the_same_twice_is_one(live: Live, door: Door) -> None:
    notice = removed(live, "once", locale="en")
    path = path_of(live, notice)
    assert [door.post(path, data={"text": "mine"}).status_code for _ in range(3)] == [303, 303, 303]
    other = door.post(path, data={"text": "something else"})
    assert other.status_code == 409
    assert catalogue("en").say("page.already") in plain(other)
    assert "something else" not in plain(other)
    with live.store.ledger.read() as connection:
        count = select(func.count()).where(APPEALS.c.notice_id == notice.notice_id)
        assert connection.scalar(count) == 1


def test_a_wrong_or_expired_link_tells_nothing(opened: tuple[Live, FixedClock]) -> None:
    live, clock = opened
    notice = removed(live, "wrong")
    good = path_of(live, notice)
    links = live.outgoing.post.links
    assert links
    ended = links.url(links.claim(notice.notice_id, expires=clock.now() - 1)).removeprefix(
        "https://safety.platform.example"
    )
    unknown = links.url(links.claim("f" * 32, expires=clock.now() + 10**12)).removeprefix(
        "https://safety.platform.example"
    )
    for path in (
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        ended,
        unknown,
        "/n/x",
        "/n/%00",
        "/n/" + "a" * 5000,
    ):
        door = Door(live)
        for answer in (door.get(path), door.post(path, data={"text": "hello"})):
            assert answer.status_code in {404, 429}
            assert "cwrong" not in answer.text
        live.throttle.succeeded("link:127.0.0.1")
    said = Door(live).get("/n/x", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert catalogue("zh").say("page.gone") in plain(said)


def test_guessing_has_to_wait_and_a_good_link_never_does(live: Live, door: Door) -> None:
    good = path_of(live, removed(live, "guess"))
    for _ in range(6):
        last = door.get("/n/notice.k1.guess")
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) >= 1
    assert door.get(good).status_code == 200
    live.throttle.succeeded("link:127.0.0.1")


def test_after_the_time_there_is_no_form(opened: tuple[Live, FixedClock]) -> None:
    live, clock = opened
    notice = removed(live, "late", locale="en")
    path = path_of(live, notice)
    assert notice.appeal_until
    before, clock.micros = clock.micros, notice.appeal_until + 1
    try:
        assert Door(live).get(path).status_code == 404  # the link ends with the time to appeal
    finally:
        clock.micros = before


def test_the_page_is_sealed_off(live: Live, door: Door) -> None:
    path = path_of(live, removed(live, "sealed"))
    for answer in (door.get(path), door.post(path, data={"text": ""}), door.get("/n/none")):
        assert "script" not in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert "set-cookie" not in answer.headers
        assert "<script" not in answer.text
        assert "style=" not in answer.text


def test_what_a_person_writes_is_never_markup(live: Live, door: Door) -> None:
    path = path_of(live, removed(live, "markup"))
    door.post(path, data={"text": "<img src=x onerror=alert(1)>", "evidence": "javascript:alert(1)"})
    page = door.get(path).text
    assert "<img" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("body", [b"\xff\xfe", b"text=%ff", b"&" * 500, b"text=" + b"x" * 200_000, b"{}"])
def test_a_body_that_is_no_form_does_no_harm(live: Live, door: Door, body: bytes) -> None:
    notice = removed(live, f"body{len(body)}{body[:2].hex()}")
    answer = door.post(
        path_of(live, notice), content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code in {413, 422}
    assert "<form" in answer.text
