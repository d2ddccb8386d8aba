"""One pass over a text gives what each entry of each bank gives by itself."""

from __future__ import annotations

import numpy as np
from condition_worlds import AT, TEXTS
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.policy.conditions.banks import folded, stands_alone
from seawall.policy.conditions.meetings import Meeting
from seawall.policy.conditions.nearness import Nearness
from seawall.policy.model import Bank

words = st.sampled_from(
    ("a", "ab", "b", "free money", "money", "フリー", "strasse", "Straße", "5", "中", "é", "a b", "_", "  ")
)
hosts = st.sampled_from(("b", "a.b", "example.org", "a.example.org", "org"))
texts = st.one_of(
    st.sampled_from(TEXTS),
    st.lists(words, max_size=6).map("".join),
    st.lists(words, max_size=6).map(" ".join),
    hosts,
    hosts.map(lambda host: f"x.{host.upper()}."),
)


@st.composite
def banks(draw: st.DrawFn) -> list[Bank]:
    found = []
    for place in range(draw(st.integers(1, 5))):
        how = draw(st.sampled_from(("words", "anywhere", "exact", "domain")))
        entries = draw(st.lists(hosts if how == "domain" else words, unique=True, max_size=8))
        found.append(Bank(name=f"b{place}", match=how, entries=tuple(entries), version=str(place), span=AT))
    return found


def met(how: str, entry: str, text: str) -> bool:
    """Whether one entry meets a text, in the words of the reference."""
    if how == "exact":
        return entry == text
    if how == "domain":
        host = text.strip().rstrip(".").lower()
        return host == entry or host.endswith(f".{entry}")
    term, known = folded(entry), folded(text)
    starts = [start for start in range(len(known)) if term and known.startswith(term, start)]
    return any(how == "anywhere" or stands_alone(known, start, start + len(term)) for start in starts)


def entries_met(bank: Bank, text: str) -> int:
    """How many different entries: those that fold to the same are one."""
    by_text = {entry if bank.match in ("exact", "domain") else folded(entry) for entry in bank.entries}
    return sum(met(bank.match, entry, text) for entry in by_text)


@given(known=banks(), read=st.lists(texts, min_size=1, max_size=5))
def test_one_pass_meets_what_every_entry_meets_alone(known, read):
    meeting = Meeting(known)
    expected = [[entries_met(bank, text) for bank in known] for text in read]
    assert meeting.read(read).tolist() == expected
    for place, bank in enumerate(known):
        count, meets = meeting.count_of(bank.name), meeting.test_of(bank.name)
        assert [count(text) for text in read] == [row[place] for row in expected]
        assert [meets(text) for text in read] == [row[place] > 0 for row in expected]
        assert (count(None), meets(None)) == (None, None)


def apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


@settings(max_examples=max(10, settings().max_examples // 3))
@given(
    digits=st.sampled_from((2, 8, 16, 20, 64)),
    count=st.sampled_from((1, 30, 2_500)),
    distance=st.integers(0, 40),
    seed=st.integers(0, 2**32),
)
def test_near_is_the_exact_distance_to_some_hash(digits, count, distance, seed):
    """Asked of hashes around the distance, whichever way they are found."""
    rng = np.random.default_rng(seed)
    hashes = [rng.bytes(digits // 2).hex() for _ in range(count)]
    near = Nearness(hashes).within(distance)
    for flips in (0, max(distance - 1, 0), distance, distance + 1, 4 * digits):
        bits = rng.choice(4 * digits, min(flips, 4 * digits), replace=False)
        mask = sum(1 << int(bit) for bit in bits)
        text = f"{int(hashes[seed % count], 16) ^ mask:0{digits}x}"
        assert near(text) is any(apart(text, each) <= distance for each in hashes), (flips, text)
    assert near(None) is None
    assert near("0" * (digits + 2)) is None
    assert near("x" * digits) is None
    assert near(" " * digits) is None
