"""A video that people found comes back mirrored, cut and framed: by commands, and in a server."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from door_fixtures import FILES as PLAIN
from door_fixtures import comment, open_small, write_project
from typer.testing import CliRunner

from seawall.core.decision import Decision
from seawall.serve.cli.app import build
from seawall.serve.judge import Incoming
from seawall.signals.media.marks import read_marks

av = pytest.importorskip("av", reason="the extra `media` is not installed")

if TYPE_CHECKING:
    from pathlib import Path

SIDE, RATE, SECONDS = 160, 12, 6
FILES = {
    "seawall.yml": PLAIN["seawall.yml"] + "media: {folders: {uploads: media}}\n",
    "events/comment.yml": "event: comment\nsurface: comment\ndescribes: One.\nsubject: comment_id\n"
    "actor: actor_id\nfields:\n  comment_id: string\n  actor_id: string\n  text: string\n"
    "  link_domain: string?\n  clip: media?\n",
    "banks/clips.yml": "bank: clips\ndescribes: Known.\nhash: vpdq\nclause: spam/links#c1\n",
    "signals/clips.yml": "signals:\n"
    "  known_share:\n    kind: known_video\n    on: comment\n    input: clip\n    type: number\n"
    "    cost: 300 ms\n    options: {bank: clips}\n"
    "  known_clause:\n    kind: known_video\n    on: comment\n    input: clip\n    type: string\n"
    "    cost: 300 ms\n    options: {bank: clips, output: clause}\n",
    "strategies/spam/clip.yml": "strategy: spam.clip\ndescribes: A known clip.\npolicy: spam/links#c1\n"
    "on: comment\nwhen: known_share >= 0.5 AND known_clause = 'spam/links#c1'\nthen: [remove]\nmode: live\n"
    "owner: integrity\nexpect: {precision: 0.5, disturbance_per_10k: 2}\n",
}


def frames(seed: int) -> np.ndarray:
    """A camera that passes over blurred squares."""
    random = np.random.default_rng(seed)
    wide = np.kron(random.integers(0, 256, (40, 60)), np.ones((16, 16)))
    for axis in (0, 1):
        wide = sum(np.roll(wide, n, axis) for n in range(-4, 5)) / 9
    made = []
    for n in range(SECONDS * RATE):
        top = round((wide.shape[0] - SIDE) * (0.5 + 0.45 * np.sin(seed + n / RATE * 0.5)))
        left = round((wide.shape[1] - SIDE) * (0.5 + 0.45 * np.sin(seed * 2 + n / RATE * 0.7)))
        made.append(wide[top : top + SIDE, left : left + SIDE])
    return np.stack(made).astype(np.uint8)


def encoded(grey: np.ndarray) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.height, stream.width = grey.shape[1:]
        stream.pix_fmt = "yuv420p"
        for each in grey:
            picture = av.VideoFrame.from_ndarray(np.repeat(each[..., None], 3, axis=2), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return file.getvalue()


def edited(grey: np.ndarray) -> np.ndarray:
    """Its middle four seconds, in a mirror, between white bars."""
    part = grey[RATE:-RATE, :, ::-1]
    bar = np.full((len(part), 60, SIDE), 255, np.uint8)
    return np.concatenate([bar, part, bar], axis=1)


def run(root: Path, *words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(build(), [*words, "--project", str(root)], env={"COLUMNS": "120"})
    return result.exit_code, result.stdout, result.stderr + str(result.exception or "")


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_project(tmp_path_factory.mktemp("clips"), **FILES)
    (root / "media").mkdir()
    (root / "media" / "first.mp4").write_bytes(encoded(frames(1)))
    (root / "media" / "again.mp4").write_bytes(encoded(edited(frames(1))))
    (root / "media" / "other.mp4").write_bytes(encoded(frames(2)))
    (root / "media" / "black.mp4").write_bytes(encoded(np.zeros((24, SIDE, SIDE), np.uint8)))
    (root / "media" / "broken.mp4").write_bytes(encoded(frames(2))[:900])
    code, said, _ = run(
        root, "bank", "add", "clips", "--video", str(root / "media" / "first.mp4"), "--ref", "case 7"
    )
    assert (code, said) == (0, "1 entry is asked to come into clips\n")
    return root


def test_a_command_says_where_a_clip_is_known(known: Path) -> None:
    code, said, _ = run(known, "bank", "match", "clips", "--video", str(known / "media" / "again.mp4"))
    first, second, *_ = said.splitlines()
    assert code == 0
    assert first.endswith("again.mp4: 1 stretch is known")
    assert second.startswith("  0.0 to 4.0 s  1.0 to 5.0 s of case 7, mirrored, 100% of the file")
    code, said, _ = run(known, "bank", "match", "clips", "--video", str(known / "media" / "other.mp4"))
    assert (code, said.splitlines()[0].rpartition(": ")[2]) == (1, "0 stretches are known")


@pytest.mark.parametrize(
    ("bank", "name", "said"),
    [
        ("clips", "black.mp4", "shows too little to be known by"),
        ("clips", "broken.mp4", "cannot be read: undecodable"),
        ("clips", "absent.mp4", "cannot be read: No such file"),
        ("clips", "../seawall.yml", "is no video that is read"),
    ],
)
def test_what_cannot_be_known_is_refused_in_words(known: Path, bank: str, name: str, said: str) -> None:
    code, _, told = run(known, "bank", "add", bank, "--video", str(known / "media" / name))
    assert code != 0
    assert said in told


def test_a_server_finds_it_and_keeps_where(known: Path) -> None:
    live, _ = open_small(known, FILES)
    live.start(chores=False)
    try:
        decided = {}
        for number, name in enumerate(("again", "other", "broken")):
            sent = comment(number, clip={"uri": f"file://uploads/{name}.mp4"})
            [answer] = live.submit([Incoming(sent)]).result(timeout=120)
            assert isinstance(answer, Decision), answer
            decided[name] = answer
    finally:
        live.stop()
    assert {name: each.action for name, each in decided.items()} == {
        "again": "remove",
        "other": "allow",
        "broken": "allow",
    }
    reading = decided["again"].signals["known_share"]
    assert reading.value == pytest.approx(1.0, abs=0.05)
    (mark,) = read_marks(reading.evidence).marks
    assert (mark.at_s, mark.until_s) == (pytest.approx(0, abs=0.3), pytest.approx(4, abs=0.3))
    (named,) = [each for each in reading.evidence if each.startswith("bank:clips=")]
    assert "shows 1.0" in named
    assert ", mirrored, at " in named
    (other,) = decided["other"].signals.values()  # whichever was asked first rules the strategy out
    (broken,) = decided["broken"].signals.values()
    assert (other.value, other.null) in {(0.0, None), (None, "absent")}
    assert broken.null == "undecodable"
