"""The bytes of a file of a decision or task, for whoever may see content: in ranges, never cached."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

from seawall.core.media import Refusal
from seawall.core.types import Media
from seawall.review.model import State
from seawall.serve.evidence import Wanted, digest_of
from seawall.serve.web.bench import task_here
from seawall.serve.web.visit import Refused

if TYPE_CHECKING:
    from seawall.serve.web.visit import Visit
    from seawall.store import Recorded

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_LONGEST = 4 << 20  # of one answer to a range: players ask again for what follows
_ALONE = "default-src 'none'; sandbox"  # whatever a file turns out to be, it is not a page


def draw(visit: Visit) -> Response:
    """A file of a decision."""
    recorded = visit.live.store.find(visit.params["decision_id"])
    if recorded is None:
        visit.missing("such decision", "No decision has this id.")
    queues = {route.queue for route in recorded.decision.review}
    sealed = any(queue.sealed for name, queue in visit.live.project.queues.items() if name in queues)
    if sealed and not (visit.person and visit.person.cleared):
        visit.missing("such file", "This file is for cleared reviewers only.")
    return _answer(visit, recorded)


def draw_of_task(visit: Visit) -> Response:
    """A file of the task that the visitor holds."""
    with visit.live.store.ledger.read() as connection:
        task, _, reviewer = task_here(visit, connection)
    if task.state is not State.LEASED or task.holder != reviewer.name:
        raise Refused(409, "Not before you", "This task is not held for you, so its content is not shown.")
    recorded = visit.live.store.find(task.decision_id) if task.decision_id else None
    if recorded is None:
        visit.missing("such file", "The decision of this task is not in this journal.")
    return _answer(visit, recorded)


def _answer(visit: Visit, recorded: Recorded) -> Response:
    event, field = recorded.event, visit.params["field"]
    media = event.fields.get(field) if event else None
    if not isinstance(media, Media):
        visit.missing("such file", "The event has no file of this name, or it was erased.")
    wanted = Wanted(media, digest_of(media, recorded.decision))
    evidence = visit.live.evidence
    copy = evidence.open(wanted, visit.live.project)
    if isinstance(copy, Refusal):
        raise Refused(404, "No copy", f"There is no copy of it, and it cannot be had now: {copy.reason}.")
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store, private",
        "Content-Disposition": "inline",
        "Content-Security-Policy": _ALONE,
    }
    asked = _range(visit.headers.get("range", ""), copy.size)
    if asked is None:
        headers["Content-Range"] = f"bytes */{copy.size}"
        return Response(status_code=416, headers=headers)
    start, end, partial = asked
    headers["Content-Length"] = str(end - start)
    if partial:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{copy.size}"
    content = evidence.copies.read(copy, start, end)
    return StreamingResponse(content, 206 if partial else 200, headers=headers, media_type=copy.mime)


def _range(asked: str, size: int) -> tuple[int, int, bool] | None:
    """From which byte to which, and whether that is a part; None: nothing there can be given.

    A header that is no single range is not obeyed, as the standard allows.

    >>> _range("", 10), _range("bytes=2-4", 10), _range("bytes=-3", 10), _range("bytes=20-", 10)
    ((0, 10, False), (2, 5, True), (7, 10, True), None)
    """
    found = _RANGE.fullmatch(asked)
    if found is None or not (found[1] or found[2]):
        return 0, size, False
    if not found[1]:
        start, end = max(0, size - int(found[2])), size
    else:
        start = int(found[1])
        end = min(size, int(found[2]) + 1) if found[2] else min(size, start + _LONGEST)
    return (start, end, True) if start < end else None
