"""Whatever is sent, a protocol's reader takes it or says in its own words why not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.policy.model import Endpoint, ScoreSource
from seawall.serve.dropin.comments import read_analyze
from seawall.serve.dropin.model import ProtocolError
from seawall.serve.dropin.moderations import asks_of, read_moderation
from seawall.serve.dropin.suggestions import proposals_of, read_suggest
from seawall.testing.projects import AT

if TYPE_CHECKING:
    from collections.abc import Callable

    from seawall.review.proposals import Proposal

ENDPOINT = Endpoint(
    name="comments",
    scores={name: ScoreSource(name=name, signals=("a",)) for name in ("TOXICITY", "harassment")},
    span=AT,
)
WORDS = st.sampled_from(
    [
        *("input", "model", "type", "text", "image_url", "url", "comment", "languages", "context", "entries"),
        *("requestedAttributes", "attributeScores", "summaryScore", "spanScores", "begin", "end", "score"),
        *("value", "doNotStore", "spanAnnotations", "clientToken", "sessionId", "communityId", "TOXICITY"),
        *("do_not_store", "PLAIN_TEXT", "en", "scoreType", "scoreThreshold", "articleAndParentComment"),
    ]
)
LEAVES = st.one_of(
    WORDS, st.text(max_size=8), st.none(), st.booleans(), st.integers(), st.floats(), st.just("😀 ok. no")
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=20,
)
SOUND = st.fixed_dictionaries(
    {
        "comment": st.fixed_dictionaries({"text": st.just("😀 ok. no")}),
        "attributeScores": st.fixed_dictionaries(
            {
                "TOXICITY": st.fixed_dictionaries(
                    {
                        "spanScores": st.lists(
                            st.fixed_dictionaries(
                                {
                                    "begin": st.integers(-3, 12),
                                    "end": st.integers(-3, 12),
                                    "score": st.fixed_dictionaries({"value": st.floats(0, 1)}),
                                }
                            ),
                            min_size=1,
                            max_size=3,
                        )
                    }
                )
            }
        ),
    }
)


def moderation(raw: bytes) -> object:
    return asks_of(read_moderation(raw, ENDPOINT, most=9), ENDPOINT)


def suggestion(raw: bytes) -> object:
    return proposals_of(read_suggest(raw, ENDPOINT), source="k", at=0)


def analysis(raw: bytes) -> object:
    return read_analyze(raw, ENDPOINT)


def refusal(work: Callable[[], object]) -> ProtocolError | None:
    """Why it is not taken; any other error is a fault of ours."""
    try:
        work()
    except ProtocolError as refused:
        return refused
    return None


@pytest.mark.parametrize("read", [moderation, analysis, suggestion])
@given(sent=JSON | SOUND | st.binary(max_size=40), mended=st.dictionaries(WORDS, JSON, max_size=4))
def test_it_is_taken_or_refused_in_words(
    read: Callable[[bytes], object], sent: Any, mended: dict[str, Any]
) -> None:
    if isinstance(sent, dict):
        sent = {**mended, **sent}
    raw = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    refused = refusal(lambda: read(raw))
    assert refused is None or (refused.message and refused.kind and refused.status in {400, 404, 413})


@given(SOUND)
def test_a_proposal_is_about_words_of_the_comment(sent: dict[str, Any]) -> None:
    made: list[Proposal] = []
    body = json.dumps(sent).encode()
    refused = refusal(lambda: made.extend(proposals_of(read_suggest(body, ENDPOINT), source="k", at=0)))
    if refused is not None:
        assert "no part of the comment" in refused.message
    else:
        assert all(0 <= each.begin < each.end <= len(each.text) for each in made)
        assert len(made) == len(sent["attributeScores"]["TOXICITY"]["spanScores"])
