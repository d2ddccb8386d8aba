"""`POST /v1/moderations`: what is scored, what is refused, and in which form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from door_fixtures import Door, a_key, open_small
from dropin_fixtures import FILES, WITH_EVENT

from seawall.core.errors import Busy
from seawall.policy.kinds.endpoint import CATEGORIES
from seawall.serve.auth.roles import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from seawall.serve.live import Live


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    root = tmp_path_factory.mktemp("moderations")
    opened, _ = open_small(root, FILES, max_body_bytes=500_000, max_batch=50)
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture(scope="module")
def client(live: Live) -> Door:
    return Door(live, **a_key(live, Scope.TEXTS_SCORE))


def send(client: Door, body: object) -> Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/v1/moderations", content=raw, headers={"Content-Type": "application/json"})


def results(client: Door, given: object) -> list[dict[str, Any]]:
    answer = send(client, {"input": given})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


def refusal(answer: Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return error


def test_a_text_is_flagged_from_the_threshold_on(client: Door) -> None:
    worst, mild, none = results(client, ["you silly goose", "what a goose", "what a lovely day"])
    assert worst["flagged"]
    assert worst["categories"]["harassment"]
    assert worst["category_scores"]["harassment"] == pytest.approx(0.86)
    assert worst["seawall"]["clauses"] == {"harassment": "spam/links#c1"}
    assert not mild["flagged"]
    assert mild["category_scores"]["harassment"] == pytest.approx(0.3)
    assert not none["flagged"]
    assert none["category_scores"]["harassment"] == 0


def test_every_category_is_there_and_those_that_nothing_serves_are_named(client: Door) -> None:
    answer = send(client, {"input": "a lovely day"})
    document = answer.json()
    [result] = document["results"]
    for part in ("categories", "category_scores", "category_applied_input_types"):
        assert tuple(result[part]) == CATEGORIES
    unserved = [name for name in CATEGORIES if name not in {"harassment", "illicit"}]
    assert document["seawall"]["unserved"] == unserved
    assert answer.headers["Seawall-Unserved"] == ", ".join(unserved)
    assert all(result["category_applied_input_types"][name] == [] for name in unserved)
    assert result["category_applied_input_types"]["harassment"] == ["text"]
    assert document["model"] == f"seawall-{document['seawall']['project_version'][:12]}"


def test_of_several_signals_the_highest_counts(client: Door) -> None:
    offer, shout = results(client, ["buy now", "COME HERE"])
    assert offer["category_scores"]["illicit"] == pytest.approx(0.9)
    assert shout["category_scores"]["illicit"] == 1


def test_a_language_that_a_signal_does_not_know_is_said_and_not_scored(client: Door) -> None:
    [found] = results(client, "c'est une belle journée dans les montagnes, n'est-ce pas")
    assert found["seawall"]["language"] == "fr"
    assert found["seawall"]["not_scored"] == {"harassment": "unsupported_language"}
    assert found["category_applied_input_types"]["harassment"] == []
    assert found["category_applied_input_types"]["illicit"] == ["text"]


def test_parts_make_one_result(client: Door) -> None:
    parts = [{"type": "text", "text": text} for text in ("a lovely day", "you silly goose")]
    [found] = results(client, parts)
    assert found["category_scores"]["harassment"] == pytest.approx(0.86)


def test_an_image_is_refused_in_the_form_of_the_protocol(client: Door) -> None:
    image = {"type": "image_url", "image_url": {"url": "http://127.0.0.1/secret.png"}}
    error = refusal(send(client, {"input": [{"type": "text", "text": "look"}, image]}), 400)
    assert (error["code"], error["param"]) == ("image_url_not_supported", "input[1].image_url")


HOSTILE: list[tuple[object, str]] = [
    ({}, "input"),
    ({"input": None}, "input"),
    ({"input": 3}, "input"),
    ({"input": []}, "input"),
    ({"input": ["a", 3]}, "input[1]"),
    ({"input": [["a"]]}, "input[0]"),
    ({"input": {"type": "text"}}, "input"),
    ({"input": [{"type": "sound", "text": "a"}]}, "input[0].type"),
    ({"input": [{"type": "text"}]}, "input[0].text"),
    ({"input": "a", "model": 3}, "model"),
    ({"input": ["a", {"type": "text", "text": "b"}]}, "input"),
    ({"input": "a" * 100_001}, "input[0]"),
    ([], ""),
    (b"", ""),
    (b"{", ""),
    (b'{"input": NaN}', ""),
    (b'{"input": "\\ud800"}', ""),
    (b'{"input": "\xff"}', ""),
    (b"[" * 200_000, ""),
    (b'{"input": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "input[0]"),
]


@pytest.mark.parametrize(("body", "param"), HOSTILE, ids=lambda value: str(value)[:24])
def test_what_does_not_fit_is_told_where(client: Door, body: object, param: str) -> None:
    error = refusal(send(client, body), 400)
    assert error["type"] == "invalid_request_error"
    assert (error["param"] or "") == param


def test_odd_texts_are_scored_like_any_other(client: Door) -> None:
    odd = ["", " ", "\0", "\u202e", "😀" * 1_000, "a\u0300" * 500, "[" * 5_000, "goose" * 10_000]
    assert len(results(client, odd)) == len(odd)


def test_too_many_and_too_large_are_413(client: Door) -> None:
    assert refusal(send(client, {"input": ["a"] * 51}), 413)["code"] == "array_above_max_length"
    assert refusal(send(client, b'"' + b"a" * 600_000 + b'"'), 413)["code"] == "request_too_large"


def test_models_the_file_names_are_answered_and_others_are_not(client: Door) -> None:
    assert send(client, {"input": "a", "model": "omni-moderation-latest"}).status_code == 200
    assert refusal(send(client, {"input": "a", "model": "gpt-9"}), 404)["code"] == "model_not_found"


def test_a_key_is_needed_that_covers_it(live: Live) -> None:
    error = refusal(send(Door(live), {"input": "a"}), 401)
    assert (error["type"], error["code"]) == ("authentication_error", "invalid_api_key")
    other = Door(live, **a_key(live, Scope.METRICS_READ))
    assert refusal(send(other, {"input": "a"}), 403)["type"] == "permission_error"


def test_when_too_much_waits_it_says_when_to_come_again(
    live: Live, client: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise Busy("20,000 wait already; nothing was taken", retry_after_s=7)

    monkeypatch.setattr(live.texts, "submit", full)
    answer = send(client, {"input": "a"})
    assert refusal(answer, 429)["code"] == "rate_limit_exceeded"
    assert answer.headers["Retry-After"] == "7"


def test_a_key_has_its_allowance(tmp_path: Path) -> None:
    live, clock = open_small(tmp_path, FILES, texts_per_second=2)
    live.start()
    try:
        mine, yours = (Door(live, **a_key(live, Scope.TEXTS_SCORE, more)) for more in list(Scope)[:2])
        assert send(mine, {"input": ["a"] * 30}).status_code == 200
        answer = send(mine, {"input": "a"})
        assert refusal(answer, 429)["type"] == "rate_limit_error"
        wait_s = int(answer.headers["Retry-After"])
        assert wait_s == 5
        assert send(yours, {"input": "a"}).status_code == 200
        clock.micros += (wait_s + 1) * 1_000_000
        assert send(mine, {"input": "a"}).status_code == 200
    finally:
        live.stop()


def test_a_signal_that_gives_no_answer_is_an_error_and_no_zero(
    live: Live, client: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(live.worker.detectors._signals["insult"], "read", broken, raising=False)
    answer = send(client, {"input": "a goose"})
    assert refusal(answer, 503)["code"] == "signal_unavailable"
    assert int(answer.headers["Retry-After"]) > 0


def test_a_project_without_the_file_says_so(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path)
    live.start()
    try:
        door = Door(live, **a_key(live, Scope.TEXTS_SCORE))
        assert "endpoints/moderations.yml" in refusal(send(door, {"input": "a"}), 404)["message"]
    finally:
        live.stop()


def test_nothing_is_kept_of_what_was_scored(live: Live, client: Door) -> None:
    mark = "goose-that-nobody-may-find"
    results(client, [mark])
    live.turn()
    assert _files_with(live.store.path, mark) == []


def _files_with(folder: Path, mark: str) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path for path in files if mark.encode() in path.read_bytes()]


IMAGES = {
    **FILES,
    "seawall.yml": "name: small\nmarkets: [SG]\nmedia: {folders: {uploads: pictures}}\n",
    "events/picture.yml": (
        "event: picture\nsurface: video\ndescribes: A picture.\nsubject: id_\nactor: actor_id\n"
        "fields: {id_: string, actor_id: string, file: media}\n"
    ),
    "signals/pictures.yml": (
        "signals:\n  width: {kind: media_facts, on: picture, input: file, options: {measure: width}}\n"
    ),
    "endpoints/moderations.yml": FILES["endpoints/moderations.yml"]
    + "  sexual: {image: width, threshold: 0.7}\n",
}


def part(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def test_an_image_is_looked_at_where_the_project_says_how_and_from_where(tmp_path: Path) -> None:
    pictures = pytest.importorskip("PIL.Image", reason="the extra `media` is not installed")
    pytest.importorskip("av", reason="the extra `media` is not installed")
    (tmp_path / "pictures").mkdir()
    pictures.new("RGB", (8, 8)).save(tmp_path / "pictures" / "small.png")
    live, _ = open_small(tmp_path, IMAGES)
    live.start()
    try:
        door = Door(live, **a_key(live, Scope.TEXTS_SCORE))
        text = {"type": "text", "text": "you silly goose"}
        [found] = results(door, [text, part("file://uploads/small.png")])
        assert found["category_scores"]["sexual"] == 1
        assert found["categories"]["sexual"]
        assert found["category_applied_input_types"]["sexual"] == ["image"]
        assert found["category_applied_input_types"]["harassment"] == ["text"]
        assert found["category_scores"]["harassment"] == pytest.approx(0.86)
        [alone] = results(door, [part("file://uploads/small.png")])
        assert alone["category_applied_input_types"]["harassment"] == []
        for url in (
            "https://example.com/a.png",
            "file://uploads/../seawall.yml",
            "file://uploads/no.png",
            "x",
        ):
            error = refusal(send(door, {"input": [text, part(url)]}), 400)
            assert (error["code"], error["param"]) == ("invalid_image_url", "input[1].image_url")
        error = refusal(send(door, {"input": [part("data:image/png;base64,AAAA")]}), 400)
        assert error["code"] == "image_url_not_supported"
        assert refusal(send(door, {"input": [part("file://uploads/small.png")] * 9}), 413)
    finally:
        live.stop()


def test_strategies_decide_where_the_file_makes_events_of_texts(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path, {**FILES, "endpoints/moderations.yml": WITH_EVENT})
    live.start()
    try:
        door = Door(live, **a_key(live, Scope.TEXTS_SCORE, Scope.DECISIONS_READ))
        first, second = results(door, ["what a lovely day", "you silly goose"])
        assert first["flagged"]
        assert first["categories"]["hate"]
        assert (first["category_scores"]["hate"], first["category_scores"]["harassment"]) == (1, 0)
        assert second["categories"]["harassment"]
        [told] = first["seawall"]["decisions"]
        assert (told["fired"], told["action"]) == (["spam.shop"], "remove")
        kept = door.get(f"/v1/decisions/{told['decision_id']}").json()
        assert (kept["source"], kept["actor"], kept["fired"]) == ("moderations", "api", ["spam.shop"])
        assert second["seawall"]["decisions"][0]["decision_id"] != told["decision_id"]
    finally:
        live.stop()


def test_a_release_that_takes_the_endpoint_away_is_noticed(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path, FILES)
    live.start()
    try:
        version = live.project.version
        changed = FILES["endpoints/moderations.yml"].replace("0.5", "0.6")
        (tmp_path / "endpoints" / "moderations.yml").write_text(changed)
        released = live.releases.release(tmp_path, by="test", note="a threshold")
        assert released.project_version != version
    finally:
        live.stop()


def test_the_reference_shows_both_protocols(live: Live) -> None:
    document = msgspec.json.decode(Door(live).get("/openapi.json").content)
    paths = document["paths"]
    for path in ("/v1/moderations", "/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore"):
        assert paths[path]["post"]["responses"].keys() >= {"200", "400", "429"}
