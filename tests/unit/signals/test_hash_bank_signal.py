"""A signal that looks into banks: what it gives, what it refuses, and that changes reach it when enacted."""

from __future__ import annotations

import msgspec
import pytest

from seawall.core.diagnostic import Span
from seawall.core.errors import Corrupt, ProjectError, UsageError
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.policy.model import HashBank as Declared
from seawall.signals import Detectors
from seawall.signals.bank import HASH_KINDS, Banks, Entry, Opinion, hash_bank_kind
from seawall.signals.bank.change import Item, Removal, addition, removal
from seawall.testing import projects

PDQ = HASH_KINDS["pdq"]
A, B = bytes([15] * 32), bytes([240] * 32)
NEAR_A = (int.from_bytes(A) ^ 0b111).to_bytes(32)
AT = Span("banks/known.yml")


def declared(name="known", **more):
    return Declared(
        **{"name": name, "hash": "pdq", "within": 31, "matches": ("true_positive",), "span": AT, **more}
    )


def entry(**more):
    return Entry(**{"added_by": "ann", **more})


def put(banks, name, *items, **common):
    content = addition(name, PDQ, items, entry(**common))
    digest = banks.put(name, content)
    banks.prepare(name, digest)
    banks.enact(name, digest)


@pytest.fixture
def banks(tmp_path):
    return Banks(tmp_path)


def read(banks, *values, hashes=(), now=10, **options):
    kind = options.pop("type_", Kind.INTEGER)
    spec = projects.signal("s", kind="hash_bank", type_=kind, options={"bank": "known", **options})
    project = msgspec.structs.replace(
        projects.project(signals=[spec]), hash_banks={each.name: each for each in hashes or [declared()]}
    )
    detectors = Detectors(project, {"hash_bank": hash_bank_kind(banks, now=lambda: now)})
    events = [Event(id=str(n), type="comment", ts=0, fields={"text": each}) for n, each in enumerate(values)]
    readings = detectors.read("s", events)
    detectors.close()
    return readings


def values(readings):
    return [each.value if each.null is None else each.null for each in readings]


def test_it_says_how_far_the_nearest_is(banks):
    put(banks, "known", Item(entry(), (A,)), Item(entry(), (B,)))
    assert values(read(banks, A.hex(), NEAR_A.hex(), "00" * 32, "xyz", A.hex().upper(), None)) == [
        *(0, 3, "absent", "not_applicable", 0, "absent"),
    ]


def test_every_output(banks):
    said = {"ref": "case 7", "clause": "spam#c1", "source": "partner"}
    put(banks, "known", Item(entry(**said), (A,)), Item(entry(), (NEAR_A,)))
    wanted = {
        "matched": (Kind.BOOLEAN, True, False),
        "distance": (Kind.INTEGER, 0, "absent"),
        "count": (Kind.INTEGER, 2, 0),
        "bank": (Kind.STRING, "known", "absent"),
        "clause": (Kind.STRING, "spam#c1", "absent"),
        "label": (Kind.STRING, "case 7", "absent"),
        "source": (Kind.STRING, "partner", "absent"),
        "opinion": (Kind.STRING, "true_positive", "absent"),
    }
    for output, (kind, there, not_there) in wanted.items():
        readings = read(banks, A.hex(), B.hex(), output=output, type_=kind)
        assert values(readings) == [there, not_there], output
    evidence = readings[0].evidence
    assert [each.partition(" ")[2] for each in evidence] == ["at 0 bits", "at 3 bits"]
    assert A.hex() not in "".join(evidence)


def test_an_entry_without_a_clause_is_of_the_banks(banks):
    put(banks, "known", Item(entry(), (A,)))
    bank = declared(clause="spam#c2")
    assert values(read(banks, A.hex(), hashes=[bank], output="clause", type_=Kind.STRING)) == ["spam#c2"]
    assert values(read(banks, A.hex(), output="clause", type_=Kind.STRING)) == ["absent"]


def test_an_opinion_and_a_time_decide_whether_an_entry_matches(banks):
    put(banks, "known", Item(entry(source="a", expires=20, disabled_until=5), (A,)))
    assert values(read(banks, A.hex(), now=4)) == ["absent"]
    assert values(read(banks, A.hex(), now=5)) == [0]
    assert values(read(banks, A.hex(), now=20)) == ["absent"]
    put(banks, "known", Item(entry(source="b", opinion=Opinion.FALSE_POSITIVE), (A,)))
    assert values(read(banks, A.hex())) == ["absent"]
    disputed = declared(matches=("true_positive", "disputed"))
    assert values(read(banks, A.hex(), hashes=[disputed])) == [0]
    put(banks, "known", Item(entry(opinion=Opinion.FALSE_POSITIVE), (A,)))
    assert values(read(banks, A.hex(), hashes=[disputed])) == ["absent"]


def test_several_banks_are_one_look(banks):
    put(banks, "known", Item(entry(), (A,)))
    put(banks, "partners", Item(entry(), (NEAR_A,)))
    both = [declared(), declared("partners")]
    assert values(read(banks, NEAR_A.hex(), hashes=both, bank="known, partners")) == [0]
    found = read(banks, NEAR_A.hex(), hashes=both, bank="known,partners", output="bank", type_=Kind.STRING)
    assert values(found) == ["partners"]
    count = read(banks, A.hex(), hashes=both, bank="known,partners", output="count")
    assert values(count) == [2]


def test_a_bank_nothing_was_put_into_matches_nothing(banks):
    assert values(read(banks, A.hex())) == ["absent"]
    assert values(read(banks, A.hex(), output="matched", type_=Kind.BOOLEAN)) == [False]


def test_without_a_data_folder_nothing_is_answered():
    assert values(read(None, A.hex(), output="matched", type_=Kind.BOOLEAN)) == ["not_configured"]


def test_a_change_is_seen_when_it_is_enacted_and_not_before(banks):
    put(banks, "known", Item(entry(), (B,)))
    digest = banks.put("known", addition("known", PDQ, [Item(entry(), (A,))], entry()))
    banks.prepare("known", digest)
    assert values(read(banks, A.hex(), B.hex())) == ["absent", 0]
    banks.enact("known", digest)
    assert values(read(banks, A.hex(), B.hex())) == [0, 0]
    gone = banks.put("known", removal("known", PDQ, [Removal(hash=A.hex())]))
    banks.prepare("known", gone)
    banks.enact("known", gone)
    assert values(read(banks, A.hex(), B.hex())) == ["absent", 0]


@pytest.mark.parametrize(
    ("options", "hashes", "said"),
    [
        ({"bank": "knwon"}, [declared()], "no bank 'knwon'"),
        ({"bank": " , "}, [declared()], "needs a bank"),
        ({"output": "colour"}, [declared()], "output 'colour'"),
        ({"output": "label"}, [declared()], "output label is string"),
        ({"within": "near"}, [declared()], "within is 'near'"),
        ({"within": True}, [declared()], "within is True"),
        ({"bank": "known, files"}, [declared(), declared("files", hash="md5", within=0)], "md5 and pdq"),
        ({}, [declared(hash="vpdq")], "holds videos"),
    ],
)
def test_options_that_make_no_sense_are_refused(banks, options, hashes, said):
    with pytest.raises(ProjectError, match=said):
        read(banks, A.hex(), hashes=hashes, **options)


def test_a_change_of_another_kind_of_hash_is_refused(banks):
    put(banks, "known", Item(entry(), (A,)))
    md5 = addition("known", HASH_KINDS["md5"], [Item(entry(), (bytes(16),))], entry())
    with pytest.raises(UsageError, match="holds pdq hashes"):
        banks.put("known", md5)
    with pytest.raises(UsageError, match="of the bank 'other'"):
        banks.put("known", addition("other", PDQ, [], entry()))
    with pytest.raises(UsageError, match="line 1"):
        banks.put("known", b"nothing\n")


def test_a_change_that_is_gone_or_was_changed_is_noticed(banks):
    put(banks, "known", Item(entry(), (A,)))
    (path,) = (banks.folder / "known" / "changes").iterdir()
    path.write_bytes(path.read_bytes().replace(b"ann", b"bob"))
    with pytest.raises(Corrupt, match="was changed after"):
        Banks.reading(banks.folder)
    path.unlink()
    with pytest.raises(Corrupt, match="is not in"):
        Banks.reading(banks.folder)


def test_a_broken_snapshot_is_made_again_from_the_changes(banks):
    put(banks, "known", Item(entry(), (A,)))
    banks.turn(now=True)
    path = banks.folder / "known" / "snapshot"
    whole = path.read_bytes()
    for broken in (
        whole[:-64],
        whole[:100] + b"x" + whole[101:],
        b"",
        b"x" * 200,
        whole[:-70] + b"x" + whole[-69:],
    ):
        path.write_bytes(broken)
        assert values(read(Banks.reading(banks.folder), A.hex())) == [0]
