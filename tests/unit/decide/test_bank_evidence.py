"""What a match in a list or bank is, as evidence: an entry, not how far it was nor that it was looked for."""

from __future__ import annotations

from seawall.core.decision import Decision, Reading
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.decide.evidence import Evidence
from seawall.policy.model import Then
from seawall.testing import projects

KNOWN = projects.bank("known", "00" * 8, "ff" * 8, match="hash")
SIGNAL = projects.signal("known_bits", kind="hash_bank", type_=Kind.INTEGER)


def evidence(when, text="00" * 8, **readings):
    strategy = projects.strategy("s", when, Then(action="remove", target="subject"))
    project = projects.project(strategies=[strategy], banks=[KNOWN], signals=[SIGNAL])
    event = Event(id="e", type="comment", ts=1, fields={"text": text})
    decision = Decision(decision_id="d", event_id="e", type="comment", ts=1, fired=("s",), signals=readings)
    found = Evidence(project).of(decision, event)["s"]
    return [each for each in found if each.startswith("bank:")]


def test_a_hash_that_is_near_one_of_a_list_rests_on_that_entry():
    same = evidence("near(text, 'known', 8)")
    assert len(same) == 1
    assert evidence("near(text, 'known', 8)", text="01" + "00" * 7) == same
    assert evidence("near(text, 'known', 0)", text="01" + "00" * 7) == []
    assert len(evidence("near(text, 'known', 64)")) == 2


def test_what_a_signal_found_in_a_bank_is_evidence_of_strategies_that_read_it():
    reading = Reading(3, evidence=("bank:pictures=0123 at 3 bits", "something else"))
    assert evidence("known_bits <= 8", known_bits=reading) == ["bank:pictures=0123"]
    assert evidence("text = 'x'", known_bits=reading) == []
    assert evidence("known_bits <= 8") == []
