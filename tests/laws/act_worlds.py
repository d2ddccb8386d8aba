"""Small worlds of facts in which everything that can collide does: few targets, few times, few clauses."""

from __future__ import annotations

from hypothesis import strategies as st

from seawall.act.facts import Facts, Fall, Ground, Key, Shield, Subject
from seawall.core.action import LADDERS

TIMES = st.integers(0, 12)
CLAUSES = ("spam/s#c1", "scam/s#c2", "hate/h#c1")
SEVERITY = dict(zip(CLAUSES, ("low", "severe", "medium"), strict=True))
SUBJECTS = (None, Subject("comment", "c1"), Subject("comment", "c1", "v2"), Subject("video", "d1", "v1"))
TARGETS = (("comment", "c1"), ("video", "d1"), ("account", "u1"), ("account", "u2"))
AXES = ("visibility", "interaction", "account", "support")
EVIDENCE = st.sets(st.sampled_from(("bank:a@1", "reports:r1"))).map(lambda found: tuple(sorted(found)))


@st.composite
def grounds(draw: st.DrawFn) -> Ground:
    axis = draw(st.sampled_from(AXES))
    ladder = LADDERS[axis]
    rung = draw(st.integers(1 if axis == "visibility" else 0, len(ladder) - 1))
    clause = draw(st.sampled_from(CLAUSES))
    decision = draw(st.integers(0, 3))
    subject = draw(st.sampled_from(SUBJECTS))
    starts = draw(TIMES)
    length = draw(st.none() | st.integers(1, 6))
    return Ground(
        key=Key(*draw(st.sampled_from(TARGETS)), axis, draw(st.sampled_from(("*", "SG")))),
        action=ladder[rung],
        rung=rung,
        strategy=draw(st.sampled_from(("s.one", "s.two"))),
        clause=clause,
        severity=SEVERITY[clause],
        ground="terms",
        decision_id=f"d{decision}",
        event_id=f"e{decision}",
        occasion=f"o{decision // 2}",
        subject=subject,
        actor="u1",
        machine=draw(st.booleans()),
        evidence=draw(EVIDENCE),
        starts=starts,
        ends=None if length is None else starts + length,
    )


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    asked = tuple(draw(st.lists(grounds(), max_size=8)))
    names = [ground.id for ground in asked] + ["of a ground not known"]
    fallen = draw(
        st.lists(
            st.builds(
                Fall,
                ground_id=st.sampled_from(names),
                fact_id=st.sampled_from(("v1", "a1")),
                reason=st.just("verdict"),
                at=TIMES,
                by=st.just("r1"),
            ),
            max_size=4,
        )
    )
    raised = draw(
        st.lists(
            st.builds(
                Shield,
                subject=st.sampled_from(SUBJECTS[1:]),
                clause=st.sampled_from(CLAUSES),
                fact_id=st.sampled_from(("v1", "a1")),
                at=TIMES,
                known=EVIDENCE,
            ),
            max_size=3,
        )
    )
    return Facts(asked, tuple(fallen), tuple(raised))
