"""Contact details and payment are found, told apart from other numbers, and never kept."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.core.errors import ProjectError
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.signals import KINDS, Detectors
from seawall.signals.contacts.find import FINDERS
from seawall.signals.contacts.prices import prices
from seawall.testing import projects

THROWAWAY = projects.bank("mail/disposable", "tenminutes.example", match="domain")


def _keys(what: str, text: str) -> list[str]:
    return [one.key for one in FINDERS[what](text)]


@pytest.mark.parametrize(
    ("what", "text", "key"),
    [
        ("email", "write to Jo.Tan@mail.example!", "jo.tan@mail.example"),
        ("email", "jo (at) mail [dot] example", "jo@mail.example"),
        ("email", "jo at mail dot example", "jo@mail.example"),
        ("phone", "+65 9123-4567", "6591234567"),
        ("phone", "whatsapp me 91234567", "91234567"),
        ("phone", "(021) 555-01234", "02155501234"),
        ("phone", "0812 3456 7890 call", "081234567890"),
        ("messenger", "https://t.me/Seller?x=1", "telegram:seller"),
        ("messenger", "wa.me/6591234567", "whatsapp:6591234567"),
        ("messenger", "Telegram: @seller_1", "telegram:seller_1"),
        ("messenger", "加微信：abc12345", "微信:abc12345"),
        ("iban", "pay to DE89 3704 0044 0532 0130 00 today", "DE89370400440532013000"),
        ("iban", "GB82WEST12345698765432", "GB82WEST12345698765432"),
        ("card", "4111-1111-1111-1111", "4111111111111111"),
        ("card", "3782 822463 10005", "378282246310005"),
        ("wallet", "btc 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
        (
            "wallet",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        ),
        (
            "wallet",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        ),
        ("handle", "paypal.me/Seller", "paypal:seller"),
        ("handle", "cash app is $Seller", "cashapp:$seller"),
    ],
)
def test_it_is_found_in_the_form_in_which_it_is_compared(what: str, text: str, key: str) -> None:
    assert (_keys(what, text) or [None])[-1] == key


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("email", "meet me at the mall"),
        ("phone", "born 1998-12-31, 12.30 o'clock"),
        ("phone", "1234567890 views, 12,345,678,901 likes"),
        ("phone", "page?id=543627485763966"),
        ("phone", "$1234567890 call 00000000"),
        ("messenger", "the line: we wait"),
        ("iban", "DE89 3704 0044 0532 0130 01"),
        ("iban", "AB12 3456 7890 1234"),
        ("card", "4111 1111 1111 1112"),
        ("card", "543627485763966"),
        ("wallet", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3"),
        ("wallet", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed"),
        ("handle", "I spent $Seller"),
    ],
)
def test_what_only_looks_like_it_is_left(what: str, text: str) -> None:
    assert [key for key in _keys(what, text) if key != "line:we"] == []


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("only $1,200.50!", 1200.5, "USD"),
        ("1.200,50 €", 1200.5, "EUR"),
        ("S$5k", 5000, "SGD"),
        ("Rp 50rb", 50_000, "IDR"),
        ("3万元", 30_000, "CNY"),
        ("RM 99.90", 99.9, "MYR"),
    ],
)
def test_prices_have_amount_and_currency(text: str, amount: float, currency: str) -> None:
    assert [(each.amount, each.currency) for each in prices(text)] == [(amount, currency)]


def _read(text: str, type_: Kind, **options: str) -> Any:
    spec = projects.signal("s", kind="contacts", type_=type_, options=options)
    project = projects.project(signals=[spec], banks=[THROWAWAY])
    detectors = Detectors(project, KINDS)
    [reading] = detectors.read("s", [Event(id="e", type="comment", ts=0, fields={"text": text})])
    detectors.close()
    return reading


def test_the_same_contact_is_counted_once_in_any_writing() -> None:
    text = "Jo@mail.example or jo (at) mail (dot) example, ＋６５ 9123 4567"
    assert _read(text, Kind.INTEGER, what="contact", gives="count").value == 2
    assert _read("hello", Kind.INTEGER, what="contact", gives="count").value == 0


def test_a_key_links_texts_and_cannot_be_read() -> None:
    one = _read("Jo@mail.example", Kind.HASH, what="email", gives="key")
    other = _read("ask jo at mail dot example", Kind.HASH, what="email", gives="key")
    assert one.value == other.value
    assert "jo" not in str(one)
    assert _read("hello", Kind.HASH, what="email", gives="key").null == "absent"


def test_evidence_says_where() -> None:
    assert _read("x Jo@mail.example", Kind.INTEGER, what="email", gives="count").evidence == (
        "characters 2 to 17",
    )


def test_disposable_mail_is_told_by_a_list() -> None:
    text = "a@b.tenminutes.example c@mail.example"
    assert _read(text, Kind.INTEGER, what="email", gives="count", list="mail/disposable").value == 1


def test_prices_give_the_highest_of_a_currency() -> None:
    text = "$5, $20, €90"
    assert _read(text, Kind.NUMBER, what="price", gives="highest", currency="USD").value == 20.0
    assert _read(text, Kind.INTEGER, what="price", gives="count").value == 3
    assert _read("x", Kind.NUMBER, what="price", gives="highest", currency="USD").null == "absent"


@pytest.mark.parametrize(
    ("type_", "options", "said"),
    [
        (Kind.NUMBER, {"what": "email", "gives": "count"}, "gives: count has the type integer"),
        (Kind.NUMBER, {"what": "email", "gives": "highest"}, "what: email does not give highest"),
        (Kind.HASH, {"what": "price", "gives": "key"}, "what: price does not give key"),
        (Kind.NUMBER, {"what": "price", "gives": "highest"}, "needs the option 'currency'"),
        (Kind.INTEGER, {"what": "fax", "gives": "count"}, "what 'fax' is not known"),
        (Kind.INTEGER, {"what": "phone", "gives": "count", "list": "mail/disposable"}, "list goes with what"),
    ],
)
def test_wrong_options_are_refused_with_the_reason(type_: Kind, options: dict[str, str], said: str) -> None:
    with pytest.raises(ProjectError) as error:
        _read("x", type_, **options)
    assert said in error.value.diagnostics[0].message
