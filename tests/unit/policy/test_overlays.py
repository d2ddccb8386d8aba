"""Overlays of strategies, and what `seawall show` prints of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from seawall.appeal.statement import sealed_clauses
from seawall.policy.changed import changed_strategies
from seawall.policy.diff import diff_projects
from seawall.policy.flatten import flattened, forms
from seawall.policy.model import Mode, Queue, ReviewThen, StrategyOverlay
from seawall.policy.read import require_project
from seawall.policy.version import project_version
from seawall.serve.cli.app import build
from seawall.signals.kinds import KINDS
from seawall.testing.projects import AT, bank, project, strategy

GOLDEN = Path(__file__).parents[2] / "golden" / "check"
LAYOUT = {"span": AT, "when_span": AT, "except_span": None, "overlays": ()}


@pytest.fixture
def folder(tmp_path):
    for case in ("base", "strategy_overlays_whole/project"):
        shutil.copytree(GOLDEN / case, tmp_path, dirs_exist_ok=True)
    (tmp_path / "tests/links.yml").unlink()  # it expects fires where an overlay switches off
    return tmp_path


def shown(folder, *options):
    return CliRunner().invoke(build(), ["show", "spam.link_burst", "--project", str(folder), *options])


def test_groups_then_markets_then_languages(folder):
    whole = require_project(folder, kinds=KINDS).strategies["spam.link_burst"]
    assert [each.name for each in whole.overlays] == ["EU", "NEAR", "FR", "id"]
    found = {place: flattened(whole, *place) for place in [(None, None), ("DE", "id"), ("FR", "en")]}
    assert [each.mode for each in found.values()] == [Mode.LIVE, Mode.SHADOW, Mode.OFF]
    assert [each.when.endswith("9") for each in found.values()] == [False, True, True]
    assert [len(each.review) for each in found.values()] == [0, 1, 0]
    assert [each.except_when is None for each in found.values()] == [True, False, True]


@pytest.mark.parametrize("place", [(None, None), ("SG", None), ("DE", "id"), ("FR", "id"), ("ID", "id")])
def test_what_is_shown_is_a_file_that_says_the_same(folder, place):
    before = flattened(require_project(folder, kinds=KINDS).strategies["spam.link_burst"], *place)
    options = [f"--{name}={said}" for name, said in zip(("market", "language"), place, strict=True) if said]
    result = shown(folder, *options)
    assert result.exit_code == 0
    (folder / "strategies/link_burst.yml").write_text(result.stdout)
    after = require_project(folder, kinds=KINDS).strategies["spam.link_burst"]
    assert msgspec.structs.replace(after, **LAYOUT) == msgspec.structs.replace(before, **LAYOUT)


def test_what_is_shown_names_the_overlays(folder):
    assert shown(folder, "--market", "DE").stdout.splitlines()[:2] == [
        "# with what it changes for EU, then NEAR",
        "# overlays that do not hold here: FR, id",
    ]


def test_an_unknown_place_or_name_is_refused(folder):
    assert "XX is no market" in str(shown(folder, "--market", "XX").exception)
    result = CliRunner().invoke(build(), ["show", "spam.link_brust", "--project", str(folder)])
    assert "there is no strategy 'spam.link_brust'" in str(result.exception)


def overlaid(**changes):
    overlay = StrategyOverlay(name="SG", markets=("SG",), span=AT, **changes)
    return project(strategies=[strategy("spam.new", "text = 'a'", overlays=(overlay,))])


def test_an_overlay_is_part_of_the_version_and_of_differences():
    projects = [overlaid(when="text = 'b'"), overlaid(when="text = 'c'"), overlaid(mode=Mode.OFF)]
    assert len({project_version(each) for each in projects}) == 3
    assert project_version(overlaid(when="text  =  'b'")) == project_version(projects[0])
    (difference,) = diff_projects(projects[0], projects[1])
    assert difference.fields == ("overlays",)
    assert not diff_projects(projects[0], overlaid(when="text  = 'b'"))
    assert changed_strategies(projects[0], projects[1]) == {"spam.new": ("overlays",)}
    assert not changed_strategies(projects[0], overlaid(when="text  = 'b'"))


def test_a_list_that_an_overlay_reads_makes_a_difference():
    one, other = (
        msgspec.structs.replace(overlaid(when="matches(text, 'coins')"), banks={"coins": each})
        for each in (bank("coins", "a"), bank("coins", "b", version="2"))
    )
    assert changed_strategies(one, other) == {"spam.new": ("list coins",)}


def test_a_clause_is_sealed_where_an_overlay_routes_to_a_sealed_queue():
    queue = Queue(name="sealed", title="Sealed", roles=("lead",), sla_s=60, sealed=True, span=AT)
    known = overlaid(then=(), review=(ReviewThen(queue="sealed"),))
    assert sealed_clauses(msgspec.structs.replace(known, queues={"sealed": queue})) == {"spam#c1"}


def test_forms_are_few():
    known = overlaid(when="text = 'b'").strategies["spam.new"]
    assert [each.when for each in forms(known)] == ["text = 'a'", "text = 'b'"]
