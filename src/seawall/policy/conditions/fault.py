"""A fault in a condition's text, and the diagnostic a reader sees."""

from __future__ import annotations

from dataclasses import dataclass

from seawall.core.diagnostic import Diagnostic, Severity, Span


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong between two offsets of the text, and the mend."""

    start: int
    end: int
    code: str
    message: str
    hint: str | None = None


class Refused(Exception):
    """Reading cannot go on after this fault. It never leaves the package."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def locate(fault: Fault, text: str, at: Span, severity: Severity = Severity.ERROR) -> Diagnostic:
    r"""Turn offsets into file, line and column; every line of the text begins at the column of the first.

    >>> at = Span("s.yml", 4, 5)
    >>> locate(Fault(8, 11, "x", "no"), "a = 1" + chr(10) + "  b = 2", at).span
    Span(file='s.yml', line=5, column=7, end_column=10)
    """
    before = text[: fault.start]
    first = before.rfind("\n") + 1
    line_end = text.find("\n", fault.start)
    snippet = text[first : line_end if line_end >= 0 else len(text)]
    column = at.column + fault.start - first
    width = max(1, min(fault.end, first + len(snippet)) - fault.start)
    span = Span(at.file, at.line + before.count("\n"), column, column + width)
    return Diagnostic(span, fault.code, fault.message, severity, fault.hint, snippet)
