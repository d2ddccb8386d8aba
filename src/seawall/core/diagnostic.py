"""Where something stands in a file, and what is to be said about it."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Span(msgspec.Struct, frozen=True, order=True):
    """A place in a text file. Lines and columns count from 1, in characters; 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        """The form editors and terminals make clickable.

        >>> str(Span("strategies/spam/x.yml", 4, 7))
        'strategies/spam/x.yml:4:7'
        >>> str(Span("seawall.yml"))
        'seawall.yml'
        """
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Severity(StrEnum):
    """How much a diagnostic matters: an error stops a release, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Diagnostic(msgspec.Struct, frozen=True, order=True):
    """One thing to say about one place: what is wrong, where, and the mend."""

    span: Span
    code: str  # a key of seawall.policy.codes.CODES
    message: str
    severity: Severity = Severity.ERROR
    hint: str | None = None
    snippet: str | None = None  # the line of source the span points into
