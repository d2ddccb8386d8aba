"""Definitions, `except when` and `allow` as strategists use them."""

from __future__ import annotations

import pytest

from seawall.decide.trace import trace
from seawall.policy.effective import strategy_condition
from seawall.policy.model import Allow, Definition, Then
from seawall.policy.version import project_version
from seawall.testing.projects import AT, bank, clause, event_type, policy, project, strategy

READ = {
    "comment_id": "c1",
    "actor_id": "u1",
    "text": "free coins",
    "link_domain": "x.test",
    "account_age_days": 2,
}


def allow(**more: object) -> Allow:
    return Allow(name="partners", when="matches(actor_id, 'partners')", span=AT, when_span=AT, **more)


def whole(*, then: str = "remove", severity: str = "low", allowed: Allow | None = None, **more: object):
    return project(
        events=[event_type(allow=(allowed,) if allowed else ())],
        policies=[policy(clauses=[clause(severity)])],
        strategies=[strategy("spam.new", "is_new AND link_domain IS NOT NULL", Then(action=then), **more)],
        banks=[bank("partners", "u9", match="exact")],
        definitions={"is_new": Definition(name="is_new", when="account_age_days < 7", span=AT, when_span=AT)},
    )


def fires(known, **values: object) -> bool | None:
    condition = strategy_condition(known, known.strategies["spam.new"], "comment")
    return trace(condition, READ | values).truth.value == "true"


def test_a_definition_stands_for_its_condition():
    known = whole()
    assert fires(known)
    assert not fires(known, account_age_days=7)


@pytest.mark.parametrize(("domain", "fired"), [("good.test", False), ("bad.test", True), (None, False)])
def test_where_an_exception_is_true_it_does_not_fire(domain, fired):
    assert fires(whole(except_when="link_domain = 'good.test'"), link_domain=domain) is fired


def test_an_exception_that_is_null_excepts_nothing():
    assert fires(whole(except_when="length(actor_id) > 3"), actor_id=None)


@pytest.mark.parametrize(
    ("allowed", "then", "severity", "fired"),
    [
        (allow(), "remove", "low", False),
        (allow(axes=("visibility",)), "remove", "low", False),
        (allow(axes=("account",)), "remove", "low", True),
        (allow(), "remove", "severe", True),
        (allow(severe=True), "remove", "severe", False),
    ],
)
def test_who_is_allowed_is_let_off_by_axis_and_severity(allowed, then, severity, fired):
    known = whole(then=then, severity=severity, allowed=allowed)
    assert fires(known, actor_id="u9") is fired
    assert fires(known, actor_id="u1")


def test_a_trace_says_the_names():
    known = whole(allowed=allow(), except_when="text = 'x'")
    root = trace(strategy_condition(known, known.strategies["spam.new"], "comment"), READ)
    condition, excepted, allowed = root.children
    assert condition.children[0].text == "is_new: account_age_days < 7"
    assert excepted.text == "except: (text = 'x') IS NOT TRUE"
    assert allowed.text == "allow partners: matches(actor_id, 'partners') IS NOT TRUE"
    assert [each.truth.value for each in root.children] == ["true", "true", "true"]


def test_what_is_excepted_makes_another_version():
    versions = {
        project_version(each)
        for each in (
            whole(),
            whole(except_when="text = 'x'"),
            whole(except_when="text = 'y'"),
            whole(allowed=allow()),
            whole(allowed=allow(axes=("visibility",))),
        )
    }
    assert len(versions) == 5
    assert project_version(whole(except_when="text  =  'x'")) == project_version(
        whole(except_when="text = 'x'")
    )


def test_another_definition_makes_another_version():
    other = Definition(name="is_new", when="account_age_days < 8", span=AT, when_span=AT)
    known = whole()
    changed = type(known)(
        **{name: getattr(known, name) for name in known.__struct_fields__}
        | {"definitions": {"is_new": other}}
    )
    assert project_version(known) != project_version(changed)
