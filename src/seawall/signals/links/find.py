"""The links of a text, as written or in their usual disguises."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from seawall.signals.forms.look_alikes import invisible
from seawall.signals.links.suffixes_tldextract import parts_of

_ENDINGS = """
com net org info biz shop store online site xyz top club live app dev io co tv gg ly link click vip win eu
example sg id ph th vn jp kr cn tw hk au nz uk de fr es nl pl se fi dk pt br mx ar ca ru tr ai cc pro icu
website pw ch cz hu ro bg gr ie il za ng ke eg sa ae pk bd lk cloud tech
"""
COMMON = frozenset(_ENDINGS.split())
"""Endings with which a bare name is a link; others (`me`, `it`: words) need a scheme, `www.` or a path."""

_DOTS = "。．｡․•·"
_DOT = r"(?:(?:\s\.|\.\s)(?=(?:com|net|org)\b)|\s?[\[({<]\s?(?:\.|dot|punkt|punto)\s?[\])}>]\s?|\sdot\s|\.)"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = rf"{_LABEL}(?:{_DOT}{_LABEL}){{1,8}}"
_SCHEME = r"(?P<scheme>h(?:tt|xx|\*\*|__)ps?\s?(?:\[?:\]?|：)?\s?//)"
_TAIL = r"(?P<port>:\d{1,5})?(?P<path>[/?#][^\s<>\"]*)?"
_OTHER_TAIL = _TAIL.replace("port", "port2").replace("path", "path2")
_ADDRESS = r"\[[0-9a-f:.]{2,45}\]|0x[0-9a-f]{1,8}|\d{1,10}"
_LINK = re.compile(
    rf"{_SCHEME}(?P<user>[^\s/@]{{1,99}}@)?(?P<any>{_HOST}|{_ADDRESS}){_TAIL}"
    rf"|(?<![\w.@/-])(?P<bare>{_HOST})(?![\w-]*(?:\s?\(at\)\s?|@)){_OTHER_TAIL}"
)
_SCHEMES = re.compile("https?://")
_HINT = re.compile(rf"[.{_DOTS}]|dot|://|punkt|punto", re.IGNORECASE)
_ANY_DOT = re.compile(_DOT)


class Link(NamedTuple):
    """One link.

    Attributes:
        host: lower case, in letters rather than in punycode, without `www.`; or an address.
        start: the first character of it in the text.
        end: the one after the last.
        port: as written; None without one.
        path: with query and fragment; empty without.
        hidden: written so that a reader understands it and a filter does not, or with a name before `@`.
        ip: the host is an address.
        punycode: it is written in punycode.
    """

    host: str
    start: int
    end: int
    port: int | None = None
    path: str = ""
    hidden: bool = False
    ip: bool = False
    punycode: bool = False

    @property
    def domain(self) -> str:
        """The registrable domain, or the host where there is none."""
        return self.host if self.ip else parts_of(self.host).registrable or self.host


def find_links(text: str) -> list[Link]:
    """The links of a text, in order.

    >>> [(link.host, link.hidden) for link in find_links("hxxps://Shop[.]example/x, www.a.example, not v1.2")]
    [('shop.example', True), ('a.example', False)]
    """
    if not _HINT.search(text):
        return []
    plain, places = _plain(text)
    found: list[Link] = []
    for match in _LINK.finditer(plain):
        link = _link(match)
        if link is not None:
            end = match.end()
            if places is not None:
                start, end = places[match.start()], places[end - 1] + 1
                link = link._replace(start=start, end=end)
            found.append(link)
    return found


def _link(match: re.Match[str]) -> Link | None:
    written = match["any"] or match["bare"]
    dotted = _ANY_DOT.sub(".", written)
    port, path = match["port"] or match["port2"], match["path"] or match["path2"] or ""
    address = _address(dotted, scheme=match["any"] is not None)
    host = str(address) if address else dotted.strip("-.")
    if not address and not _is_host(host, match, disguised=written != dotted, more=bool(port or path)):
        return None
    return Link(
        host=letters(host.removeprefix("www.")),
        start=match.start(),
        end=match.end(),
        port=int(port[1:]) if port else None,
        path=path,
        hidden=written != dotted
        or match["user"] is not None
        or not _SCHEMES.match(match["scheme"] or "http://"),
        ip=address is not None,
        punycode="xn--" in host,
    )


def _is_host(host: str, match: re.Match[str], *, disguised: bool, more: bool) -> bool:
    ending = host.rpartition(".")[2]
    if match["any"] is not None or host.startswith("www."):
        return "." in host.removeprefix("www.") and (ending.isalpha() or ending.startswith("xn--"))
    if ending in COMMON:
        return True
    return (more or (disguised and " dot " not in match["bare"])) and bool(parts_of(host).registrable)


def _address(host: str, *, scheme: bool) -> IPv4Address | IPv6Address | None:
    """An address, where the host is one; as a bare number or in hexadecimal only after a scheme."""
    try:
        if host.startswith("["):
            return ip_address(host[1:-1])
        if host.startswith("0x"):
            return IPv4Address(int(host, 16))
        if host.isdigit():
            return IPv4Address(int(host)) if scheme and int(host) > 0xFFFF else None
        return IPv4Address(host) if host[0].isdigit() else None
    except ValueError:
        return None


@lru_cache(maxsize=16_384)
def letters(host: str) -> str:
    """A host with punycode undone, as far as it can be.

    >>> letters("xn--bcher-kva.example")
    'bücher.example'
    """
    if "xn--" not in host:
        return host
    labels: list[str] = []
    for label in host.split("."):
        try:
            labels.append(label[4:].encode().decode("punycode") if label.startswith("xn--") else label)
        except (UnicodeError, ValueError, OverflowError):
            labels.append(label)
    return ".".join(labels)


def _plain(text: str) -> tuple[str, list[int] | None]:
    """Lower case, wide letters narrow, dots as dots, nothing invisible; and where each came from."""
    if text.isascii():
        return text.lower(), None
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        made = _narrow(character)
        letters.append(made)
        places += [place] * len(made)
    return "".join(letters), places


@lru_cache(maxsize=8_192)
def _narrow(character: str) -> str:
    if character in _DOTS:
        return "." if character not in "•·" else character
    if invisible(character) and not unicodedata.combining(character):
        return ""
    made = unicodedata.normalize("NFKC", character).lower()
    return character if len(made) != 1 else made
