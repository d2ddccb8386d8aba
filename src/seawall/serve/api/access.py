"""Who calls the API: the key in `Authorization: Bearer`, and whether its scopes cover the route."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from seawall.serve.api.problems import DoorError
from seawall.serve.auth.model import Caller
from seawall.serve.auth.roles import Scope
from seawall.serve.live import Live

_BEARER = HTTPBearer(auto_error=False, description="An API key, made with `seawall keys create`.")


def live_of(request: Request) -> Live:
    """The process behind an app."""
    live: Live = request.app.state.live
    return live


class Require:
    """A dependency that lets a call through if its key covers a scope.

    Raises:
        DoorError: `unauthorized` without a key that works, `forbidden` if it does not cover the scope.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __call__(
        self,
        live: Annotated[Live, Depends(live_of)],
        shown: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
    ) -> Caller:
        """The caller."""
        caller = live.keys.caller(shown.credentials) if shown else None
        if caller is None:
            said = "this API key does not work" if shown else "this address needs an API key"
            raise DoorError(
                "unauthorized", said, hint="send Authorization: Bearer KEY; `seawall keys create` makes one"
            )
        if not caller.may(self.scope):
            raise DoorError(
                "forbidden",
                f"the key {caller.name!r} does not cover {self.scope.value}",
                hint=f"make one with --scope {self.scope.value}",
            )
        return caller
