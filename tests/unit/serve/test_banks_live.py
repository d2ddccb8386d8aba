"""Banks that change while a server decides, as commands change them, and what may leave."""

from __future__ import annotations

import csv
import json
import time
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from door_fixtures import NOON, StepClock, comment, open_small, write_project
from typer.testing import CliRunner

from seawall.core.decision import Decision
from seawall.core.errors import Corrupt
from seawall.serve.banks import ask_change, named
from seawall.serve.cli.app import build
from seawall.serve.judge import Incoming
from seawall.serve.process import open_live
from seawall.serve.settings import Settings
from seawall.serve.sweep.touched import resting_on
from seawall.serve.wiring import open_project
from seawall.signals.bank import HASH_KINDS, Banks, Entry, Opinion
from seawall.signals.bank.change import Item, Removal, addition, removal
from seawall.store.tables import AUDIT

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.serve.live import Live

PDQ = HASH_KINDS["pdq"]
A, B = bytes([15] * 32), bytes([240] * 32)
NEAR_A = (int.from_bytes(A) ^ 0b111).to_bytes(32).hex()
COMMENT = (
    "event: comment\nsurface: comment\ndescribes: One comment.\nsubject: comment_id\nactor: actor_id\n"
    "fields:\n  comment_id: string\n  actor_id: string\n  text: string\n  link_domain: string?\n"
    "  image_hash: hash?\n"
)
FILES = {
    "events/comment.yml": COMMENT,
    "banks/known.yml": "bank: known\ndescribes: Known.\nhash: pdq\nclause: spam/links#c1\n"
    "share: {to: [partner], severe_to: [hotline]}\n",
    "signals/known.yml": "signals:\n  known_bits:\n    kind: hash_bank\n    on: comment\n"
    "    input: image_hash\n    type: integer\n    options: {bank: known}\n",
    "strategies/spam/known.yml": "strategy: spam.known\ndescribes: A known picture.\npolicy: spam/links#c1\n"
    "on: comment\nwhen: known_bits <= 8\nthen: [remove]\nmode: live\nowner: integrity\n"
    "expect: {precision: 0.5, disturbance_per_10k: 2}\n",
    "policies/spam/links.md": (
        "---\npolicy: spam/links\ntitle: Links\nowner: integrity\nversion: 1\n---\n\nLinks that mislead.\n\n"
        "## c1. Shops\n\n```yaml\nground: terms\nseverity: medium\n```\n\nA link to a false **shop**.\n\n"
        "## c2. Worse\n\n```yaml\nground: law\njurisdictions: [SG]\nseverity: severe\n```\n\nThe worst.\n"
    ),
}


def decide(live: Live, number: int, image_hash: str = NEAR_A) -> Decision:
    sent = comment(number, image_hash=image_hash)
    [answer] = live.submit([Incoming(sent)]).result(timeout=10)
    assert isinstance(answer, Decision), answer
    return answer


def asked(live: Live, content: bytes) -> None:
    ask_change(
        live.store.ledger, live.banks, "known", content, by="cli:ann", reason="a case", at=live.clock.now()
    )


def turn(live: Live) -> None:
    """As the chore does; the worker takes it between two batches."""
    live._bank_changes.turn()


def add(*items: Item) -> bytes:
    return addition("known", PDQ, items, Entry(added_by="ann"))


def run(root: Path, *words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(build(), [*words, "--project", str(root)], env={"COLUMNS": "120"})
    failed = (
        "" if result.exception is None or isinstance(result.exception, SystemExit) else str(result.exception)
    )
    return result.exit_code, result.stdout, result.stderr + failed


def test_a_change_holds_from_one_batch_to_the_next_and_a_decision_says_which_it_was(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path, FILES)
    live.start(chores=False)
    try:
        before = decide(live, 1)
        asked(live, add(Item(Entry(), (A,))))
        assert decide(live, 2).action == "allow"
        turn(live)
        known = decide(live, 3)
        asked(live, removal("known", PDQ, [Removal(hash=A.hex())]))
        turn(live)
        gone = decide(live, 4)
    finally:
        live.stop()
    assert [before.action, known.action, gone.action] == ["allow", "remove", "allow"]
    assert known.signals["known_bits"].value == 3
    assert known.signals["known_bits"].evidence[0].startswith("bank:known=")
    assert len({each.effective_version for each in (before, known, gone)}) == 3


def test_what_was_asked_without_a_server_holds_from_its_start_and_after_the_next(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path, FILES)
    live.start(chores=False)
    live.stop()
    code, said, _ = run(tmp_path, "bank", "add", "known", A.hex(), "--reason", "found")
    assert (code, said) == (0, "1 entry is asked to come into known\n")
    for number in (1, 2):
        live, _ = open_small_again(tmp_path)
        live.start(chores=False)
        action = decide(live, number).action
        live.stop()
        assert action == "remove"
    [control] = [control for _, control in _controls(tmp_path) if control.kind == "bank"]
    assert named(control).bank == "known"
    assert (control.by.partition(":")[0], control.reason) == ("cli", "found")


def open_small_again(root: Path):
    clock = StepClock(NOON + 1_000_000)
    return open_live(root, Settings(min_free_bytes=0), clock=clock), clock


def _controls(root: Path):
    live, _ = open_small_again(root)
    controls = list(live.store.controls())
    live.start(chores=False)
    live.stop()
    return controls


def test_a_change_that_cannot_be_read_is_refused_and_the_audit_says_why(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path, FILES)
    live.start(chores=False)
    try:
        asked(live, add(Item(Entry(), (A,))))
        (path,) = (live.banks.folder / "known" / "changes").iterdir()
        path.unlink()
        turn(live)
        assert decide(live, 1).action == "allow"
        with live.store.ledger.read() as connection:
            acts = {row.act: json.loads(row.detail) for row in connection.execute(AUDIT.select())}
        assert "is not in" in acts["bank.refused"]["why"]
        turn(live)  # it is not asked again
    finally:
        live.stop()


def test_a_server_without_a_change_that_its_journal_names_does_not_start(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path, FILES)
    live.start(chores=False)
    asked(live, add(Item(Entry(), (A,))))
    turn(live)
    decide(live, 1)
    live.stop()
    (path,) = (live.banks.folder / "known" / "changes").iterdir()
    path.unlink()
    assert (live.banks.folder / "known" / "snapshot").is_file()
    open_small_again(tmp_path)[0].store.close()  # the snapshot has it all
    (live.banks.folder / "known" / "snapshot").unlink()
    with pytest.raises(Corrupt, match="is not in"):
        open_small_again(tmp_path)


def test_another_process_sees_what_is_in_force(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path, FILES)
    live.start(chores=False)
    try:
        asked(live, add(Item(Entry(), (A,))))
        turn(live)
        decide(live, 1)
        beside = Banks.reading(live.banks.folder)
    finally:
        live.stop()
    bank = beside.bank("known")
    assert bank is not None
    assert bank.current.version == live.banks.bank("known").current.version
    events = tmp_path / "events.jsonl"
    events.write_text(json.dumps(comment(9, image_hash=NEAR_A)) + "\n")
    code, said, _ = run(tmp_path, "decide", str(events))
    assert code == 0
    assert json.loads(said)["fired"] == ["spam.known"]


def test_what_was_posted_before_is_found_by_a_sweep(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path, FILES)
    live.start(chores=False)
    assert decide(live, 1).action == "allow"
    asked(live, add(Item(Entry(), (A,))))
    turn(live)
    decide(live, 2, B.hex())
    live.stop()
    project = open_project(tmp_path)
    assert resting_on(project, banks=["known"]) == ("spam.known",)
    assert resting_on(project, banks=["unknown"]) == ()
    code, said, error = run(tmp_path, "sweep", "--list", "known")
    assert code == 0, error
    assert "1 would change" in " ".join(said.split()), said


def test_the_life_of_a_bank_by_commands(tmp_path: Path) -> None:
    root = write_project(tmp_path, **FILES)
    assert run(root, "bank", "match", "known", A.hex())[0] == 1
    assert run(root, "bank", "stats")[1].startswith("known  pdq, within 31 bits\n  nothing was ever put")
    file = tmp_path / "list.txt"
    file.write_text(f"{A.hex()}\n{B.hex()}\n")
    code, said, _ = run(root, "bank", "import", "known", str(file), "--source", "partner", "--dry-run")
    assert (code, said) == (0, "2 entries are sound; nothing was asked for\n")
    code, said, _ = run(root, "bank", "import", "known", str(file), "--source", "partner", "--tag", "x")
    assert said == "2 entries are asked to come into known: 0 hashes now, 2 with them\n"
    code, said, waits = run(root, "bank", "match", "known", NEAR_A)
    assert code == 0
    assert "3 bits  0f0f0f0f0f0f0f0f…  true_positive, says partner" in said
    assert waits == "(1 change of banks waits for a server)\n"
    assert run(root, "bank", "match", "known", NEAR_A, "--within", "2")[0] == 1
    assert run(root, "bank", "add", "known", A.hex(), "--opinion", "false_positive")[0] == 0
    code, said, _ = run(root, "bank", "match", "known", A.hex())
    assert (code, said.splitlines()[0]) == (1, f"{A.hex()}: 0 match, 2 near that do not")
    assert "2  true_positive, says partner" in run(root, "bank", "stats", "known")[1]
    assert run(root, "bank", "remove", "known", A.hex(), "--source", "own")[0] == 0
    assert run(root, "bank", "remove", "known", A.hex(), "--source", "own")[0] == 1
    assert run(root, "bank", "match", "known", A.hex())[0] == 0
    out = tmp_path / "out.csv"
    assert run(root, "bank", "export", "known", "--out", str(out))[0] == 0
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert {row["hash"] for row in rows} == {A.hex(), B.hex()}
    assert {row["tags"] for row in rows} == {"x"}


def test_a_picture_is_added_and_found_in_its_turns(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image", reason="Pillow (the extra media) is not installed")
    pytest.importorskip("av", reason="PyAV (the extra media) is not installed")
    root = write_project(tmp_path, **FILES)
    y, x = np.mgrid[:200, :300]
    pixels = np.stack([127 + 120 * np.sin(x / 29 + y / 61), x * 255 / 300, (x * y) % 256], -1).astype(
        np.uint8
    )
    image.fromarray(pixels).save(tmp_path / "a.png")
    image.fromarray(pixels[:, ::-1]).save(tmp_path / "mirrored.png")
    image.new("RGB", (64, 64)).save(tmp_path / "plain.png")
    assert run(root, "bank", "add", "known", "--image", str(tmp_path / "a.png"), "--turns")[0] == 0
    assert run(root, "bank", "match", "known", "--image", str(tmp_path / "mirrored.png"))[0] == 0
    assert (
        "too little contrast"
        in run(root, "bank", "match", "known", "--image", str(tmp_path / "plain.png"))[2]
    )
    assert "no picture" in run(root, "bank", "match", "known", "--image", str(root / "seawall.yml"))[2]


SENSELESS = (
    (("add", "unknown", A.hex()), "declares no bank 'unknown'"),
    (("add", "known"), "nothing was named"),
    (("add", "known", "0f"), "64 hexadecimal digits"),
    (("add", "known", A.hex(), "--clause", "spam/links#c9"), "no clause 'spam/links#c9'"),
    (("remove", "known"), "nothing was named"),
    (("match", "known"), "nothing was named"),
    (("import", "known", "nowhere.txt", "--source", "x"), "cannot be read"),
    (("import", "known", "seawall.yml", "--source", "x", "--form", "xml"), "no form 'xml'"),
    (("share", "known", "--to", "partner"), "--out FILE"),
    (("share", "known", "--to", "nobody", "--dry-run"), "names no partner 'nobody'"),
)


def test_what_makes_no_sense_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_project(tmp_path, **FILES))
    for words, said in SENSELESS:
        code, _, error = run(tmp_path, "bank", *words)
        assert code, words
        assert said in error


def test_lines_that_cannot_be_read_bring_nothing_in_unless_they_are_skipped(tmp_path: Path) -> None:
    root = write_project(tmp_path, **FILES)
    file = tmp_path / "list.txt"
    file.write_text(f"{A.hex()}\nnonsense\nmd5 {'0' * 32}\n")
    words = ("bank", "import", "known", str(file), "--source", "x")
    code, _, error = run(root, *words)
    assert code == 1
    assert f"{file}:2: a pdq hash has 64" in error
    assert "1 hashes of other kinds" in error
    assert run(root, "bank", "match", "known", A.hex())[0] == 1
    assert run(root, *words, "--skip-bad")[0] == 0
    assert run(root, "bank", "match", "known", A.hex())[0] == 0


def test_what_may_leave_and_why_the_rest_may_not(tmp_path: Path) -> None:
    root = write_project(tmp_path, **FILES)
    plain = Entry(share=True, added_by="ann", ref="case 7", tags=("x",))
    replace = msgspec.structs.replace
    entries = [
        plain,
        replace(plain, source="partner"),
        replace(plain, share=False),
        replace(plain, opinion=Opinion.UNCONFIRMED),
        replace(plain, expires=5),
        replace(plain, clause="spam/other#c1"),
        replace(plain, clause="spam/links#c2"),
    ]
    hashes = [bytes([place] * 32) for place in range(len(entries))]
    lines = tmp_path / "in.jsonl"
    lines.write_bytes(b"".join(msgspec.json.encode({"hash": raw.hex(), **msgspec.to_builtins(each)}) + b"\n"
                               for raw, each in zip(hashes, entries, strict=True)))  # fmt: skip
    words = ("bank", "import", "known", str(lines), "--source", "own", "--form", "jsonl")
    assert run(root, *words)[0] == 0

    def shared(*more: str) -> tuple[set[str], str]:
        code, out, error = run(root, "bank", "share", "known", "--form", "list", "--dry-run", *more)
        assert code == 0
        return {line.split()[1] for line in out.splitlines()}, error

    leaves, error = shared("--to", "partner")
    assert leaves == {hashes[0].hex()}
    assert "1 entry would leave for partner, 0 of them of severe clauses" in error
    for why in (
        "another source",
        "not marked",
        "other than true_positive",
        "expired",
        "no clause",
        "severe_to",
    ):
        assert "1 of the rest: " in error
        assert why in error
    assert shared("--to", "hotline")[0] == {hashes[0].hex()}
    leaves, error = shared("--to", "hotline", "--reason", "the law asks for it")
    assert leaves == {hashes[0].hex(), hashes[6].hex()}
    assert "1 of them of severe clauses" in error
    out = tmp_path / "out.csv"
    assert run(root, "bank", "share", "known", "--to", "partner", "--out", str(out))[0] == 0
    assert "ann" not in out.read_text()
    assert "case 7" not in out.read_text()
    assert not list(tmp_path.glob("*.part"))


def test_merging_and_keeping_go_on_while_the_server_decides(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path, FILES)
    live.start()
    try:
        rng = np.random.default_rng(1)
        for place in range(6):
            raw = [rng.bytes(32) for _ in range(1_500)]
            asked(live, add(*(Item(Entry(), (each,)) for each in raw)))
            until = time.monotonic() + 20
            while decide(live, place, raw[7].hex()).action != "remove" and time.monotonic() < until:
                time.sleep(0.05)
                place += 100
        bank = live.banks.bank("known")
        assert bank is not None
        assert bank.size == 9_000
    finally:
        live.stop()
    assert (live.banks.folder / "known" / "snapshot").is_file()
