"""One search over both halves of what was decided: the tail in memory and the sealed lake."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from seawall.store.desk import Desk, named_query
from seawall.store.search import LARGEST_PAGE, Filter, Page, format_cursor, parse_cursor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.store.decisions import Decisions
    from seawall.store.desk_process import Reply
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
