"""What whoever runs or audits the server looks at: accounts, keys, and the chain of administrative acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.serve.auth.roles import GRANTS, Permission, Role
from seawall.store.audit import acts, head, verify

if TYPE_CHECKING:
    from starlette.responses import Response

    from seawall.serve.web.visit import Visit

PER_PAGE = 100


def accounts(visit: Visit) -> Response:
    """Who may sign in, which keys work, and what each role may do."""
    return visit.page(
        "accounts.html",
        title="Accounts",
        accounts=visit.live.users.all(),
        keys=visit.live.keys.all(),
        roles=list(Role),
        permissions=list(Permission),
        grants=GRANTS,
    )


def audit(visit: Visit) -> Response:
    """The chain, the newest first, and whether it holds."""
    before = visit.query.get("before", "")
    with visit.live.store.ledger.read() as connection:
        found = acts(connection, before=int(before) if before.isdigit() else None, limit=PER_PAGE)
        broken = verify(connection)
        count, sealed = head(connection)
    return visit.page(
        "audit.html",
        title="Audit",
        acts=found,
        broken=broken,
        count=count,
        head=sealed,
        older=found[-1].sequence if len(found) == PER_PAGE and found[-1].sequence > 1 else None,
    )


def reference(visit: Visit) -> Response:
    """The HTTP API, drawn by Swagger UI from our own files."""
    return visit.page("reference.html", title="HTTP API")
