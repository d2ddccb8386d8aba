"""The three facts of which everything that holds is computed. They are only ever added, each once by its id.

A ground says that a decision asks for an action on a target; a fall, that a ground no longer counts; a
shield, that machines may not ask again about one version of a subject. What holds is a function of these
sets and the time (`seawall.act.holding`), so that the order of arrival, repeats and crashes cannot matter.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from urllib.parse import quote

import msgspec

HUMAN = "human"
"""The strategy of a ground that a verdict brought."""


class Key(msgspec.Struct, frozen=True, order=True):
    """Where one effect holds: at most one action at a time for a target, on an axis, in a territory."""

    target_kind: str  # the surface of an item, or "account"
    target_id: str
    axis: str
    territory: str  # a market, or "*" for everywhere

    @property
    def id(self) -> str:
        """A digest, short enough to be a key of a table however long the parts are."""
        return digest("key", self.target_kind, self.target_id, self.axis, self.territory)

    @property
    def target(self) -> str:
        """A digest of whom or what it is about."""
        return digest("target", self.target_kind, self.target_id)

    def __str__(self) -> str:
        """One word for the four, as the outbox and the platform know it.

        >>> str(Key("comment", "c/1", "visibility", "*"))
        'comment/c%2F1/visibility/*'
        """
        parts = (self.target_kind, self.target_id, self.axis, self.territory)
        return "/".join(quote(part, safe="*", errors="surrogatepass") for part in parts)


class Subject(msgspec.Struct, frozen=True, order=True):
    """One version of what was judged."""

    surface: str
    id: str
    content_version: str = ""  # empty: the platform tells no versions apart

    @property
    def key(self) -> str:
        """A digest, short enough to be a key of a table however long the parts are."""
        return digest("subject", self.surface, self.id, self.content_version)


class Ground(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A decision, by a strategy on a clause, asks for an action from one time until another.

    Attributes:
        key: the target, axis and territory it asks about.
        action: what it asks for.
        rung: strength of the action on its axis, 0 the weakest.
        strategy: the strategy that fired, or `HUMAN`.
        clause: what it enforces, `policy/id#clause`.
        severity: of the clause: low, medium, high, severe.
        ground: of the clause: terms or law.
        decision_id: the decision, or the verdict's own id.
        event_id: the event that was decided.
        occasion: what happened once however often it is decided; at most one strike comes of it.
        subject: what was judged, whoever the target is; None if the event had none.
        actor: who answers for it.
        market: the jurisdiction it was judged in.
        machine: no human took part; a shield can bar it.
        evidence: what was known (`clause:VERSION`, `bank:NAME@VERSION`, `reports:CLUSTER`), for shields.
        starts: microseconds.
        ends: microseconds, excluded; None: until it falls.
    """

    key: Key
    action: str
    rung: int
    strategy: str
    clause: str
    severity: str
    ground: str
    decision_id: str
    event_id: str
    occasion: str
    subject: Subject | None = None
    actor: str | None = None
    market: str | None = None
    machine: bool = True
    evidence: tuple[str, ...] = ()
    starts: int
    ends: int | None = None

    @cached_property
    def id(self) -> str:
        """The same request of the same decision has the same id, wherever it is computed."""
        times = (str(self.starts), "" if self.ends is None else str(self.ends))
        asked = (self.decision_id, self.strategy, self.clause, self.action, self.key.id, *times)
        return digest("ground", *asked)


class Fall(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A ground falls, because of a verdict, an appeal, an undo or a time-out."""

    ground_id: str
    fact_id: str  # of the verdict, appeal or undo
    reason: str  # verdict | appeal | undo | timeout
    at: int
    by: str

    @cached_property
    def id(self) -> str:
        """One cause fells a ground once."""
        return digest("fall", self.ground_id, self.fact_id)


class Shield(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A human found that this version of a subject does not break this clause.

    No machine's ground on it stands, whether it came before or comes after, unless it cites evidence that
    was not known.
    """

    subject: Subject
    clause: str
    fact_id: str
    at: int
    known: tuple[str, ...] = ()  # evidence that lay before the human

    @cached_property
    def id(self) -> str:
        """One cause shields a subject from a clause once."""
        return digest("shield", self.subject.key, self.clause, self.fact_id)


class Facts(msgspec.Struct, frozen=True):
    """Some facts that arrive together."""

    grounds: tuple[Ground, ...] = ()
    falls: tuple[Fall, ...] = ()
    shields: tuple[Shield, ...] = ()

    def __add__(self, other: Facts) -> Facts:
        """Both; a fact in both counts once wherever facts are used."""
        return Facts(self.grounds + other.grounds, self.falls + other.falls, self.shields + other.shields)


def digest(*parts: str) -> str:
    """An id made of content; lengths keep ("a", "bc") apart from ("ab", "c").

    >>> digest("a", "bc") == digest("ab", "c")
    False
    """
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
