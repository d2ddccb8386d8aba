"""The links of a text: how many, and the domain of the first; usual disguises of a dot are read as dots."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from seawall.core.decision import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.policy.model import Project, SignalSpec
    from seawall.signals.ports import Input

_ENDINGS = frozenset(
    [
        *(
            "com",
            "net",
            "org",
            "info",
            "biz",
            "shop",
            "store",
            "online",
            "site",
            "xyz",
            "top",
            "club",
            "live",
        ),
        *("app", "dev", "io", "co", "me", "tv", "gg", "ly", "link", "click", "vip", "win", "eu", "example"),
        *(
            "sg",
            "id",
            "my",
            "ph",
            "th",
            "vn",
            "jp",
            "kr",
            "cn",
            "tw",
            "hk",
            "in",
            "au",
            "nz",
            "uk",
            "de",
            "fr",
        ),
        *("es", "it", "nl", "pl", "se", "no", "fi", "dk", "pt", "br", "mx", "ar", "us", "ca", "ru", "tr"),
    ]
)
_DOTS = str.maketrans(dict.fromkeys("。．｡․", "."))
_DISGUISE = re.compile(r"\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?|\sdot\s")
_LINK = re.compile(r"(https?://|(?<![\w.@-]))([\w-]{1,63}(?:\.[\w-]{1,63}){1,8})(?![\w.-]{0,99}@)")

ABSENT = Reading(null="absent")


def domains_of(text: str) -> list[str]:
    """The domain of every link, in order, lower case and without `www.`.

    >>> domains_of("see https://Shop.Example/a?b and deals[.]example, not v1.2 or me@mail.example")
    ['shop.example', 'deals.example']
    """
    plain = unicodedata.normalize("NFKC", text.translate(_DOTS)).lower()
    if "." not in plain and "dot" not in plain:
        return []
    found: list[str] = []
    for scheme, host in _LINK.findall(_DISGUISE.sub(".", plain)):
        ending = host.rpartition(".")[2]
        if ending in _ENDINGS or (ending.isalpha() and (scheme or host.startswith("www."))):
            found.append(host.removeprefix("www."))
    return found


class LinkCount:
    """How many links a text holds."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        del spec, project  # it has no options

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The number of links."""
        return [Reading(len(domains_of(str(each.value)))) for each in inputs]


class LinkDomain:
    """The first domain a text links to."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        del spec, project  # it has no options

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The domain; NULL `absent` where there is no link."""
        first = [next(iter(domains_of(str(each.value))), None) for each in inputs]
        return [ABSENT if domain is None else Reading(domain) for domain in first]
