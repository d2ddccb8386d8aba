"""What control records hold: which strategies are stopped, or watched by people, by whom and since when.

`pause` and `resume` are a person's; `brake` and `call` are the machine's, when a strategy leaves its budget;
`release` is a person's answer to either. A pause and a brake do not know of each other: each ends by its own
word. The order of records of one strategy matters, that of different strategies does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seawall.store.entry import Control

PAUSE, RESUME, BRAKE, CALL, RELEASE = "pause", "resume", "brake", "call", "release"

By: TypeAlias = "Mapping[str, Control]"


class Held(msgspec.Struct, frozen=True):
    """The state after some control records, by strategy; each with the record that brought it.

    Attributes:
        paused: stopped by a person.
        braked: stopped since they left their budget.
        called: severe, so they go on; people look at all they do, and a person is called.
        released: those that a person let go, and by the record from which they are counted anew.
    """

    paused: By = {}
    braked: By = {}
    called: By = {}
    released: By = {}

    def after(self, controls: Iterable[Control]) -> Held:
        """The state after some more records, in their order.

        >>> from seawall.store.entry import Control
        >>> stop = Control(kind="brake", target="spam.links", by="seawall", reason="too many", at=1)
        >>> go = Control(kind="release", target="spam.links", by="ann", reason="mended", at=2)
        >>> sorted(Held().after([stop]).shadowed), sorted(Held().after([stop, go]).shadowed)
        (['spam.links'], [])
        """
        paused, braked, called = dict(self.paused), dict(self.braked), dict(self.called)
        released = dict(self.released)
        for control in controls:
            name = control.target
            match control.kind:
                case "pause":
                    paused[name] = control
                case "resume":
                    paused.pop(name, None)
                case "brake":
                    braked[name] = control
                case "call":
                    called[name] = control
                case "release":
                    braked.pop(name, None)
                    called.pop(name, None)
                    released[name] = control
                case _:  # of a newer Seawall
                    pass
        return Held(paused, braked, called, released)

    @property
    def shadowed(self) -> frozenset[str]:
        """Strategies that act on nobody, and are still evaluated, as in shadow."""
        return frozenset({*self.paused, *self.braked})

    def said_of(self, strategy: str) -> tuple[tuple[str, Control], ...]:
        """What holds for one strategy: `paused`, `braked` or `called`, each with its record."""
        states = (("paused", self.paused), ("braked", self.braked), ("called", self.called))
        return tuple((word, records[strategy]) for word, records in states if strategy in records)

    def counted_from(self, strategy: str, since: int) -> int:
        """From when the watch counts a strategy that went live at `since`, microseconds."""
        control = self.released.get(strategy)
        return since if control is None else max(since, control.at)
