"""One text file of the project, and what its places look like."""

from __future__ import annotations

import re
from functools import cached_property

from seawall.core.diagnostic import Span

_BREAK = re.compile(r"\r\n|\n|\r")


class Source:
    """A decoded file. Lines break where YAML and editors break them: LF, CRLF or CR."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path  # relative to the project, with forward slashes
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return _BREAK.split(self.text)

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line starts."""
        return [0, *(match.end() for match in _BREAK.finditer(self.text))]

    def line(self, number: int) -> str | None:
        r"""Line `number`, counted from 1; None where the file has none.

        >>> Source("x.yml", "a: 1\r\nb: 2").line(2)
        'b: 2'
        """
        return self.lines[number - 1] if 0 < number <= len(self.lines) else None

    def span_at(self, offset: int, length: int = 1) -> Span:
        r"""The place of the character at `offset`.

        >>> str(Source("x.yml", "a: 1\nb: 2").span_at(5))
        'x.yml:2:1'
        """
        low, high = 0, len(self.starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.starts[middle] <= offset else (low, middle)
        column = offset - self.starts[low] + 1
        return Span(self.path, low + 1, column, column + length)
