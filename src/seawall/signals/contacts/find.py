"""What a text names to be reached or paid by, with where it stands and how it is compared."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from seawall.signals.contacts.checksums import (
    IBAN_LENGTHS,
    base58_version,
    is_bech32,
    is_ethereum,
    is_iban,
    is_luhn,
)
from seawall.signals.links import find_links

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class Named(NamedTuple):
    """One thing that a text names.

    Attributes:
        key: what equals for everything that names the same; to be hashed, not kept.
        start: its first character in the text.
        end: the one after the last.
    """

    key: str
    start: int
    end: int


_AT = r"(?:@|\s?[\[({]\s?(?:at|@)\s?[\])}]\s?|\sat\s(?=[\w-]+\sdot\s))"
_SAID = r"\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?|\sdot\s"
_EMAIL = re.compile(
    rf"(?<![\w.%+-])[\w.%+-]{{1,64}}{_AT}(?:[\w-]{{1,63}}(?:\.|{_SAID})){{1,4}}[a-z]{{2,24}}\b", re.IGNORECASE
)
_DOT = re.compile(_SAID, re.IGNORECASE)
_AT_SIGN = re.compile(_AT, re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.,/$€£¥#=&?-])(?:\+|00)?\(?\d(?:[\s().-]{0,2}\d){6,14}(?![\w%]|[.,:/-]\d)")
_ASKS = re.compile(
    r"(?:call|text|txt|sms|phone|tel|telp|mobile|cell|whats?\s?app|wa|hp|hubungi|nomor|number|contact|viber"
    r"|ring|dial|电话|手机|联系|加我|โทร|電話)\W{0,4}(?:\w{1,4}\W{1,2}){0,2}$",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d")
_LEAST, _MOST = 8, 15  # digits, E.164
_NATIONAL = range(9, 13)
_ASKED = range(8, 13)
_FEWEST_DIGITS = 3  # different ones; 000000000 is no number
_PLACES: Mapping[str, str] = MappingProxyType(
    {
        "t.me": "telegram",
        "telegram.me": "telegram",
        "telegram.dog": "telegram",
        "wa.me": "whatsapp",
        "wa.link": "whatsapp",
        "api.whatsapp.com": "whatsapp",
        "chat.whatsapp.com": "whatsapp",
        "line.me": "line",
        "lin.ee": "line",
        "discord.gg": "discord",
        "m.me": "messenger",
        "signal.me": "signal",
        "signal.group": "signal",
        "kik.me": "kik",
        "zalo.me": "zalo",
    }
)
_NAMED = re.compile(
    r"\b(telegram|tele|tg|whats?app|we\s?chat|weixin|vx|kik|snap(?:chat)?|line|discord|signal|viber|zalo|qq)"
    r"(?:\s?(?:id|handle|name|user|me))?\s?[:：=@]\s?@?([\w.-]{3,32})"
    r"|(微信|薇信|威信|v信|扣扣|飞机)号?\s?[:：]?\s?([A-Za-z0-9_-]{4,20})",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{1,4}){2,9}")
_CARD = re.compile(r"(?<![\w.+-])[2-6]\d{3}(?:[ -]?\d{2,6}){2,4}(?![\w-])")
_BASE58 = re.compile(r"(?<![A-Za-z0-9])[13T][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])")
_BECH32 = re.compile(r"(?<![A-Za-z0-9])bc1[ac-hj-np-z02-9]{11,71}(?![A-Za-z0-9])", re.IGNORECASE)
_ETHEREUM = re.compile(r"(?<![A-Za-z0-9])0x[0-9a-fA-F]{40}(?![A-Za-z0-9])")
_VERSIONS: Mapping[str, tuple[int, ...]] = MappingProxyType({"1": (0,), "3": (5,), "T": (0x41,)})
_PAY: Mapping[str, str] = MappingProxyType(
    {
        "paypal.me": "paypal",
        "cash.app": "cashapp",
        "venmo.com": "venmo",
        "revolut.me": "revolut",
        "ko-fi.com": "kofi",
    }
)
_CASHTAG = re.compile(r"(?:cash\s?app|cashtag)\W{0,3}(?:is\s)?(\$[A-Za-z][\w]{1,19})", re.IGNORECASE)


def emails(text: str) -> Iterator[Named]:
    """Mail addresses, also as "name (at) site (dot) example"."""
    if "@" in text or " at " in text or "at" in text.lower():
        for match in _EMAIL.finditer(text):
            key = _DOT.sub(".", _AT_SIGN.sub("@", match[0])).lower()
            yield Named(key, *match.span())


def phones(text: str) -> Iterator[Named]:
    """Telephone numbers: with a country, or asked to be called, or of 9 to 11 digits in groups; no dates."""
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        written = match[0]
        if (
            not _LEAST <= len(digits.removeprefix("00")) <= _MOST
            or _DATE.search(written)
            or len(set(digits)) < 3
        ):
            continue
        country = written.startswith(("+", "00"))
        grouped = len(digits) in _NATIONAL and digits != written and written[0] in "0(123456789"
        before = text[max(0, match.start() - 40) : match.start()]
        asked = len(digits) in _ASKED and _ASKS.search(before) is not None
        if country or asked or (grouped and (digits[0] == "0" or "-" in written or "(" in written)):
            yield Named(digits.removeprefix("00") if country else digits, *match.span())


def messengers(text: str) -> Iterator[Named]:
    """Names on messengers: links to them, and "telegram: name"."""
    for link in find_links(text):
        place = _PLACES.get(link.host)
        if place and len(link.path) > 1:
            yield Named(f"{place}:{link.path.strip('/').partition('?')[0].lower()}", link.start, link.end)
    for match in _NAMED.finditer(text):
        place = (match[1] or match[3]).lower()
        yield Named(f"{place}:{(match[2] or match[4]).lower()}", *match.span())


def ibans(text: str) -> Iterator[Named]:
    """Bank accounts, by length and checksum; what follows the last group is left out."""
    for match in _IBAN.finditer(text):
        wanted = IBAN_LENGTHS.get(match[0][:2], 0)
        account, end = "", match.start()
        for character in match[0]:
            if len(account) == wanted:
                break
            account += character if character.isalnum() else ""
            end += 1
        if is_iban(account):
            yield Named(account, match.start(), end)


def cards(text: str) -> Iterator[Named]:
    """Payment cards: digits of an issuer's length that end in their check digit."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if _is_card_length(digits) and len(set(digits)) > 1 and is_luhn(digits):
            yield Named(digits, *match.span())


def _is_card_length(digits: str) -> bool:
    if digits.startswith(("34", "37")):
        return len(digits) == 15
    return len(digits) == 16 or (digits.startswith("62") and 16 <= len(digits) <= 19)


def wallets(text: str) -> Iterator[Named]:
    """Addresses of Bitcoin, Tron and Ethereum, by checksum; an Ethereum address of one case has none."""
    for match in _BASE58.finditer(text):
        if base58_version(match[0]) in _VERSIONS[match[0][0]]:
            yield Named(match[0], *match.span())
    for match in _BECH32.finditer(text):
        if is_bech32(match[0]):
            yield Named(match[0].lower(), *match.span())
    for match in _ETHEREUM.finditer(text):
        if is_ethereum(match[0]):
            yield Named(match[0].lower(), *match.span())


def handles(text: str) -> Iterator[Named]:
    """Names to be paid by: links of payment services, and cashtags."""
    for link in find_links(text):
        place = _PAY.get(link.host)
        if place and len(link.path) > 1:
            yield Named(f"{place}:{link.path.strip('/').partition('?')[0].lower()}", link.start, link.end)
    for match in _CASHTAG.finditer(text):
        yield Named(f"cashapp:{match[1].lower()}", *match.span())


FINDERS: Mapping[str, Callable[[str], Iterator[Named]]] = MappingProxyType(
    {
        "email": emails,
        "phone": phones,
        "messenger": messengers,
        "iban": ibans,
        "card": cards,
        "wallet": wallets,
        "handle": handles,
    }
)
"""What the option `what` may be, beside `price`, `contact` and `payment`."""

TOGETHER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"contact": ("email", "phone", "messenger"), "payment": ("iban", "card", "wallet", "handle")}
)
"""Words for several."""
