from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.act.signature import TOLERANCE_S, sign, verify

BODY = b'{"version":1}'
NOW = 1_700_000_000


@given(st.binary(max_size=50), st.lists(st.text(min_size=1, max_size=9), min_size=1, max_size=3))
def test_what_is_signed_verifies_with_any_one_of_its_secrets(body: bytes, secrets: list[str]) -> None:
    header = sign(body, secrets, at_s=NOW)
    assert all(verify(header, body, [secret], now_s=NOW) for secret in secrets)
    assert not verify(header, body + b" ", secrets, now_s=NOW)
    assert not verify(header, body, ["another secret altogether"], now_s=NOW)


def test_a_captured_message_cannot_be_played_back_later() -> None:
    header = sign(BODY, ["s"], at_s=NOW)
    assert verify(header, BODY, ["s"], now_s=NOW + TOLERANCE_S)
    assert not verify(header, BODY, ["s"], now_s=NOW + TOLERANCE_S + 1)
    assert not verify(header, BODY, ["s"], now_s=NOW - TOLERANCE_S - 1)
    later = header.replace(f"t={NOW}", f"t={NOW + 60}")
    assert not verify(later, BODY, ["s"], now_s=NOW + 60)


@pytest.mark.parametrize(
    "header",
    ["", "t=", "v1=", "t=x,v1=y", "t=1", "t=1,t=2,v1=a", "t=²,v1=é", f"t={'9' * 5000},v1=a", ",,=,="],
)
def test_a_header_that_is_none_of_ours_verifies_nothing(header: str) -> None:
    assert not verify(header, BODY, ["s"], now_s=NOW)


def test_the_form_that_receivers_rely_on_does_not_change() -> None:
    assert (
        sign(b"{}", ["whsec"], at_s=1_700_000_000)
        == "t=1700000000,v1=7d44587dddbaf4c7f70fef20f48cd594834ffea1641e3ac227b84408298738af"
    )
