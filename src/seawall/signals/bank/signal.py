"""A signal that looks up hashes in banks: how far the nearest is, how many, which clause, which bank."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.types import Kind
from seawall.policy.checks.hash_banks import banks_named
from seawall.policy.near import did_you_mean
from seawall.signals.bank.model import HASH_KINDS
from seawall.signals.options import choice_of, refusal, text_of
from seawall.signals.ports import SignalKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seawall.core.types import Value
    from seawall.policy.model import HashBank, Project, SignalSpec
    from seawall.signals.bank.banks import Banks
    from seawall.signals.bank.model import Found, Hit
    from seawall.signals.ports import Input

OUTPUTS: Mapping[str, Kind] = MappingProxyType(
    {
        "matched": Kind.BOOLEAN,
        "distance": Kind.INTEGER,
        "count": Kind.INTEGER,
        "bank": Kind.STRING,
        "clause": Kind.STRING,
        "label": Kind.STRING,
        "source": Kind.STRING,
        "opinion": Kind.STRING,
    }
)
"""What the option `output` may be, and the type of the signal then."""

MOST_EVIDENCE = 16
"""Entries that are kept as evidence of one look-up, the nearest first."""

_ABSENT = Reading(null="absent")
_NO_HASH = Reading(null="not_applicable")
_NO_BANKS = Reading(null="not_configured")


@dataclass(frozen=True, slots=True)
class _Best:
    """The nearest that matches in any bank, and what matches in all of them together."""

    bank: str
    hit: Hit
    clause: str
    count: int
    evidence: tuple[str, ...]


class HashBankSignal:
    """Looks up each hash in one bank or several of the same kind of hash."""

    def __init__(
        self,
        banks: Banks | None,
        declared: Sequence[HashBank],
        *,
        output: str,
        within: int | None,
        now: Callable[[], int],
    ) -> None:
        self._banks = banks
        self._declared = declared
        self._output = output
        self._within = within
        self._now = now
        self._digits = 2 * HASH_KINDS[declared[0].hash].bytes

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """One reading per hash; NULL `not_applicable` for what is no hash of that kind.

        The evidence names what matched, as `bank:NAME=DIGEST`, and how far it is; never the hash itself.
        """
        if self._banks is None:
            return [_NO_BANKS] * len(inputs)
        texts = [str(each.value).lower() for each in inputs]
        hashes = {text: raw for text in texts if (raw := self._raw(text)) is not None}
        best = self._look(hashes)
        return [self._reading(best[text]) if text in best else _NO_HASH for text in texts]

    def _raw(self, text: str) -> bytes | None:
        if len(text) != self._digits:
            return None
        try:
            raw = bytes.fromhex(text)
        except ValueError:
            return None
        return raw if 2 * len(raw) == self._digits else None

    def _look(self, hashes: Mapping[str, bytes]) -> dict[str, _Best | None]:
        assert self._banks is not None
        there = [(each, self._banks.bank(each.name)) for each in self._declared]
        best: dict[str, _Best | None] = dict.fromkeys(hashes)
        now = self._now()
        asked = list(hashes.values())
        found = [
            (each, bank.look(asked, within=self._bits(each), now=now, matches=each.matches))
            for each, bank in there
            if bank is not None and bank.kind.name == each.hash
        ]
        for place, text in enumerate(hashes):
            best[text] = _best([(each, looked[place]) for each, looked in found])
        return best

    def _bits(self, bank: HashBank) -> int:
        return bank.within if self._within is None else self._within

    def _reading(self, best: _Best | None) -> Reading:
        if best is None:
            return {"matched": Reading(value=False), "count": Reading(0)}.get(self._output, _ABSENT)
        value: Value = {
            "matched": True,
            "distance": best.hit.distance,
            "count": best.count,
            "bank": best.bank,
            "clause": best.clause,
            "label": best.hit.entry.ref or best.hit.hash.hex()[:16],
            "source": best.hit.entry.source,
            "opinion": best.hit.entry.opinion.value,
        }[self._output]
        return Reading(value, evidence=best.evidence) if value != "" else _ABSENT


def hash_bank_kind(banks: Banks | None, *, now: Callable[[], int]) -> SignalKind:
    """The kind `hash_bank`, over the banks of a data folder.

    Args:
        banks: where entries are; None where there is no data folder: nothing is answered then.
        now: microseconds since 1970, by which entries expire.
    """

    def build(spec: SignalSpec, project: Project) -> HashBankSignal:
        declared = _declared(spec, project)
        output = choice_of(spec, "output", tuple(OUTPUTS)) if "output" in spec.options else "distance"
        if spec.type.kind is not OUTPUTS[output]:
            said = f"output {output} is {OUTPUTS[output]}, not {spec.type.kind}"
            raise refusal(spec, "type-mismatch", said, f"say type: {OUTPUTS[output]}")
        within = spec.options.get("within")
        if within is not None and (isinstance(within, bool) or within not in range(257)):
            raise refusal(spec, "bad-value", f"within is {within!r}", "a whole number of bits from 0 to 256")
        bits = None if within is None else int(within)
        return HashBankSignal(banks, declared, output=output, within=bits, now=now)

    kinds = frozenset({Kind.STRING, Kind.HASH})
    return SignalKind("hash_bank", kinds, None, {"bank": True, "output": False, "within": False}, build)


def banks_of_spec(spec: SignalSpec, project: Project) -> list[HashBank]:
    """The banks that a signal's option names.

    Raises:
        ProjectError: there is none, or not one of that name.
    """
    names = banks_named(text_of(spec, "bank"))
    for name in names:
        if name not in project.hash_banks:
            hint = did_you_mean(name, project.hash_banks, what="banks")
            raise refusal(spec, "unknown-bank", f"there is no bank {name!r}", hint)
    found = [project.hash_banks[name] for name in names]
    if not found:
        raise refusal(spec, "missing-option", f"a signal of kind {spec.kind} needs a bank", "bank: NAME")
    return found


def _declared(spec: SignalSpec, project: Project) -> list[HashBank]:
    found = banks_of_spec(spec, project)
    kinds = sorted({each.hash for each in found})
    if len(kinds) > 1:
        said = f"its banks hold {' and '.join(kinds)} hashes, and a field holds one kind"
        raise refusal(spec, "type-mismatch", said, "declare a signal for each")
    if kinds == ["vpdq"]:
        said = f"{found[0].name!r} holds videos, which one hash does not tell"
        raise refusal(spec, "type-mismatch", said, "use a signal that reads videos")
    return found


def _best(found: Sequence[tuple[HashBank, Found]]) -> _Best | None:
    matched = [(bank, each) for bank, each in found if each.hits]
    if not matched:
        return None
    bank, nearest = min(
        matched, key=lambda one: one[1].hits[0].distance
    )  # of equals, as the signal names them
    hit = nearest.hits[0]
    evidence = sorted(
        (one.distance, _evidence(each.name, one)) for each, looked in matched for one in looked.hits
    )
    said = dict.fromkeys(f"{text} at {distance} bits" for distance, text in evidence)
    return _Best(
        bank.name,
        hit,
        hit.entry.clause or bank.clause,
        sum(each.count for _, each in matched),
        tuple(said)[:MOST_EVIDENCE],
    )


def _evidence(bank: str, hit: Hit) -> str:
    """An entry, as evidence that may end a shield: see `seawall.decide.evidence`."""
    return f"bank:{bank}={hashlib.sha256(hit.hash).hexdigest()[:16]}"
