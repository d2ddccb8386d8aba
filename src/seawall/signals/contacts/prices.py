"""Amounts of money in a text, with their currency."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAMES = """
USD us$ usd $ dollar dollars bucks usdt
SGD s$ sgd
AUD a$ aud
HKD hk$ hkd
EUR € eur euro euros
GBP £ gbp pounds quid
JPY ¥ jpy yen 円
CNY rmb cny 元 块
MYR rm myr ringgit
IDR rp idr rupiah
INR ₹ inr rs rupees
KRW ₩ krw 원
THB ฿ thb baht บาท
VND ₫ vnd
PHP ₱ php
CHF chf
BRL r$ brl
RUB ₽ rub
"""
_CODES: Mapping[str, str] = MappingProxyType(
    {name: line.split()[0] for line in _NAMES.strip().splitlines() for name in line.split()[1:]}
)
"""What a currency is called; `$` alone is taken for US dollars, `¥` for yen."""

_TIMES: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("k", "rb", "ribu", "thousand"), 1_000),
        **dict.fromkeys(("m", "mio", "jt", "juta", "million"), 1_000_000),
        "万": 10_000,
    }
)
_NUMBER = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_TIMES_RE = "|".join(sorted(_TIMES, key=len, reverse=True))
_WORDS = "|".join(name for name in _CODES if name.isascii() and name.isalpha() and len(name) <= 4)
_BEFORE = rf"(?:us|s|a|hk|r)\$|[$€£¥₹₩฿₫₱₽]|\b(?:{_WORDS})\b\.?"
_AFTER = "|".join(sorted((re.escape(each) for each in _CODES), key=len, reverse=True))
_PRICE = re.compile(
    rf"(?P<before>{_BEFORE})\s?(?P<one>{_NUMBER})\s?(?P<times>(?:{_TIMES_RE})\b)?"
    rf"|(?<![\w.,])(?P<two>{_NUMBER})\s?(?P<times2>(?:{_TIMES_RE})(?:\b|(?=[元块円])))?\s?"
    rf"(?P<after>{_AFTER})(?![A-Za-z])",
    re.IGNORECASE,
)


class Price(NamedTuple):
    """An amount of a currency (ISO 4217), and where it stands."""

    amount: float
    currency: str
    start: int
    end: int


def prices(text: str) -> Iterator[Price]:
    """The amounts of money in a text.

    >>> [(each.amount, each.currency) for each in prices("only $1,200.50 or Rp 50rb or 300 Euro")]
    [(1200.5, 'USD'), (50000.0, 'IDR'), (300.0, 'EUR')]
    """
    for match in _PRICE.finditer(text):
        unit = (match["before"] or match["after"]).lower().rstrip(".")
        times = _TIMES.get((match["times"] or match["times2"] or "").lower(), 1)
        yield Price(_amount(match["one"] or match["two"]) * times, _CODES[unit], *match.span())


def _amount(written: str) -> float:
    """A number whose thousands and decimals are told apart by how many digits follow."""
    whole, fraction = written, ""
    tail = re.search(r"[.,](\d{1,2})$", written)
    if tail:
        whole, fraction = written[: tail.start()], tail[1]
    return float(re.sub(r"\D", "", whole) + (f".{fraction}" if fraction else ""))
