"""banks/*.yml: banks of hashes that grow while serving; their entries are no files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from seawall.policy.kinds.names import CITATION, NAME, text_or, values
from seawall.policy.model import EXACT_HASHES, HASHES, OPINIONS, HashBank, Sharing
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Choice, ListOf, Number, Text

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics

WITHIN = 31
"""Bits in which two pictures that are the same may differ, unless a bank says otherwise."""

_PARTNER = Text("a partner's name", r"[a-z][a-z0-9_-]{0,62}", "lower-case letters, digits, - and _")
_PARTNERS = ListOf(_PARTNER, "one partner or a list of them", may_be_empty=True, key=lambda one: one.value)


class SharingFile(Lines, frozen=True, kw_only=True):
    """To whom entries may go, as written."""

    to: Annotated[
        tuple[At[str], ...], Key(_PARTNERS, "Partners that may get entries marked to be shared.")
    ] = ()
    severe_to: Annotated[
        tuple[At[str], ...],
        Key(_PARTNERS, "Partners that may get those of severe clauses too, each time with a reason."),
    ] = ()


class HashBankFile(Lines, frozen=True, kw_only=True):
    """A bank of hashes as written."""

    bank: Annotated[At[str], Key(NAME, "What signals and commands call it.")]
    describes: Annotated[At[str] | None, Key(Text(), "What belongs in it, and who keeps it.")] = None
    hash: Annotated[At[str], Key(Choice("a kind of hash", HASHES), "Of what its entries are.")]
    within: Annotated[
        At[float] | None,
        Key(
            Number("a number of bits from 0 to 64", least=0, most=64),
            "Bits in which what is the same may differ; default 31, of exact hashes 0.",
        ),
    ] = None
    matches: Annotated[
        tuple[At[str], ...],
        Key(
            ListOf(
                Choice("an opinion", OPINIONS),
                "one opinion or a list of them",
                key=lambda opinion: opinion.value,
            ),
            "Of which opinions an entry must be to match; default true_positive.",
        ),
    ] = ()
    clause: Annotated[At[str] | None, Key(CITATION, "The clause of entries that name none.")] = None
    share: Annotated[
        SharingFile | None,
        Key(Record(SharingFile, "to whom entries may go"), "To whom entries may go; default nobody."),
    ] = None


HASH_BANK = Record(HashBankFile, "a bank of hashes")


def build_hash_bank(file: HashBankFile, found: Diagnostics) -> HashBank:
    """The bank, with its defaults."""
    exact = file.hash.value in EXACT_HASHES
    within = file.within.value if file.within else (0 if exact else WITHIN)
    if file.within and within != int(within):
        found.error("bad-value", file.within.span, "a distance is a whole number of bits")
    if file.within and exact and within:
        message = f"{file.hash.value} hashes are the same or not; no distance lies between them"
        found.error("bad-value", file.within.span, message, hint="leave within out")
    share = file.share
    return HashBank(
        name=file.bank.value,
        hash=file.hash.value,
        within=int(within),
        matches=values(file.matches) or ("true_positive",),
        clause=text_or(file.clause),
        share=Sharing(values(share.to), values(share.severe_to)) if share else Sharing(),
        describes=text_or(file.describes),
        span=file.bank.span,
    )
