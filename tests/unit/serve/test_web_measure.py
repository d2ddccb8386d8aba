"""The Measure page: what it shows is what `measure` computes, and every number opens its rows."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from door_fixtures import PASSWORD, Door, a_key, comment, open_small

from seawall.measure.model import About, Interval, Rows, known, too_few
from seawall.serve.auth.roles import Scope
from seawall.serve.web import gate
from seawall.serve.web.figures import duration, figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.serve.live import Live


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    patch = pytest.MonkeyPatch()
    patch.setattr(gate, "built", lambda: True)
    opened, _ = open_small(tmp_path_factory.mktemp("measure"))
    opened.start()
    events = [
        comment(n, actor_id=f"u{n}", link_domain="false-shop.example" if n < 3 else None) for n in range(9)
    ]
    Door(opened, **a_key(opened, Scope.ADMIN)).post("/v1/events", json=events)
    opened.store.project()
    yield opened
    opened.stop()
    patch.undo()


@pytest.fixture(scope="module")
def analyst(live: Live) -> Door:
    door = Door(live)
    token = re.search(r'name="form_token" value="([^"]+)"', door.get("/sign-in").text)
    assert token
    door.post(
        "/sign-in", data={"form_token": token[1], "name": "analyst", "password": PASSWORD, "next": "/measure"}
    )
    return door


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_before_labels_the_promise_bounds_and_the_page_says_so(analyst: Door) -> None:
    said = plain(analyst.get("/measure").text)
    assert "9 active accounts" in said
    assert "too few labels: have 0 of 30 needed" in said
    assert "bound by the promise, before labels" in said
    assert "0 to 100" in said  # three of nine touched, 3 % of them wrong at most: 100 per 10,000


def test_without_a_random_lane_the_page_says_what_to_do(analyst: Door) -> None:
    assert "declares no random_lane in seawall.yml" in plain(analyst.get("/measure").text)


def test_what_was_decided_and_acted_on_is_counted(analyst: Door) -> None:
    said = plain(analyst.get("/measure").text)
    assert re.search(r"comment SG – 9 3 0 100\.0 %", said)
    assert "By machines alone comment SG 100.0 % 43.9 % to 100.0 % n 3" in said


@pytest.mark.parametrize("hours", ["24", "168", "672", "-1", "x", ""])
def test_every_number_opens_its_rows(analyst: Door, hours: str) -> None:
    page = analyst.get("/measure", params={"hours": hours})
    assert page.status_code == 200
    links = {unescape(each) for each in re.findall(r'href="(/measure/rows[^"]+)"', page.text)}
    assert len(links) > 5
    for link in links:
        answer = analyst.get(link)
        assert answer.status_code == 200, link
    touched = next(link for link in links if "touched_rows" in link)
    assert "6 rows" in plain(analyst.get(touched).text)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 404),
        ("query=automation", 404),
        ("query=../secrets", 404),
        ("query=touched_rows", 400),
        ("query=touched_rows&strategy=x&since=1&until=99999999999999999999", 400),
        ("query=touched_rows&strategy=%00&since=1&until=x", 400),
        ("query=touched_rows&strategy='%3B--&since=1&until=2", 200),
        ("query=backlog_rows", 200),
        ("query=backlog_rows&queue=<b>", 200),
    ],
)
def test_addresses_that_nobody_printed_do_no_harm(analyst: Door, query: str, status: int) -> None:
    answer = analyst.get(f"/measure/rows?{query}")
    assert answer.status_code == status
    assert "<b>" not in answer.text


def test_no_colleague_is_a_number(analyst: Door) -> None:
    for query in ("precision&strategy=x&policy=p&version=", "time_to_verdict&queue=&now=5"):
        page = analyst.get(f"/measure/rows?query={query}&since=1&until=2").text
        assert not re.search("<th>(reviewer|holder)", page)


def test_a_figure_says_value_interval_n_and_method() -> None:
    about = About(name="precision", population="x", rows=Rows("precision", {"strategy": "s"}))
    interval = Interval(value=0.9, low=0.8, high=0.95, size=60, method="Wilson")
    shown = figure(known(interval, about, n=60, missing=40, half_width=0.05), promise=0.95)
    assert (shown.value, shown.interval) == ("90.0 %", "80.0 % to 95.0 %")
    assert shown.says == "n 60 · Wilson · 40 more labels wanted for ± 5 points"
    assert shown.href == "/measure/rows?query=precision&strategy=s"
    assert 'class="promise"' in shown.picture
    assert figure(too_few(about, have=12, needed=30)).says == "too few labels: have 12 of 30 needed"


def test_rates_and_times_have_their_units() -> None:
    interval = Interval(value=90, low=80, high=float("inf"), size=60, method="m")
    time = figure(known(interval, About(name="time.verdict.p99", population="x"), n=3))
    assert (time.value, time.interval) == ("1 min 30 s", "1 min 20 s or more")
    rate = figure(known(interval, About(name="disturb.user", population="x"), n=3))
    assert rate.value == "90"
    assert duration(3_600) == "1 h"
