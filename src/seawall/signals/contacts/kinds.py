"""The kind `contacts`: what a text names to be reached or paid by."""

from __future__ import annotations

import unicodedata
from hashlib import blake2b
from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.types import FieldType, Kind
from seawall.policy.conditions.banks import host as as_host
from seawall.signals.contacts.find import FINDERS, TOGETHER, Named, emails
from seawall.signals.contacts.prices import prices
from seawall.signals.options import choice_of, domains_of, refusal, text_of
from seawall.signals.ports import SignalKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.policy.model import Project, SignalSpec
    from seawall.signals.ports import Input

_TYPES = {
    "count": FieldType(Kind.INTEGER),
    "key": FieldType(Kind.HASH),
    "highest": FieldType(Kind.NUMBER),
}
_ABSENT = Reading(null="absent")


class Contacts:
    """How often texts name something, or the digest of the first thing named."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        self._what = choice_of(spec, "what", (*FINDERS, *TOGETHER, "price"))
        self._gives = choice_of(spec, "gives", tuple(_TYPES))
        self._currency = str(spec.options.get("currency", ""))
        self._hosts: frozenset[str] | None = None
        if "list" in spec.options:
            if self._what != "email":
                raise refusal(spec, "unknown-option", "list goes with what: email alone", "leave it out")
            self._hosts = frozenset(map(as_host, domains_of(spec, project.banks).entries))
        self._check(spec)

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The answer for each text; NULL `absent` where there is no digest or amount to tell."""
        return [self._reading(str(each.value)) for each in inputs]

    def _reading(self, text: str) -> Reading:
        plain = text if text.isascii() else "".join(map(_narrow, text))  # places stay
        if self._what == "price":
            found = [one for one in prices(plain) if self._currency in ("", one.currency)]
            value = max((one.amount for one in found), default=None)
            places = [(one.start, one.end) for one in found]
        else:
            named = self._named(plain)
            value = _digest(named[0].key) if named else None
            places = [(one.start, one.end) for one in named]
        if self._gives == "count":
            value = len(places)
        if value is None:
            return _ABSENT
        return Reading(value, evidence=tuple(f"characters {start} to {end}" for start, end in places[:10]))

    def _named(self, text: str) -> list[Named]:
        if self._hosts is not None:
            hosts = self._hosts
            found = [one for one in emails(text) if not hosts.isdisjoint(_mail_hosts(one))]
        else:
            found = [one for name in TOGETHER.get(self._what, (self._what,)) for one in FINDERS[name](text)]
        first = {one.key: one for one in sorted(found, key=lambda one: one.start, reverse=True)}
        return sorted(first.values(), key=lambda one: one.start)

    def _check(self, spec: SignalSpec) -> None:
        wanted = _TYPES[self._gives]
        if (spec.type.kind, spec.type.is_list) != (wanted.kind, wanted.is_list):
            said = f"gives: {self._gives} has the type {wanted}"
            raise refusal(spec, "type-mismatch", said, f"say type: {wanted}")
        if self._gives != "count" and (self._gives == "highest") != (self._what == "price"):
            hint = "prices give count or highest, everything else count or key"
            raise refusal(spec, "unknown-option", f"what: {self._what} does not give {self._gives}", hint)
        if self._gives == "highest":
            self._currency = text_of(spec, "currency")


def _digest(key: str) -> str:
    """What links texts that name the same. It has no key: who tries all telephone numbers finds one."""
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _mail_hosts(one: Named) -> set[str]:
    labels = one.key.rpartition("@")[2].split(".")
    return {".".join(labels[first:]) for first in range(len(labels))}


def _narrow(character: str) -> str:
    made = unicodedata.normalize("NFKC", character)
    return made if len(made) == 1 else character


CONTACTS = SignalKind(
    "contacts",
    frozenset({Kind.STRING}),
    None,
    {"what": True, "gives": True, "list": False, "currency": False},
    Contacts,
)
"""The kind about contact details and payment."""
