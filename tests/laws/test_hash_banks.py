"""Law: a bank says what a plain table of its entries says, whatever came and went, kept and read again."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.signals.bank.banks import Banks, version_of
from seawall.signals.bank.change import Item, Removal, addition, read_change, removal
from seawall.signals.bank.model import HASH_KINDS, OWN, Entry, Opinion, opinion_of
from seawall.signals.bank.snapshot import read_snapshot

EXAMPLES = int(os.environ.get("SEAWALL_EXAMPLES", "40"))
PDQ, VPDQ = HASH_KINDS["pdq"], HASH_KINDS["vpdq"]
NOW = 1_000


def hashes(rng, count):
    """Some of a few pictures, each a little changed."""
    centres = [bytes([seed] * 32) for seed in (0, 15, 255)]
    found = []
    for _ in range(count):
        bits = np.unpackbits(np.frombuffer(centres[rng.integers(3)], np.uint8)).copy()
        bits[rng.choice(256, int(rng.integers(0, 20)), replace=False)] ^= 1
        found.append(np.packbits(bits).tobytes())
    return found


def apart(one, other):
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


ENTRIES = st.builds(
    Entry,
    source=st.sampled_from([OWN, "a", "b"]),
    opinion=st.sampled_from(Opinion),
    clause=st.sampled_from(["", "nudity#c1"]),
    tags=st.sampled_from([(), ("x", "y")]),
    expires=st.sampled_from([NOW - 1, NOW, NOW + 1, 2**62]),
    disabled_until=st.sampled_from([0, NOW, NOW + 1]),
    share=st.booleans(),
)


class Table:
    """What a bank holds: the hashes of each entry by source and name."""

    def __init__(self):
        self.held: dict[tuple[str, str], tuple[Entry, tuple[bytes, ...]]] = {}

    def look(self, query, within):
        near = [
            (apart(query, each), each, entry, key)
            for key, (entry, all_) in self.held.items()
            for each in all_
            if apart(query, each) <= within
        ]
        found = []
        for distance, each, entry, key in near:
            speak = [one for _, other, one, _ in near if other == each and one.holds(NOW)]
            opinion = opinion_of(speak) if speak else None
            hides = entry.opinion is Opinion.FALSE_POSITIVE and opinion is not Opinion.FALSE_POSITIVE
            if opinion in ("true_positive", "disputed") and entry.holds(NOW) and not hides:
                found.append((distance, each, entry.source, key[1]))
        return sorted(found)


@given(data=st.data(), seed=st.integers(0, 2**32), framed=st.booleans())
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_bank_is_a_table_of_its_entries(data, seed, framed):
    rng, kind, table = np.random.default_rng(seed), VPDQ if framed else PDQ, Table()
    pool = hashes(rng, 12)
    with TemporaryDirectory() as folder:
        banks = Banks(Path(folder))
        digests = []
        for step in data.draw(st.lists(st.sampled_from("aaarrks"), min_size=1, max_size=12)):
            if step == "a":
                items = [_item(data, rng, pool, kind) for _ in range(int(rng.integers(1, 8)))]
                content = addition("known", kind, items, data.draw(ENTRIES))
                for item in items:
                    name = item.entry.ref or item.hashes[0].hex()
                    table.held[item.entry.source, name] = (item.entry, item.hashes)
            elif step == "r":
                removed = [_removal(data, rng, pool) for _ in range(2)]
                content = removal("known", kind, removed)
                for each in removed:
                    gone = [
                        key
                        for key, (_, all_) in table.held.items()
                        if each.source in ("", key[0])
                        and ((each.ref and each.ref == key[1]) or each.hash in {one.hex() for one in all_})
                    ]
                    for key in gone:
                        del table.held[key]
            elif step == "k":
                banks.turn(now=True)
                continue
            else:
                banks = Banks(Path(folder))
                banks.follow({"known": digests})
                continue
            before = _look(banks, pool)
            digest = banks.put("known", content)
            banks.prepare("known", digest)
            assert _look(banks, pool) == before, "a change that is not enacted is not seen"
            banks.enact("known", digest)
            digests.append(digest)
            assert _look(banks, pool) == [table.look(query, 31) for query in pool]
        assert Banks.reading(Path(folder)).logged("known") == digests
        again = Banks.reading(Path(folder))
        bank = again.bank("known")
        assert bank is None or bank.current.version == version_of(digests)
        assert _look(again, pool) == [table.look(query, 31) for query in pool]
        _kept_is_the_same(banks, again, table)


def _kept_is_the_same(banks, again, table):
    bank = banks.bank("known")
    if bank is None:
        return
    assert bank.size == sum(len(all_) for _, all_ in table.held.values())
    banks.turn(now=True)
    kept = read_snapshot(banks.folder / "known" / "snapshot")
    assert kept is not None
    assert list(kept.entries()) == list(bank.entries())
    held = {
        (entry.source, entry.ref or hits[0].hash.hex()): tuple(hit.hash for hit in hits)
        for entry, hits in again.bank("known").entries()
    }
    assert held == {key: all_ for key, (_, all_) in table.held.items()}


def _look(banks, pool):
    bank = banks.bank("known")
    if bank is None:
        return [[] for _ in pool]
    found = bank.look(pool, within=31, now=NOW, matches=("true_positive", "disputed"))
    assert all(each.count == len({(hit.entry.source, _name(hit)) for hit in each.hits}) for each in found)
    return [
        sorted((hit.distance, hit.hash, hit.entry.source, _name(hit)) for hit in each.hits) for each in found
    ]


def _name(hit):
    return hit.entry.ref or hit.hash.hex()


def _item(data, rng, pool, kind):
    entry = data.draw(ENTRIES)
    if kind.framed:
        count = int(rng.integers(1, 5))
        all_ = tuple(pool[place] for place in rng.integers(0, 12, count))
        frames = tuple((int(rng.integers(101)), 100 * place) for place in range(count))
        ref = f"clip {rng.integers(4)}"
        return Item(msgspec.structs.replace(entry, ref=ref, hashes=count), all_, frames)
    if rng.random() < 0.3:  # several turns of one picture
        all_ = tuple(pool[place] for place in rng.integers(0, 12, 3))
        return Item(msgspec.structs.replace(entry, ref=f"case {rng.integers(4)}", hashes=3), all_)
    return Item(entry, (pool[rng.integers(12)],))


def _removal(data, rng, pool):
    source = data.draw(st.sampled_from(["", OWN, "a"]))
    if rng.random() < 0.5:
        return Removal(ref=f"{data.draw(st.sampled_from(['case', 'clip']))} {rng.integers(4)}", source=source)
    return Removal(hash=pool[rng.integers(12)].hex(), source=source)


@given(common=ENTRIES, entries=st.lists(ENTRIES, max_size=6), seed=st.integers(0, 2**32))
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_change_is_read_as_it_was_written(common, entries, seed):
    rng = np.random.default_rng(seed)
    items = [Item(entry, (one,)) for entry, one in zip(entries, hashes(rng, len(entries)), strict=True)]
    items += [Item(common, (one,)) for one in hashes(rng, 2)]
    added = read_change(addition("known", PDQ, items, common)).added
    assert added is not None
    read = [
        (added.entries[note], words.tobytes()) for note, words in zip(added.note, added.words, strict=True)
    ]
    assert read == [(item.entry, item.hashes[0]) for item in items]
