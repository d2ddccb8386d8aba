"""Which strikes stand, as the journal is told: a finding for each one given, replaced or lifted.

Strikes follow from facts in the ledger. Features count them in the journal, so each change is copied there
like what people conclude, in the transaction that brought it. When it happened is a function of the facts
alone, so a ledger that is made anew says the same again.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import or_, select

from seawall.act.facts import HUMAN, Facts, digest
from seawall.act.holding import STRIKE
from seawall.act.repo import chunks, load
from seawall.act.standing import WEIGHTS, strikes_among
from seawall.act.tables import GROUNDS
from seawall.store.entry import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from seawall.act.facts import Ground

GIVEN, LIFTED = "given", "lifted"


def struck(connection: Connection, facts: Facts) -> set[str]:
    """The accounts on whose strikes new facts may bear, whether these are kept already or not."""
    accounts = {ground.key.target_id for ground in facts.grounds if ground.action == STRIKE}
    ids = sorted({fall.ground_id for fall in facts.falls})
    subjects = sorted({shield.subject.key for shield in facts.shields})
    for column, values in ((GROUNDS.c.ground_id, ids), (GROUNDS.c.subject_key, subjects)):
        for chunk in chunks(values):
            of = select(GROUNDS.c.target_id).where(column.in_(chunk), GROUNDS.c.action == STRIKE)
            accounts.update(connection.scalars(of))
    return accounts


class Struck(NamedTuple):
    """An account with the facts about its strikes, and the ids of the grounds that count."""

    facts: Facts
    counting: frozenset[str]


NOBODY = Struck(Facts(), frozenset())


def strikes_of(connection: Connection, accounts: Collection[str], *, at: int) -> dict[str, Struck]:
    """The strikes of some accounts at a time; those that have none may be missing.

    Args:
        connection: to the ledger.
        accounts: their ids.
        at: microseconds; what has ended by then is left out.
    """
    found: dict[str, Struck] = {}
    for chunk in chunks(sorted(accounts)):
        keys = [digest("target", "account", account) for account in chunk]
        lasting = or_(GROUNDS.c.ends.is_(None), GROUNDS.c.ends > at)
        facts = load(connection, GROUNDS.c.target_key.in_(keys), GROUNDS.c.action == STRIKE, lasting)
        grounds: defaultdict[str, list[Ground]] = defaultdict(list)
        for ground in facts.grounds:
            grounds[ground.key.target_id].append(ground)
        for account, own in grounds.items():
            strikes = strikes_among(own, facts.falls, facts.shields, at)
            counting = frozenset(strike.ground.id for strike in strikes)
            found[account] = Struck(Facts(tuple(own), facts.falls, facts.shields), counting)
    return found


def changes(before: Mapping[str, Struck], after: Mapping[str, Struck]) -> Iterator[Finding]:
    """What to tell the journal of the strikes of some accounts, in the order of the accounts."""
    for account, (facts, counting) in sorted(after.items()):
        changed = before.get(account, NOBODY).counting ^ counting
        concerned = {ground.occasion for ground in facts.grounds if ground.id in changed}
        for occasion in sorted(concerned):
            own = [ground for ground in facts.grounds if ground.occasion == occasion]
            gravest = next((ground for ground in own if ground.id in counting), None)
            yield _finding(account, occasion, gravest or own[0], _when(own, facts), given=gravest is not None)


def _when(grounds: Iterable[Ground], facts: Facts) -> int:
    """The time of the newest fact about an occasion: of two findings about it the later is newer."""
    own = {ground.id: ground for ground in grounds}
    judged = {(ground.subject, ground.clause) for ground in own.values()}
    times = [ground.starts for ground in own.values()]
    times += [fall.at for fall in facts.falls if fall.ground_id in own]
    times += [shield.at for shield in facts.shields if (shield.subject, shield.clause) in judged]
    return max(times)


def _finding(account: str, occasion: str, ground: Ground, at: int, *, given: bool) -> Finding:
    subject, outcome = ground.subject, GIVEN if given else LIFTED
    return Finding(
        finding_id=digest("strike", account, occasion, ground.id, outcome, str(at)),
        kind=STRIKE,
        at=at,
        by=ground.strategy or HUMAN,
        outcome=outcome,
        clause=ground.clause,
        purpose="",
        surface=subject.surface if subject else "account",
        subject=subject.id if subject else account,
        content_version=subject.content_version if subject else "",
        actor=account,
        market=ground.market,
        event_id=ground.event_id,
        decision_id=ground.decision_id,
        about=digest("occasion", account, occasion),
        severity=ground.severity,
        weight=WEIGHTS[ground.severity],
        ends=ground.ends if given else None,
    )
