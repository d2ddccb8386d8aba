"""The programs of people who switch: unmodified clients over HTTP, and a server of the starter project."""

from __future__ import annotations

import re
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["served"]

openai = pytest.importorskip("openai")
pytest.importorskip("googleapiclient")


@pytest.fixture
def moderator(served: Served) -> Iterator[Any]:
    with openai.OpenAI(base_url=f"{served.url}/v1", api_key=served.key, max_retries=0) as client:
        yield client


def test_the_openai_sdk_reads_every_field(moderator: Any) -> None:
    answer = moderator.moderations.create(
        model="omni-moderation-latest", input=["what a lovely day", "nobody asked you, log off"]
    )
    fine, rude = answer.results
    assert answer.id.startswith("modr-")
    assert not fine.flagged
    assert rude.flagged
    assert rude.categories.harassment
    assert rude.category_scores.harassment > 0.5 > fine.category_scores.harassment
    assert rude.category_applied_input_types.harassment == ["text"]
    assert rude.category_applied_input_types.sexual_minors == []
    assert rude.seawall["clauses"] == {"harassment": "harassment/bullying#c1"}
    assert "sexual/minors" in answer.seawall["unserved"]


def test_the_openai_sdk_sends_one_text_and_parts(moderator: Any) -> None:
    assert len(moderator.moderations.create(input="log off").results) == 1
    parts = [{"type": "text", "text": "a lovely"}, {"type": "text", "text": "day"}]
    assert len(moderator.moderations.create(input=parts).results) == 1


def test_the_openai_sdk_raises_its_own_errors(served: Served, moderator: Any) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        moderator.moderations.create(
            input=[{"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}]
        )
    assert (refused.value.code, refused.value.param) == ("image_url_not_supported", "input[0].image_url")
    with (
        openai.OpenAI(base_url=f"{served.url}/v1", api_key="wrong", max_retries=0) as stranger,
        pytest.raises(openai.AuthenticationError) as unknown,
    ):
        stranger.moderations.create(input="a")
    assert unknown.value.code == "invalid_api_key"
    with pytest.raises(openai.APIStatusError) as large:
        moderator.moderations.create(input=["a"] * 10_001)
    assert large.value.status_code == 413
    with pytest.raises(openai.NotFoundError):
        moderator.models.list()


def test_many_openai_clients_at_once_each_get_their_own(moderator: Any) -> None:
    def ask(number: int) -> tuple[bool, int]:
        rude = number % 2 == 0
        texts = ["log off, so cringe" if rude else "a lovely day"] * (1 + number % 7)
        results = moderator.moderations.create(input=texts).results
        assert len(results) == len(texts)
        return rude, sum(each.flagged for each in results)

    with ThreadPoolExecutor(8) as pool:
        for number, (rude, flagged) in enumerate(pool.map(ask, range(60))):
            assert flagged == (1 + number % 7 if rude else 0)


@pytest.fixture
def analyzer(served: Served) -> Iterator[Any]:
    yield from _analyzer(served, served.key)


def _analyzer(served: Served, key: str | None) -> Iterator[Any]:
    from googleapiclient import discovery

    with urllib.request.urlopen(f"{served.url}/$discovery/rest?version=v1alpha1") as answer:
        document = answer.read().decode()
    client = discovery.build_from_document(document, developerKey=key)
    yield client
    client.close()


def test_googles_client_is_built_from_the_address_alone(served: Served) -> None:
    from googleapiclient import discovery

    with discovery.build(
        "commentanalyzer",
        "v1alpha1",
        developerKey=served.key,
        discoveryServiceUrl=f"{served.url}/$discovery/rest?version=v1alpha1",
        static_discovery=False,
    ) as client:
        body = {"comment": {"text": "best price, dm us"}, "requestedAttributes": {"SPAM": {}}}
        scored = client.comments().analyze(body=body).execute()
    assert scored["attributeScores"]["SPAM"]["summaryScore"]["value"] > 0.5


def test_googles_client_scores_suggests_and_reads_spans(analyzer: Any) -> None:
    text = "😀 A lovely day. Nobody asked you, log off!"
    body = {
        "comment": {"text": text, "type": "PLAIN_TEXT"},
        "context": {"entries": [{"text": "before"}]},
        "requestedAttributes": {"TOXICITY": {"scoreType": "PROBABILITY"}, "INSULT": {"scoreThreshold": 0.1}},
        "languages": ["en"],
        "spanAnnotations": True,
        "doNotStore": True,
        "clientToken": "t",
        "sessionId": "s",
        "communityId": "c",
    }
    scored = analyzer.comments().analyze(body=body).execute()
    assert scored["clientToken"] == "t"
    low, high = scored["attributeScores"]["TOXICITY"]["spanScores"]
    assert (low["begin"], low["end"]) == (0, 16)
    assert (high["begin"], high["end"]) == (17, 43)
    assert low["score"]["value"] < 0.1 < high["score"]["value"]
    suggested = (
        analyzer.comments()
        .suggestscore(
            body={
                "comment": {"text": text},
                "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0.1, "type": "PROBABILITY"}}},
                "clientToken": "u",
            }
        )
        .execute()
    )
    assert suggested["clientToken"] == "u"


def test_googles_client_raises_its_own_errors(served: Served, analyzer: Any) -> None:
    from googleapiclient.errors import HttpError

    def ask(client: Any, text: str, **more: object) -> None:
        body = {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}, **more}
        client.comments().analyze(body=body).execute()

    with pytest.raises(HttpError) as french:
        ask(analyzer, "une belle journée", languages=["fr"])
    assert "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE" in str(french.value)
    assert french.value.error_details[0]["languageNotSupportedByAttributeError"]["attribute"] == "TOXICITY"
    with pytest.raises(HttpError) as unserved:
        ask(analyzer, "hello there", requestedAttributes={"THREAT": {}})
    assert unserved.value.reason.startswith("Unknown requested attribute: THREAT")
    for key, status in (("wrong", 400), (None, 403)):
        for client in _analyzer(served, key):
            with pytest.raises(HttpError) as unknown:
                ask(client, "hello there")
            assert unknown.value.resp.status == status


PAGES = Path(__file__).resolve().parents[2] / "docs" / "how-to"


@pytest.mark.parametrize("page", ["switch-from-perspective.md", "switch-from-openai-moderation.md"])
def test_the_program_on_each_page_prints_what_the_page_says(
    page: str, served: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (PAGES / page).read_text()
    found = re.search(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    program, says = found.groups()
    for name in ("SEAWALL_KEY", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, served.key)
    monkeypatch.setenv("OPENAI_BASE_URL", f"{served.url}/v1")
    scope: dict[str, Any] = {}
    exec(program.replace("http://127.0.0.1:8400", served.url), scope)
    scope["client"].close()
    said = capsys.readouterr().out
    assert re.fullmatch(re.escape(says).replace("…", ".*"), said), said
