"""One search over both halves of what was decided: the tail in memory and the sealed lake."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from seawall.store.bought import Bought, Purchases
from seawall.store.desk import Desk, named_query
from seawall.store.search import LARGEST_PAGE, Filter, Page, format_cursor, parse_cursor

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from seawall.store.decisions import Decisions
    from seawall.store.desk_process import Reply
    from seawall.store.entry import Recorded
    from seawall.store.lake import Lake
    from seawall.store.tail import Tail

NEWEST = 2**63 - 1


class History:
    """Finds decisions by what they say. The lake gives ordinals; the decisions come from the journal."""

    def __init__(self, decisions: Decisions, lake: Lake, tail: Tail) -> None:
        self._decisions = decisions
        self._lake = lake
        self._tail = tail
        self._pages = Desk(lake.folder)  # its own, so that an analyst's long query holds up no page
        self._questions = Desk(lake.folder, seconds=60.0, memory="2GB")

    def search(self, wanted: Filter, *, limit: int, cursor: str | None, now: int) -> Page:
        """A page of decisions that match, the newest recorded first.

        Raises:
            UsageError: the cursor is none of ours.
        """
        limit = max(1, min(limit, LARGEST_PAGE))
        before = parse_cursor(cursor)
        found = list(islice(self._tail.matching(wanted, before=before), limit + 1))
        if len(found) <= limit:
            edge = found[-1] if found else before
            found += self._sealed(wanted, NEWEST if edge is None else edge, limit + 1 - len(found))
        shown = tuple(self._decisions.recorded(ordinal) for ordinal in found[:limit])
        more = format_cursor(found[limit - 1]) if len(found) > limit else None
        return Page(shown, more, now)

    def sample(self, types: Collection[str], since: int, until: int, *, limit: int) -> list[Recorded]:
        """Up to `limit` decisions on events of these types in [since, until), evenly drawn.

        A decision's key is its ordinal times a constant, modulo 2**32 (multiplicative hashing), so that the
        draw is the same each time and spread over the whole span; those with the least keys are drawn.

        Raises:
            UsageError: drawing took too long.
        """
        found = {*self._tail.among(types, since, until), *self._drawn(types, since, until, limit)}
        drawn = sorted(found, key=lambda ordinal: (ordinal * 2654435761 % 2**32, ordinal))[:limit]
        return [self._decisions.recorded(ordinal) for ordinal in sorted(drawn)]

    def ask(
        self,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        since: int | None = None,
        until: int | None = None,
        limit: int = LARGEST_PAGE,
    ) -> Reply:
        """SQL over the sealed lake, seen as the view `decisions`; see `Desk.ask`."""
        return self._questions.ask(sql, params, paths=self._lake.paths(since=since, until=until), limit=limit)

    def active(self, since: int, until: int) -> int:
        """How many different accounts the decisions made in [since, until) name, sealed or not.

        Raises:
            UsageError: counting took too long.
        """
        fresh = self._tail.actors(since, until)  # before the lake: what is sealed in between is in both
        params = {"tail": sorted(fresh), "since": since, "until": until}
        reply = self._pages.ask(named_query("active"), params, paths=self._lake.paths(), limit=1)
        sealed, both = reply.rows[0]
        return sealed + len(fresh) - both

    def bought(self, since: int, until: int, readers: Mapping[str, Collection[str]]) -> Bought:
        """What signals the sealed decisions on events of [since, until) bought; see `Store.bought`."""
        paths = self._lake.paths(since=since, until=until)
        if not paths:
            return Bought()
        reads = sorted(f"{signal} {name}" for signal, names in readers.items() for name in names)
        span: dict[str, Any] = {"since": since, "until": until}
        rows = self._pages.ask(named_query("bought"), {**span, "reads": reads}, paths=paths).rows
        kinds = self._pages.ask(named_query("bought_of"), span, paths=paths).rows
        return Bought(
            tuple(Purchases(*row) for row in rows if row[0]),
            {kind: count for kind, count, _ in kinds},
            max((newest for _, _, newest in kinds), default=None),
        )

    def _drawn(self, types: Collection[str], since: int, until: int, limit: int) -> list[int]:
        paths = self._lake.paths(since=since, until=until)
        if not paths:
            return []
        params: dict[str, Any] = {
            "writer": self._decisions.writer,
            "types": sorted(types),
            "since": since,
            "until": until,
            "limit": limit,
        }
        reply = self._pages.ask(named_query("sample"), params, paths=paths, limit=limit)
        return [row[0] for row in reply.rows]

    def close(self) -> None:
        """End the side processes."""
        self._pages.close()
        self._questions.close()

    def _sealed(self, wanted: Filter, before: int, limit: int) -> list[int]:
        paths = self._lake.paths(since=wanted.since, until=wanted.until, before=before)
        if not paths:
            return []
        params: dict[str, Any] = {
            "writer": self._decisions.writer,
            "before": before,
            "limit": limit,
            **{name: getattr(wanted, name) for name in wanted.__struct_fields__},
        }
        reply = self._pages.ask(named_query("search"), params, paths=paths, limit=limit)
        return [row[0] for row in reply.rows]
