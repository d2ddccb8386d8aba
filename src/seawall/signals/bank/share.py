"""What of a bank may leave for a partner, and why the rest may not. Nothing is sent: a file is made.

An entry leaves only if our own people added it, are sure of it and marked it to be shared, if it holds now,
and if the bank's file names the partner. Of a severe clause it leaves only for a partner that the file names
for that, with a reason given each time. What leaves says nothing of who added it, nor what we call it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from seawall.core.errors import UsageError
from seawall.policy.near import did_you_mean
from seawall.signals.bank.model import OWN, Entry, Opinion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seawall.policy.model import HashBank, Project
    from seawall.signals.bank.forms.model import Kept
    from seawall.signals.bank.model import HashKind

SEVERE = "severe"

WHY = {
    "not_ours": "of another source, which alone may pass it on",
    "not_marked": "not marked to be shared",
    "not_sure": "of an opinion other than true_positive",
    "not_now": "expired, or disabled for now",
    "no_clause": "of no clause that the project has, so that nobody knows how severe it is",
    "severe_partner": "of a severe clause, and the bank's file does not name this partner under severe_to",
    "severe_reason": "of a severe clause, and no reason was given: --reason",
}
"""Why an entry stays, in the order in which that is asked."""


class Sharing(NamedTuple):
    """What would leave, and how many entries stay, by the word for why."""

    leaves: list[Kept]
    severe: int
    stays: Counter[str]


def choose_shared(
    kept: Iterable[Kept], project: Project, bank: HashBank, *, kind: HashKind, to: str, reason: str, now: int
) -> Sharing:
    """What of a bank's entries may go to a partner.

    Args:
        kept: everything that is in it.
        project: says which clauses are severe.
        bank: its file, which names partners.
        kind: of its hashes.
        to: the partner.
        reason: why entries of severe clauses go there; empty: they do not.
        now: microseconds.

    Raises:
        UsageError: the bank's file does not name the partner.
    """
    partners = {*bank.share.to, *bank.share.severe_to}
    if to not in partners:
        hint = did_you_mean(to, partners, what="its partners") if partners else "add share: {to: [...]} there"
        raise UsageError(f"the file of the bank {bank.name!r} names no partner {to!r}", hint=hint)
    leaves: list[Kept] = []
    stays: Counter[str] = Counter()
    severe = 0
    for entry, hits in kept:
        clause = entry.clause or bank.clause
        why = _why_it_stays(entry, project, bank, clause, to=to, reason=reason, now=now)
        if why:
            stays[why] += 1
            continue
        severe += is_severe(project, clause)
        leaves.append((_safe(entry, project, kind), hits))
    return Sharing(leaves, severe, stays)


def is_severe(project: Project, clause: str) -> bool:
    """Whether a clause is severe anywhere."""
    name, _, id_ = clause.partition("#")
    policy = project.policies.get(name)
    if policy is None:
        return False
    known = [policy.clauses.get(id_), *(clauses.get(id_) for clauses in policy.overlays.values())]
    return any(each is not None and each.severity == SEVERE for each in known)


def _why_it_stays(
    entry: Entry, project: Project, bank: HashBank, clause: str, *, to: str, reason: str, now: int
) -> str:
    name, _, id_ = clause.partition("#")
    policy = project.policies.get(name)
    severe = is_severe(project, clause)
    asked = (
        ("not_ours", entry.source != OWN),
        ("not_marked", not entry.share),
        ("not_sure", entry.opinion is not Opinion.TRUE_POSITIVE),
        ("not_now", not entry.holds(now)),
        ("no_clause", policy is None or id_ not in policy.clauses),
        ("severe_partner", severe and to not in bank.share.severe_to),
        ("severe_reason", severe and not reason.strip()),
    )
    return next((word for word, stays in asked if stays), "")


def _safe(entry: Entry, project: Project, kind: HashKind) -> Entry:
    """What may be known of it elsewhere: whose it is, what it breaks and its tags."""
    several = entry.hashes > 1 or kind.framed
    ref = hashlib.sha256(f"{project.name}\0{entry.ref}".encode()).hexdigest()[:16] if several else ""
    return msgspec.structs.replace(
        Entry(), source=project.name, clause=entry.clause, tags=entry.tags, ref=ref, hashes=entry.hashes
    )
