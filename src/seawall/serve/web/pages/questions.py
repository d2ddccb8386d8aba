"""Questions to policy: what reviewers asked, and the dated rulings that answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.errors import Conflict, NotFound, UsageError
from seawall.review.step import rule as rule_on
from seawall.review.waiting import questions
from seawall.store.audit import append

if TYPE_CHECKING:
    from starlette.responses import Response

    from seawall.serve.web.visit import Visit

_TEXT = 4000


def draw(visit: Visit) -> Response:
    """What waits, the oldest first, and the newest rulings."""
    return _page(visit)


def rule(visit: Visit) -> Response:
    """Answer one: a precedent for everyone, and its task waits again."""
    live = visit.live
    now = live.clock.now()
    try:
        with live.store.ledger.begin() as connection:
            ruling = visit.form.get("ruling", "")[:_TEXT]
            found = rule_on(connection, visit.params["question_id"], by=visit.name, ruling=ruling, now=now)
            detail = {"question": found.question_id}
            append(connection, at=now, by=visit.name, act="ruling", target=found.clause, detail=detail)
    except NotFound:
        visit.missing("such question", "Nobody asked it. The list shows what waits.")
    except Conflict as error:
        return _page(visit, status=409, said=str(error))
    except UsageError:
        return _page(visit, status=422, said="A ruling says what holds and why.")
    return visit.see("/questions")


def _page(visit: Visit, *, status: int = 200, said: str = "") -> Response:
    with visit.live.store.ledger.read() as connection:
        open_, ruled = questions(connection, ruled=False), questions(connection, ruled=True, limit=30)
    return visit.page("questions.html", title="Questions", status=status, said=said, open=open_, ruled=ruled)
