from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seawall.act.destination import read_destinations
from seawall.core.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = {"HOOK": "h" * 32, "SHORT": "abc"}


def read(tmp_path: Path, text: str) -> object:
    (tmp_path / "destinations.yml").write_text(text)
    return read_destinations(tmp_path / "destinations.yml", environ=SECRETS)


def test_no_file_no_destinations(tmp_path: Path) -> None:
    assert read_destinations(tmp_path / "none.yml") == ()


def test_secrets_come_from_the_environment_or_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "old.secret").write_text("f" * 40 + "\n")
    (found,) = read(
        tmp_path,
        """
destinations:
  platform:
    url: https://platform.example/hooks/seawall
    secrets: [env:HOOK, file:old.secret]
    axes: [visibility]
""",
    )
    assert (found.name, found.axes, found.timeout_s) == ("platform", ("visibility",), 10.0)
    assert found.secrets == ("h" * 32, "f" * 40)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("url: ftp://x/y, secrets: [env:HOOK]", "no http or https address"),
        ("url: 'https:///path', secrets: [env:HOOK]", "no http or https address"),
        ("url: 'https://x:99999/', secrets: [env:HOOK]", "is no address"),
        ("url: 'https://me:pw@x/', secrets: [env:HOOK]", "name or password"),
        ("url: https://x/, secrets: []", "no secret to sign with"),
        ("url: https://x/, secrets: [env:NONE]", "the secret env:NONE is not there"),
        ("url: https://x/, secrets: [file:none]", "the secret file:none is not there"),
        ("url: https://x/, secrets: [env:SHORT]", "can be guessed"),
        ("url: https://x/, secrets: [env:HOOK], timeout_s: 0", "timeout_s"),
        ("url: https://x/, secrets: [env:HOOK], parallel: 1000", "parallel"),
        ("url: https://x/, secrets: [env:HOOK], secret: x", "unknown field `secret`"),
        ("secrets: [env:HOOK]", "missing required field `url`"),
    ],
)
def test_what_is_wrong_is_named_with_the_mend(tmp_path: Path, entry: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, f"destinations: {{platform: {{{entry}}}}}")
    assert said in caught.value.message
    assert caught.value.hint
    assert str(caught.value.span) == str(tmp_path / "destinations.yml")


def test_a_secret_written_into_the_file_is_refused_without_being_repeated(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, "destinations: {p: {url: https://x/, secrets: [my-very-own-secret-of-secrets]}}")
    assert "very-own" not in str(caught.value)


@pytest.mark.parametrize("text", ["[", "a: b", "- 1", "", "destinations: {p: 3}"])
def test_a_file_of_another_kind_is_said_to_be_one(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="not a list of destinations"):
        read(tmp_path, text)
