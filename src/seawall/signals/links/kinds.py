"""The kinds of signal about links."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.types import FieldType, Kind
from seawall.policy.conditions.banks import host as as_host
from seawall.signals.links.find import find_links
from seawall.signals.links.imitation import Imitations
from seawall.signals.options import choice_of, domains_of, refusal
from seawall.signals.ports import SignalKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seawall.core.types import Value
    from seawall.policy.model import Bank, Project, SignalSpec
    from seawall.signals.links.find import Link
    from seawall.signals.ports import Input

_TEXT = FieldType(Kind.STRING)
_COUNT = FieldType(Kind.INTEGER)
_TRUTH = FieldType(Kind.BOOLEAN)
_ABSENT = Reading(null="absent")
_USUAL = (80, 443)

GIVES: Mapping[str, tuple[FieldType, Callable[[Sequence[Link]], Value]]] = MappingProxyType(
    {
        "count": (_COUNT, len),
        "distinct": (_COUNT, lambda links: len({link.domain for link in links})),
        "domain": (_TEXT, lambda links: links[0].domain if links else None),
        "host": (_TEXT, lambda links: links[0].host if links else None),
        "domains": (
            FieldType(Kind.STRING, is_list=True),
            lambda links: tuple(dict.fromkeys(link.domain for link in links)),
        ),
        "port": (
            _COUNT,
            lambda links: next((link.port for link in links if link.port and link.port not in _USUAL), None),
        ),
        "ip": (_TRUTH, lambda links: any(link.ip for link in links)),
        "hidden": (_TRUTH, lambda links: any(link.hidden for link in links)),
        "punycode": (_TRUTH, lambda links: any(link.punycode for link in links)),
    }
)
"""What the option `gives` may be, and the type of each; `listed` and `imitates`, too, which need a list."""


class Links:
    """One answer about the links of each text."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        gives = choice_of(spec, "gives", (*GIVES, "listed", "imitates"))
        bank = domains_of(spec, project.banks) if gives in ("listed", "imitates") else None
        if bank is None:
            type_, self._answer = GIVES[gives]
        elif gives == "listed":
            type_, self._answer = _TRUTH, _listed(bank)
        else:
            type_, self._answer = _TEXT, _imitated(bank)
        if (spec.type.kind, spec.type.is_list) != (type_.kind, type_.is_list):
            raise refusal(spec, "type-mismatch", f"gives: {gives} has the type {type_}", f"say type: {type_}")

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The answer for each text; NULL `absent` where there is no link to tell of."""
        return [self._reading(find_links(str(each.value))) for each in inputs]

    def _reading(self, links: Sequence[Link]) -> Reading:
        value = self._answer(links)
        if value is None:
            return _ABSENT
        return Reading(value, evidence=tuple(f"characters {link.start} to {link.end}" for link in links[:10]))


class LinkCount:
    """How many links a text holds."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        del spec, project  # it has no options

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The number of links."""
        return [Reading(len(find_links(str(each.value)))) for each in inputs]


class LinkDomain:
    """The host of the first link, without `www.`."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        del spec, project  # it has no options

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The host; NULL `absent` where there is no link."""
        first = [next(iter(find_links(str(each.value))), None) for each in inputs]
        return [_ABSENT if link is None else Reading(link.host) for link in first]


def _listed(bank: Bank) -> Callable[[Sequence[Link]], Value]:
    entries = frozenset(map(as_host, bank.entries))

    def answer(links: Sequence[Link]) -> Value:
        return any(not entries.isdisjoint(_parents(link.host)) for link in links)

    return answer


def _parents(host: str) -> set[str]:
    labels = host.split(".")
    return {".".join(labels[first:]) for first in range(len(labels))}


def _imitated(bank: Bank) -> Callable[[Sequence[Link]], Value]:
    known = Imitations(bank.entries)

    def answer(links: Sequence[Link]) -> Value:
        found = (known.of(link.host) for link in links if not link.ip)
        return next((each.of for each in found if each is not None), None)

    return answer


_INPUT = frozenset({Kind.STRING})

LINK_KINDS = (
    SignalKind("links", _INPUT, None, {"gives": True, "list": False}, Links),
    SignalKind("link_count", _INPUT, Kind.INTEGER, {}, LinkCount),
    SignalKind("link_domain", _INPUT, Kind.STRING, {}, LinkDomain),
)
"""The kinds about links."""
