"""Links are found as people write them, and told apart from what only looks like one."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.core.errors import ProjectError
from seawall.core.event import Event
from seawall.core.types import FieldType, Kind
from seawall.signals import KINDS, Detectors
from seawall.signals.links import find_links
from seawall.signals.links.imitation import Imitations
from seawall.testing import projects

BRANDS = projects.bank("brands", "paybuddy.example", "clipbay.example", match="domain")
SHORT = projects.bank("shorteners", "sho.example", match="domain")
TERMS = projects.bank("terms", "a")


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("hxxps://evil.example/x", "evil.example"),
        ("evil[.]example", "evil.example"),
        ("evil (dot) example", "evil.example"),
        ("evil[dot]museum", "evil.museum"),
        ("go to evil .com now", "evil.com"),
        ("https://good.example@evil.example/in", "evil.example"),
        ("h**p://evil.example", "evil.example"),
        ("http//www.evil.example", "evil.example"),
        ("www.evil. com/watch", "evil.com"),
    ],
)
def test_a_hidden_link_is_found_and_said_to_be_hidden(text: str, host: str) -> None:
    [link] = find_links(text)
    assert (link.host, link.hidden) == (host, True)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("ＷＷＷ．Ｓｈｏｐ．ｅｘａｍｐｌｅ", "shop.example"),
        ("shop\u200b.example", "shop.example"),
        ("https://сайт.рф", "сайт.рф"),
        ("xn--bcher-kva.example", "bücher.example"),
        ("t.me/somebody", "t.me"),
    ],
)
def test_a_link_is_found_in_any_letters(text: str, host: str) -> None:
    [link] = find_links(text)
    assert (link.host, link.hidden) == (host, False)


@pytest.mark.parametrize(
    "text",
    [
        "the red dot on the map",
        "now.It is late",
        "call me.in an hour",
        "read file.py",
        "wow...com",
        "me@mail.example",
        "v1.2",
        "http://www.word",
    ],
)
def test_what_only_looks_like_a_link_is_none(text: str) -> None:
    assert find_links(text) == []


@pytest.mark.parametrize(
    "text",
    ["http://192.0.2.1/a", "192.0.2.1", "http://3221225985", "http://0xc0000201/", "http://[2001:db8::1]/"],
)
def test_addresses_are_links_in_every_way_to_write_them(text: str) -> None:
    [link] = find_links(text)
    assert link.ip
    assert link.host in ("192.0.2.1", "2001:db8::1")


def test_a_link_stands_where_it_is_written() -> None:
    text = "ﬁrst ｄｅａｌｓ．example/a?b then"
    [link] = find_links(text)
    assert text[link.start : link.end] == "ｄｅａｌｓ．example/a?b"
    assert link.path == "/a?b"


@pytest.mark.parametrize(
    ("host", "of"),
    [
        ("paybuddy.example", None),
        ("www.paybuddy.example", None),
        ("раybuddy.example", "paybuddy.example"),  # Cyrillic
        ("p4ybuddy.example", "paybuddy.example"),
        ("paybudcly.example", "paybuddy.example"),
        ("payubddy.example", "paybuddy.example"),
        ("paybudd.example", "paybuddy.example"),
        ("paybuddy-login.example", "paybuddy.example"),
        ("paybuddy.login.example", None),
        ("paperclip.example", None),
    ],
)
def test_a_domain_imitates_one_that_it_reads_like(host: str, of: str | None) -> None:
    found = Imitations(BRANDS.entries).of(host)
    assert (found.of if found else None) == of


def _read(text: str, type_: FieldType, **options: str) -> Any:
    spec = projects.signal("s", kind="links", options=options)
    import msgspec

    spec = msgspec.structs.replace(spec, type=msgspec.structs.replace(type_, nullable=True))
    project = projects.project(signals=[spec], banks=[BRANDS, SHORT, TERMS])
    detectors = Detectors(project, KINDS)
    [reading] = detectors.read("s", [Event(id="e", type="comment", ts=0, fields={"text": text})])
    detectors.close()
    return reading.null or reading.value


TEXT, COUNT, TRUTH = FieldType(Kind.STRING), FieldType(Kind.INTEGER), FieldType(Kind.BOOLEAN)


@pytest.mark.parametrize(
    ("gives", "type_", "value", "without"),
    [
        ("count", COUNT, 3, 0),
        ("distinct", COUNT, 2, 0),
        ("domain", TEXT, "shop.co.uk", "absent"),
        ("host", TEXT, "a.shop.co.uk", "absent"),
        ("domains", FieldType(Kind.STRING, is_list=True), ("shop.co.uk", "192.0.2.1"), ()),
        ("port", COUNT, 8080, "absent"),
        ("ip", TRUTH, True, False),
        ("hidden", TRUTH, False, False),
        ("punycode", TRUTH, False, False),
    ],
)
def test_the_kind_gives_what_is_asked(gives: str, type_: FieldType, value: object, without: object) -> None:
    text = "https://a.shop.co.uk:443/ b.shop.co.uk http://192.0.2.1:8080/x"
    assert _read(text, type_, gives=gives) == value
    assert _read("no link", type_, gives=gives) == without


def test_lists_say_which_domains_shorten_and_which_are_imitated() -> None:
    assert _read("go.sho.example/x", TRUTH, gives="listed", list="shorteners") is True
    assert _read("other.example", TRUTH, gives="listed", list="shorteners") is False
    assert _read("paybuddy-help.example", TEXT, gives="imitates", list="brands") == "paybuddy.example"
    assert _read("paybuddy.example", TEXT, gives="imitates", list="brands") == "absent"


@pytest.mark.parametrize(
    ("type_", "options", "said"),
    [
        (TEXT, {"gives": "count"}, "gives: count has the type integer"),
        (TRUTH, {"gives": "listed"}, "needs the option 'list'"),
        (TRUTH, {"gives": "listed", "list": "short"}, "there is no list 'short'"),
        (TRUTH, {"gives": "listed", "list": "terms"}, "holds no domains: it matches words"),
    ],
)
def test_wrong_options_are_refused_with_the_reason(
    type_: FieldType, options: dict[str, str], said: str
) -> None:
    with pytest.raises(ProjectError) as error:
        _read("x", type_, **options)
    assert said in error.value.diagnostics[0].message
