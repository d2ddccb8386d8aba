"""Word pieces of a text by the `tokenizers` library (extra `encoder`)."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from seawall.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Tokens:
    """A tokeniser, as its JSON file describes it."""

    def __init__(self, described: bytes) -> None:
        """Read it.

        Args:
            described: the bytes of a `tokenizer.json`.

        Raises:
            UsageError: the library is not installed.
            ValueError: it describes no tokeniser.
        """
        if find_spec("tokenizers") is None:
            raise UsageError(
                "this model needs the library tokenizers, which is not installed",
                hint="pip install 'seawall[encoder]'",
            )
        library: Any = import_module("tokenizers")
        try:
            self._read: Any = library.Tokenizer.from_str(described.decode("utf-8"))
        except Exception as error:
            raise ValueError(f"no tokeniser: {error}") from error
        self._read.no_padding()
        self._read.no_truncation()
        self.size: int = self._read.get_vocab_size()

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The pieces of each text, without marks of its beginning and end."""
        return [
            self._read.encode(text, add_special_tokens=False).ids for text in texts
        ]  # in this thread alone
