"""Who stands at a command line: a console account that proves itself with its password."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING

from seawall.core.errors import UsageError
from seawall.serve.auth.repo import Users
from seawall.serve.auth.roles import GRANTS, Permission
from seawall.serve.clock import SystemClock

if TYPE_CHECKING:
    from seawall.store import Ledger


def proved(ledger: Ledger, name: str | None, *, from_stdin: bool, doing: str = "undo a strategy") -> str:
    """The account's name, once its password and its role allow to stop strategies.

    Raises:
        UsageError: no name, a wrong password, or a role that may not.
    """
    if not name:
        raise UsageError("this needs --by NAME", hint="the name of your console account")
    users = Users(ledger, SystemClock())
    password = sys.stdin.readline().rstrip("\n") if from_stdin else getpass.getpass(f"Password of {name}: ")
    token = users.sign_in(name, password, user_agent=f"seawall, to {doing}")
    person = users.person(token) if token else None
    if token is None or person is None:
        raise UsageError(f"{name} could not sign in", hint="`seawall users list` shows the accounts")
    users.sign_out(token)
    if not GRANTS[Permission.PAUSE_STRATEGIES].intersection(person.roles):
        raise UsageError(f"{name} may not {doing}", hint="whoever may pause one may do it")
    return person.name
