"""A bank of hashes: looked up by any thread while one other changes it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.core.hamming import Growing, View, as_words
from seawall.signals.bank.model import Found, Hit, Opinion, opinion_of
from seawall.signals.bank.notes import Notes
from seawall.signals.bank.rows import UNKNOWN, Columns, Group, Groups, Rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.core.hamming import Hits
    from seawall.signals.bank.change import Added, Change, Removal
    from seawall.signals.bank.model import Entry, HashKind

RADIUS = 31
"""Look-ups within so many bits are quick; those within more may read every hash."""

_AT_ONCE = 1 << 16  # hashes of a change that are looked up together
_NONE = np.zeros(0, np.int64)
_NOTHING = Found()
_REMEMBERED = 8_192


class State(NamedTuple):
    """What look-ups see.

    Attributes:
        view: the hashes.
        version: a hash over every change, in order.
        changes: how many there were.
    """

    view: View
    version: str
    changes: int


class HashBank:
    """One thread calls `apply`, `enact` and `merge`; a change is seen whole, once it is enacted.

    Attributes:
        kind: of its hashes.
        current: what look-ups see.
        latest: what they will see when everything applied is enacted.
    """

    def __init__(
        self,
        kind: HashKind,
        *,
        rows: Rows | None = None,
        notes: Notes | None = None,
        groups: Groups | None = None,
        state: State | None = None,
    ) -> None:
        """Begin with nothing, or with what a snapshot has."""
        self.kind = kind
        self.rows = Rows() if rows is None else rows
        self.notes = Notes() if notes is None else notes
        self.groups = Groups() if groups is None else groups
        self._growing = Growing(kind.bytes * 8, radius=0 if kind.exact else RADIUS, view=state and state.view)
        self._lately: tuple[View, dict[tuple[bytes, int], list[Hit]]] = (self._growing.view, {})
        self.latest = self.current = state or State(self._growing.view, "", 0)

    @property
    def size(self) -> int:
        """Hashes that look-ups see."""
        return len(self.current.view)

    @property
    def nbytes(self) -> int:
        """Bytes of memory, or of mapped files, that it takes."""
        return self.current.view.nbytes + self.rows.nbytes + self.notes.nbytes

    def apply(self, change: Change, digest: str) -> State:
        """Prepare a change with everything that takes long; look-ups see it once it is enacted."""
        if change.added is not None:
            self._add(change.added)
        elif change.removed:
            gone = self._removed(change.removed)
            self._growing.remove(gone)
        before = self.latest
        version = hashlib.sha256(f"{before.version}\0{digest}".encode()).hexdigest()
        self.latest = State(self._growing.view, version, before.changes + 1)
        return self.latest

    def enact(self, state: State) -> None:
        """Let look-ups see what `apply` gave."""
        self.current = state

    def merge(self) -> bool:
        """Merge parts of the index once if that is due; gives whether it was. May take a minute."""
        if not self._growing.merge():
            return False
        merged = self.latest._replace(view=self._growing.view)
        if self.current.version == merged.version:  # the same hashes, looked up quicker
            self.current = merged
        self.latest = merged
        return True

    def near(self, hashes: NDArray[np.uint8], within: int) -> Hits:
        """Numbers of all hashes within so many bits of each, whatever is thought of them.

        Args:
            hashes: shape (n, bytes).
            within: bits.
        """
        words = as_words(np.ascontiguousarray(hashes).tobytes(), self.kind.bytes)
        return self.current.view.search(words, within)

    def entry_of(self, number: int) -> Entry:
        """What is known of the hash with a number."""
        return self.notes.get(int(self.rows.columns.note[number]))

    def group_of(self, number: int) -> Group:
        """The numbers of all hashes of the same entry."""
        return self.groups.of(int(self.rows.columns.note[number]), number)

    def look(
        self,
        hashes: Sequence[bytes],
        *,
        within: int,
        now: int,
        matches: Collection[str] = (Opinion.TRUE_POSITIVE,),
    ) -> list[Found]:
        """What lies near each hash, and whether it matches.

        Args:
            hashes: bytes of each.
            within: bits.
            now: microseconds: what has expired, or is disabled yet, does not match.
            matches: opinions that do.
        """
        if not hashes:
            return []
        near = self._near(hashes, within)
        return [_judged(hits, now, matches) if (hits := near[each]) else _NOTHING for each in hashes]

    def _near(self, hashes: Sequence[bytes], within: int) -> dict[bytes, list[Hit]]:
        """What lies near each; several signals ask about one picture, and it is posted again and again."""
        lately = self._lately
        view = self.current.view
        if lately[0] is not view or len(lately[1]) > _REMEMBERED:
            lately = self._lately = (view, {})
        known = lately[1]
        found = {each: hits for each in hashes if (hits := known.get((each, within))) is not None}
        asked = list(dict.fromkeys(each for each in hashes if each not in found))
        if asked:
            near = view.search(as_words(b"".join(asked), self.kind.bytes), within)
            raw = view.words_of(near.row).view(np.uint8)[:, : self.kind.bytes]
            found.update((each, []) for each in asked)
            for query, number, distance, row in zip(
                near.query.tolist(), near.row.tolist(), near.distance.tolist(), raw, strict=True
            ):
                found[asked[query]].append(self._hit(number, distance, row.tobytes()))
            known.update(((each, within), found[each]) for each in asked)
        return found

    def _hit(self, number: int, distance: int, raw: bytes) -> Hit:
        columns = self.rows.columns
        quality = int(columns.quality[number])
        return Hit(
            raw,
            distance,
            self.notes.get(int(columns.note[number])),
            number,
            None if quality == UNKNOWN else quality,
            int(columns.at_ms[number]) if self.kind.framed else None,
        )

    def counts(self) -> dict[tuple[str, str], int]:
        """Hashes by source and opinion."""
        notes, counts = np.unique(self.rows.columns.note[self.current.view.live_ids()], return_counts=True)
        found: dict[tuple[str, str], int] = {}
        for note, count in zip(notes.tolist(), counts.tolist(), strict=True):
            entry = self.notes.get(note)
            key = (entry.source, entry.opinion.value)
            found[key] = found.get(key, 0) + count
        return found

    def entries(self) -> Iterator[tuple[Entry, list[Hit]]]:
        """Everything that is in it, by number, each entry with its hashes; for files and people."""
        view = self.current.view
        ids = view.live_ids()
        done = -1
        for first in range(0, len(ids), _AT_ONCE):
            part = ids[first : first + _AT_ONCE]
            raw = view.words_of(part).view(np.uint8)[:, : self.kind.bytes]
            for number, alone in zip(part.tolist(), raw, strict=True):
                if number <= done:
                    continue
                group = self.group_of(number)
                if group.size == 1:
                    hit = self._hit(number, 0, alone.tobytes())
                    yield hit.entry, [hit]
                    continue
                done = group.first + group.size - 1
                numbers = np.arange(group.first, group.first + group.size)
                known = view.words_of(numbers).view(np.uint8)[:, : self.kind.bytes]
                hits = [
                    self._hit(each, 0, row.tobytes())
                    for each, row in zip(numbers.tolist(), known, strict=True)
                ]
                yield hits[0].entry, hits

    def _add(self, added: Added) -> None:
        entries = added.entries
        notes = np.array([self.notes.put(each) for each in entries], np.int32)
        gone: set[int] = set()
        several = [
            place for place, each in enumerate(entries) if each.ref and (each.hashes > 1 or self.kind.framed)
        ]
        keep = np.ones(len(added.note), np.bool_)
        last: dict[tuple[str, str], int] = {}
        for place in several:
            entry = entries[place]
            if (double := last.get((entry.source, entry.ref))) is not None:
                keep[added.note == double] = False
            last[entry.source, entry.ref] = place
            if (known := self.groups.find(entry.source, entry.ref, self.notes)) is not None:
                group = self.groups.by_note[known]
                gone.update(range(group.first, group.first + group.size))
                self.groups.drop(known, self.notes)
        single = np.ones(len(entries), np.bool_)
        single[several] = False
        named = {name: place for place, name in enumerate(sorted({each.source for each in entries}))}
        sources = np.array([named[each.source] for each in entries], np.int64)[added.note]
        alone = np.flatnonzero(single[added.note])
        keep[alone[~_last_of_each(added.words[alone], sources[alone])]] = False
        replaced = self._same(added, alone, sources, named)
        columns = Columns(notes[added.note[keep]], added.quality[keep], added.at_ms[keep])
        numbers = self.rows.add(columns)
        for place in last.values():
            mine = numbers[added.note[keep] == place]
            group = Group(int(mine[0]), len(mine))
            self.groups.put(int(notes[place]), entries[place], group, self.notes)
        all_gone = np.union1d(replaced, np.array(sorted(gone), np.int64))
        self._growing.change(added.words[keep], numbers, all_gone)

    def _same(
        self, added: Added, alone: NDArray[np.int64], sources: NDArray[np.int64], named: Mapping[str, int]
    ) -> NDArray[np.int64]:
        """Numbers of hashes that are there already, from the same source, and are an entry by themselves."""
        view = self._growing.view
        found: list[NDArray[np.int64]] = [_NONE]
        for first in range(0, len(alone) if len(view) else 0, _AT_ONCE):
            part = alone[first : first + _AT_ONCE]
            hits = view.search(added.words[part], 0)
            notes, places = np.unique(self.rows.columns.note[hits.row], return_inverse=True)
            known = [
                -1 if note in self.groups.by_note else named.get(self.notes.get(note).source, -1)
                for note in notes.tolist()
            ]
            same = np.array(known, np.int64)[places] == sources[part[hits.query]]
            found.append(hits.row[same])
        return np.unique(np.concatenate(found))

    def _speaks(self, removed: Removal, note: int) -> bool:
        """Whether an entry is of the source that is to go."""
        entry: Entry = self.notes.get(note)
        return removed.source in ("", entry.source)

    def _removed(self, removed: Sequence[Removal]) -> NDArray[np.int64]:
        gone: set[int] = set()
        dropped: set[int] = set()
        by_hash = [each for each in removed if each.hash]
        for first in range(0, len(by_hash), _AT_ONCE):
            part = by_hash[first : first + _AT_ONCE]
            words = as_words(b"".join(bytes.fromhex(each.hash) for each in part), self.kind.bytes)
            hits = self._growing.view.search(words, 0)
            for query, number in zip(hits.query.tolist(), hits.row.tolist(), strict=True):
                note = int(self.rows.columns.note[number])
                if self._speaks(part[int(query)], note):
                    group = self.groups.of(note, number)
                    gone.update(range(group.first, group.first + group.size))
                    dropped.add(note)
        for each in removed:
            if each.ref:
                for note in self.groups.found(each.ref, self.notes):
                    if self._speaks(each, note):
                        group = self.groups.by_note[note]
                        gone.update(range(group.first, group.first + group.size))
                        dropped.add(note)
        for note in dropped & self.groups.by_note.keys():
            self.groups.drop(note, self.notes)
        return np.array(sorted(gone), np.int64)


def _judged(hits: list[Hit], now: int, matches: Collection[str]) -> Found:
    """Of what is near, what matches: opinions of one hash are taken together."""
    holding: dict[bytes, list[Hit]] = {}
    for hit in hits:
        if hit.entry.holds(now):
            holding.setdefault(hit.hash, []).append(hit)
    said = {raw: opinion_of(hit.entry for hit in each) for raw, each in holding.items()}
    order = sorted(hits, key=lambda hit: (hit.distance, hit.hash, hit.number))
    good = tuple(
        hit
        for hit in order
        if said.get(hit.hash) in matches
        and hit.entry.holds(now)
        and (hit.entry.opinion is not Opinion.FALSE_POSITIVE or said[hit.hash] is Opinion.FALSE_POSITIVE)
    )
    numbers = {hit.number for hit in good}
    others = tuple(hit for hit in order if hit.number not in numbers)
    return Found(good, others, len({_entry_key(hit) for hit in good}))


def _entry_key(hit: Hit) -> tuple[str, str]:
    return hit.entry.source, hit.entry.ref or hit.hash.hex()


def _last_of_each(words: NDArray[np.uint64], sources: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Of each hash whether no later one is the same and from the same source."""
    if len(words) < 2:
        return np.ones(len(words), np.bool_)
    keyed = np.concatenate([words, sources[:, None].view(np.uint64)], axis=1)
    order = np.lexsort((np.arange(len(words)), *keyed.T))
    same = (keyed[order[1:]] == keyed[order[:-1]]).all(axis=1)
    last = np.ones(len(words), np.bool_)
    last[order[:-1][same]] = False
    return last
