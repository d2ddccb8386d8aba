"""The tree of everything Seawall raises.

    SeawallError
    ├── UsageError            the caller asked for something that cannot be done
    │   ├── NotFound          what was named does not exist
    │   └── Conflict          the same id with another content
    ├── ProjectError          a safety project that does not check; carries its diagnostics
    ├── ConditionError        a condition that does not parse or type; carries its diagnostics
    ├── EventError            an event that does not fit its type; carries the field
    ├── Busy                  the door is closed for a moment; carries when to come again
    ├── Stopped               a process that was deciding is gone; what it was told is kept
    └── StorageError          what must not be lost is in danger
        ├── Corrupt           a record that fails its checksum before the tail
        └── DiskFull          no room to write durably

A message defaults to the class docstring. `code` is stable and documented in docs/reference/errors.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.core.diagnostic import Diagnostic, Span


class SeawallError(Exception):
    """Something went wrong inside Seawall."""

    code: ClassVar[str] = "internal"

    def __init__(
        self, message: str | None = None, *, span: Span | None = None, hint: str | None = None
    ) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.span = span
        self.hint = hint
        super().__init__(self.message)

    def __str__(self) -> str:
        where = f"{self.span}: " if self.span else ""
        mend = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.message}{mend}"


class UsageError(SeawallError):
    """What was asked for cannot be done."""

    code = "usage"


class NotFound(UsageError):
    """What was named does not exist."""

    code = "not-found"


class Conflict(UsageError):
    """The same id was seen before with another content."""

    code = "conflict"


class _Diagnosed(SeawallError):
    def __init__(self, message: str | None = None, *, diagnostics: Sequence[Diagnostic] = ()) -> None:
        self.diagnostics = tuple(diagnostics)
        first = self.diagnostics[0] if self.diagnostics else None
        super().__init__(
            message or (first.message if first else None),
            span=first.span if first else None,
            hint=first.hint if first else None,
        )


class ProjectError(_Diagnosed):
    """The safety project does not check."""

    code = "project"


class ConditionError(_Diagnosed):
    """The condition does not parse or its types do not agree."""

    code = "condition"


class EventError(SeawallError):
    """The event does not fit its type."""

    code = "event"

    def __init__(
        self, message: str | None = None, *, field: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.field = field


class Busy(SeawallError):
    """Too much is waiting already; nothing was taken."""

    code = "busy"

    def __init__(self, message: str | None = None, *, retry_after_s: int = 1) -> None:
        super().__init__(message, hint=f"try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class Stopped(SeawallError):
    """A process that was deciding ended before its work was done."""

    code = "stopped"


class StorageError(SeawallError):
    """What must not be lost could not be written or read."""

    code = "storage"


class Corrupt(StorageError):
    """A record fails its checksum although valid records follow it."""

    code = "corrupt"


class DiskFull(StorageError):
    """There is no room left to write durably."""

    code = "disk-full"
