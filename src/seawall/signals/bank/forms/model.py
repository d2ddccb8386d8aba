"""What a form of file is: a way to read entries and a way to write them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from seawall.signals.bank.change import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from seawall.signals.bank.model import Entry, HashKind, Hit

FORMS = ("list", "csv", "jsonl", "threatexchange", "hma", "vpdq")
"""The names of the forms."""

Kept: TypeAlias = "tuple[Entry, list[Hit]]"


@dataclass(slots=True)
class Parsed:
    """What a file holds.

    Attributes:
        items: entries in order.
        elsewhere: how many hashes of other kinds were passed over.
        bad: line, or place in a list, and what is wrong with it.
    """

    items: list[Item] = field(default_factory=list[Item])
    elsewhere: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


class Form(NamedTuple):
    """One form.

    Attributes:
        name: what commands call it.
        about: what it is, in words.
        read: from the bytes of a file, the kind of hash that is wanted, and what every entry says unless the
            file says otherwise.
        write: to the bytes of a file, in pieces, from what a bank holds, its kind and its name.
    """

    name: str
    about: str
    read: Callable[[bytes, HashKind, Entry], Parsed]
    write: Callable[[Iterable[Kept], HashKind, str], Iterator[bytes]]
