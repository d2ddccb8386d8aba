"""Scores that callers propose for texts: kept apart from labels, since nobody of ours has looked at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, select

from seawall.act.facts import digest
from seawall.review.repo import insert_new
from seawall.review.tables import LABEL_PROPOSALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

_languages_of = msgspec.json.Decoder(tuple[str, ...]).decode


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller says a text, or a part of it, should score.

    Attributes:
        source: the API key that proposed it.
        text: the whole text.
        attribute: of which score, in the words of the protocol it came by.
        begin: the first character of the part it is about.
        end: the one after its last.
        score: from 0 to 1.
        languages: of the text, as given.
        community: of the caller's, empty where none was named.
        session: of the caller's, likewise.
        at: when, microseconds.
    """

    source: str
    text: str
    attribute: str
    begin: int
    end: int
    score: float
    languages: tuple[str, ...] = ()
    community: str = ""
    session: str = ""
    at: int

    @property
    def proposal_id(self) -> str:
        """The same source saying the same of the same part again is one proposal."""
        part = (str(self.begin), str(self.end), repr(self.score))
        return digest(self.source, self.text, self.attribute, *part, self.community)


def add_proposals(connection: Connection, proposals: Iterable[Proposal]) -> int:
    """Keep them; gives how many were new."""
    rows = [
        {
            **msgspec.structs.asdict(each),
            "proposal_id": each.proposal_id,
            "languages": msgspec.json.encode(each.languages).decode(),
        }
        for each in proposals
    ]
    return insert_new(connection, LABEL_PROPOSALS, rows)


def forget_proposals(connection: Connection, *, before: int) -> int:
    """Let go of those made before a moment, as their texts may be kept no longer; gives how many."""
    return connection.execute(delete(LABEL_PROPOSALS).where(LABEL_PROPOSALS.c.at < before)).rowcount


def proposals(connection: Connection) -> Iterator[Proposal]:
    """All of them, the oldest first."""
    table = LABEL_PROPOSALS
    rows = connection.execute(select(table).order_by(table.c.at, table.c.proposal_id)).mappings()
    for row in rows:
        known = {name: row[name] for name in Proposal.__struct_fields__ if name != "languages"}
        yield Proposal(**known, languages=_languages_of(row["languages"]))
