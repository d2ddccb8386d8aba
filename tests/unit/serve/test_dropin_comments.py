"""`comments:analyze` and `:suggestscore`: what is scored, refused and kept, and in which form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from door_fixtures import Door, a_key, open_small
from dropin_fixtures import FILES

from seawall.core.errors import Busy
from seawall.review.proposals import proposals
from seawall.serve.auth.roles import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from seawall.serve.live import Live

ANALYZE, SUGGEST = "/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    opened, _ = open_small(tmp_path_factory.mktemp("comments"), FILES)
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture(scope="module")
def client(live: Live) -> Door:
    return Door(live, **a_key(live, Scope.TEXTS_SCORE, Scope.LABELS_SUGGEST))


def send(client: Door, body: object, path: str = ANALYZE, **more: Any) -> Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(path, content=raw, headers={"Content-Type": "application/json"}, **more)


def analyze(client: Door, text: str, *attributes: str, **more: object) -> dict[str, Any]:
    wanted = {name: {} for name in attributes or ("INSULT",)}
    answer = send(client, {"comment": {"text": text}, "requestedAttributes": wanted, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def refusal(answer: Response, status: int = 400) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == status
    assert error["message"]
    assert error["status"]
    return error


def kind_of(error: dict[str, Any]) -> str:
    [detail] = error["details"]
    assert detail["@type"] == "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
    return detail["errorType"]


def summary(document: dict[str, Any], name: str = "INSULT") -> float:
    score = document["attributeScores"][name]["summaryScore"]
    assert score["type"] == "PROBABILITY"
    return score["value"]


def test_a_comment_scores_what_its_signals_say(client: Door) -> None:
    found = analyze(client, "you silly goose", "INSULT", "SPAM", clientToken="t-1", sessionId="s")
    assert summary(found) == pytest.approx(0.86)
    assert summary(found, "SPAM") == 0
    assert (found["languages"], found["detectedLanguages"], found["clientToken"]) == (["en"], ["en"], "t-1")
    [span] = found["attributeScores"]["INSULT"]["spanScores"]
    assert (span["begin"], span["end"]) == (0, 15)


def test_spans_are_sentences_counted_in_utf_16_units(client: Door) -> None:
    text = "😀 Hello there. You silly goose! Bye."
    found = analyze(client, text, spanAnnotations=True, languages=["en"])["attributeScores"]["INSULT"]
    units = text.encode("utf-16-le")
    said = {
        units[span["begin"] * 2 : span["end"] * 2].decode("utf-16-le"): span["score"]["value"]
        for span in found["spanScores"]
    }
    assert said == {"😀 Hello there.": 0, "You silly goose!": pytest.approx(0.86), "Bye.": 0}


def test_a_score_below_the_threshold_is_left_out(client: Door) -> None:
    wanted = {"INSULT": {"scoreThreshold": 0.5, "scoreType": "PROBABILITY"}, "SPAM": None}
    answer = send(client, {"comment": {"text": "a goose"}, "requestedAttributes": wanted})
    assert set(answer.json()["attributeScores"]) == {"SPAM"}


def test_a_language_may_be_named_with_its_region_and_in_several(client: Door) -> None:
    assert summary(analyze(client, "dumme gans", languages=["de-AT"])) == pytest.approx(0.6)
    both = analyze(client, "dumme gans, goose", languages=["en", "de"])
    assert summary(both) == pytest.approx(0.6)
    assert both["languages"] == ["en", "de"]


def test_names_of_fields_may_be_written_in_snake_case(client: Door) -> None:
    body = {"comment": {"text": "a goose"}, "requested_attributes": {"INSULT": {}}, "do_not_store": True}
    assert summary(send(client, body).json()) == pytest.approx(0.3)


def test_an_attribute_that_does_not_know_the_language_is_an_error_of_its_own_form(client: Door) -> None:
    french = {"comment": {"text": "une belle journée"}, "languages": ["fr"]}
    error = refusal(send(client, {**french, "requestedAttributes": {"INSULT": {}}}))
    assert error["message"] == "Attribute INSULT does not support request languages: fr"
    assert kind_of(error) == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    said = error["details"][0]["languageNotSupportedByAttributeError"]
    assert said == {"requestedLanguages": ["fr"], "attribute": "INSULT"}
    dropped = {**french, "requestedAttributes": {"INSULT": {}, "SPAM": {}}, "dropUnsupportedAttributes": True}
    assert set(send(client, dropped).json()["attributeScores"]) == {"SPAM"}


def _asked(**more: object) -> dict[str, object]:
    return {"comment": {"text": "a goose"}, "requestedAttributes": {"INSULT": {}}, **more}


REFUSED: list[tuple[object, str, str]] = [
    (_asked(comment={"text": " "}), "COMMENT_EMPTY", "Comment must be non-empty."),
    (_asked(comment={}), "COMMENT_EMPTY", "Comment must be non-empty."),
    (_asked(comment={"text": "ä" * 10_241}), "COMMENT_TOO_LONG", "Comment text too long."),
    (_asked(requestedAttributes={}), "NO_REQUESTED_ATTRIBUTES", "Missing requested_attributes"),
    (_asked(comment={"text": "123 456"}), "LANGUAGE_DETECTION_FAILED", "Unable to detect language"),
    (_asked(requestedAttributes={"THREAT": {}}), "INVALID_REQUEST", "Unknown requested attribute: THREAT"),
    (_asked(requestedAttributes={"INSLUT": {}}), "INVALID_REQUEST", "did you mean 'INSULT'?"),
    (
        _asked(requestedAttributes={"INSULT": {"scoreType": "RAW"}}),
        "INVALID_REQUEST",
        "Requested score type RAW is not supported by attribute INSULT",
    ),
    (_asked(comment={"text": "a", "type": "HTML"}), "INVALID_REQUEST", "only 'PLAIN_TEXT'"),
    (_asked(comment={"text": "a", "type": "PDF"}), "INVALID_REQUEST", "Unknown text type"),
    (
        _asked(context={"entries": [{"text": "a"}], "articleAndParentComment": {"article": {"text": "b"}}}),
        "INVALID_REQUEST",
        "Context can have either entries or article_and_parent_comment",
    ),
    (_asked(languages=["english please"]), "INVALID_REQUEST", "Not a language"),
    (_asked(languages=["en"] * 9), "INVALID_REQUEST", "At most 8 languages"),
    (_asked(nonsense=1), "INVALID_REQUEST", "unknown field `nonsense`"),
    (_asked(spanAnnotations="yes"), "INVALID_REQUEST", "spanAnnotations"),
    (_asked(comment="a goose"), "INVALID_REQUEST", "comment"),
    ([], "INVALID_REQUEST", "object"),
    (b"", "INVALID_REQUEST", "not valid JSON"),
    (b'{"comment": NaN}', "INVALID_REQUEST", "not valid JSON"),
    (b'{"comment": {"text": "\\ud800"}}', "INVALID_REQUEST", "not valid JSON"),
    (b'{"comment": {"text": "\xff"}}', "INVALID_REQUEST", "not UTF-8"),
    (b"[" * 200_000, "INVALID_REQUEST", "nested too deeply"),
]


@pytest.mark.parametrize(("body", "kind", "says"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_scored_is_said_as_the_protocol_says_it(
    client: Door, body: object, kind: str, says: str
) -> None:
    error = refusal(send(client, body))
    assert error["status"] == "INVALID_ARGUMENT"
    assert kind_of(error) == kind
    assert says in error["message"]


def test_a_body_beyond_its_limit_is_413(client: Door) -> None:
    assert refusal(send(client, b"[" + b" " * 1_100_000 + b"]"), 413)["message"]


def test_a_key_may_come_in_each_way_that_clients_send_it(live: Live) -> None:
    key = a_key(live, Scope.TEXTS_SCORE)["Authorization"].removeprefix("Bearer ")
    nobody = Door(live)
    assert send(nobody, _asked(), params={"key": key}).status_code == 200
    assert send(Door(live, **{"X-Goog-Api-Key": key}), _asked()).status_code == 200
    error = refusal(send(nobody, _asked()), 403)
    assert error["status"] == "PERMISSION_DENIED"
    error = refusal(send(nobody, _asked(), params={"key": "wrong"}), 400)
    assert error["details"][0]["reason"] == "API_KEY_INVALID"
    error = refusal(send(nobody, {}, SUGGEST, params={"key": key}), 403)
    assert "labels:suggest" in error["message"]


def test_when_too_much_waits_it_says_when_to_come_again(
    live: Live, client: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise Busy("nothing was taken", retry_after_s=7)

    monkeypatch.setattr(live.texts, "submit", full)
    answer = send(client, _asked())
    assert refusal(answer, 429)["status"] == "RESOURCE_EXHAUSTED"
    assert answer.headers["Retry-After"] == "7"


def suggestion(text: str, **more: object) -> dict[str, object]:
    return {
        "comment": {"text": text},
        "attributeScores": {"INSULT": {"summaryScore": {"value": 0.25}}},
        "communityId": "birds",
        "clientToken": "t",
        **more,
    }


def kept(live: Live, text: str) -> list[Any]:
    with live.store.ledger.read() as connection:
        return [each for each in proposals(connection) if each.text == text]


def test_a_suggestion_is_a_proposal_of_its_key(live: Live, client: Door) -> None:
    text = "you 😀 goose"
    spans = [{"begin": 4, "end": 6, "score": {"value": 1, "type": "PROBABILITY"}}]
    scores = {"INSULT": {"summaryScore": {"value": 0.25}, "spanScores": spans}}
    answer = send(client, suggestion(text, attributeScores=scores, languages=["en"]), SUGGEST)
    assert answer.json() == {"clientToken": "t", "requestedLanguages": ["en"], "detectedLanguages": ["en"]}
    send(client, suggestion(text, attributeScores=scores, languages=["en"]), SUGGEST)
    found = kept(live, text)
    said = [(each.begin, each.end, each.score) for each in sorted(found, key=lambda one: one.begin)]
    assert said == [(0, 11, 0.25), (4, 5, 1.0)]
    assert {(each.source, each.attribute, each.community) for each in found} == {
        ("texts:score-labels:suggest", "INSULT", "birds")
    }


def test_what_may_not_be_stored_is_nowhere(live: Live, client: Door) -> None:
    mark = "a goose that nobody may find"
    body = {
        **_asked(comment={"text": mark}, doNotStore=True, clientToken=mark, sessionId=mark),
        "communityId": mark,
    }
    assert send(client, body).status_code == 200
    assert send(client, _asked(comment={"text": mark})).status_code == 200
    assert send(client, suggestion(mark, doNotStore=True), SUGGEST).status_code == 200
    assert refusal(send(client, _asked(comment={"text": mark}, languages=["fr"])))
    live.turn()
    files = [path for path in live.store.path.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if mark.encode() in path.read_bytes()] == []


def test_the_search_of_the_data_folder_finds_what_is_stored(live: Live, client: Door) -> None:
    """So that the test above can fail."""
    mark = "a goose that everybody may find"
    assert send(client, suggestion(mark), SUGGEST).status_code == 200
    files = [path for path in live.store.path.rglob("*") if path.is_file()]
    assert [path for path in files if mark.encode() in path.read_bytes()]


BAD_SUGGESTIONS: list[tuple[dict[str, object], str]] = [
    ({"attributeScores": {}}, "Missing attribute_scores"),
    ({"attributeScores": {"INSULT": {}}}, "has no score"),
    ({"attributeScores": {"THREAT": {"summaryScore": {"value": 1}}}}, "Unknown requested attribute"),
    ({"attributeScores": {"INSULT": {"summaryScore": {"value": 2}}}}, "not between 0 and 1"),
    ({"attributeScores": {"INSULT": {"summaryScore": {"value": 1, "type": "RAW"}}}}, "not supported"),
    (
        {"attributeScores": {"INSULT": {"spanScores": [{"begin": 2, "end": 99, "score": {"value": 1}}]}}},
        "no part of the comment",
    ),
    ({"comment": {"text": "a\0b"}}, "NUL"),
    ({"sessionId": "s" * 201}, "longer than 200 characters"),
]


@pytest.mark.parametrize(("more", "says"), BAD_SUGGESTIONS, ids=lambda value: str(value)[:40])
def test_a_suggestion_that_says_nothing_sound_is_refused(
    client: Door, more: dict[str, object], says: str
) -> None:
    assert says in refusal(send(client, suggestion("goose talk", **more), SUGGEST))["message"]


def test_old_proposals_go_when_payloads_would(tmp_path: Path) -> None:
    live, clock = open_small(tmp_path, FILES)
    live.start()
    try:
        door = Door(live, **a_key(live, Scope.LABELS_SUGGEST))
        send(door, suggestion("an old goose"), SUGGEST)
        assert kept(live, "an old goose")
        clock.micros += 366 * 86_400_000_000
        send(door, suggestion("a new goose"), SUGGEST)
        assert not kept(live, "an old goose")
        assert kept(live, "a new goose")
    finally:
        live.stop()
