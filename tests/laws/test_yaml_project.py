"""A project whose files were mutilated is a list of diagnostics: never another exception, never a hang."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from seawall.policy.codes import CODES
from seawall.policy.diagnostics import Diagnostics
from seawall.policy.folder import File
from seawall.policy.read import read_project
from seawall.policy.render import as_document, closing_line, render
from seawall.signals.kinds import KINDS

BASE = Path(__file__).resolve().parents[1] / "golden" / "check" / "base"
FILES = {str(path.relative_to(BASE)): path.read_bytes() for path in sorted(BASE.rglob("*")) if path.is_file()}
SNIPPETS = [
    *(
        b"",
        b"\n",
        b"\t",
        b" ",
        b":",
        b"-",
        b"[",
        b"]",
        b"{",
        b"}",
        b"'",
        b'"',
        b"#",
        b"|",
        b">",
        b"&a ",
        b"*a",
        b"!x ",
    ),
    *(
        b"~",
        b"null",
        b"true",
        b"0",
        b"-1",
        b"1e999",
        b".nan",
        b"9" * 30,
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\r",
    ),
    *(
        "é".encode(),
        "免费".encode(),
        b"---\n",
        b"## c3. New\n",
        b"```",
        b"```yaml\n",
        b"> ",
        b"    ",
        b"# match: domain\n",
    ),
    *(
        b"AND",
        b"(",
        b"NULL",
        b"1/0",
        b"count(*)",
        b"regexp_matches(text, '(')",
        b"mode",
        b"on",
        b"[a, b]",
        b"{a: b}",
    ),
]


@st.composite
def mutilated(draw: st.DrawFn) -> dict[str, bytes]:
    """The base project after a few cuts, insertions, swaps and lost files."""
    files = dict(FILES)
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(sorted(files)))
        content = files[path]
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 12)))
        piece = draw(
            st.one_of(st.sampled_from(SNIPPETS), st.binary(max_size=6), st.just(content[start:end] * 2))
        )
        match draw(st.integers(0, 9)):
            case 0:
                other = draw(st.sampled_from(sorted(files)))
                files[path] = files[other]
            case 1 if len(files) > 1:
                del files[path]
            case 2:
                lines = content.splitlines(keepends=True)
                files[path] = b"".join(draw(st.permutations(lines)))
            case _:
                files[path] = content[:start] + piece + content[end:]
    return files


def check(files: dict[str, bytes]) -> str:
    read = tuple(File(path, content) for path, content in sorted(files.items()))
    project, diagnostics = read_project(read, Diagnostics(), root="x", kinds=KINDS)
    assert (project is None) == any(each.severity == "error" for each in diagnostics)
    assert {each.code for each in diagnostics} <= CODES.keys()
    assert diagnostics == sorted(diagnostics, key=lambda each: each.span)
    as_document(diagnostics, files=len(files))
    return "\n".join([*map(render, diagnostics), closing_line(diagnostics, files=len(files))])


@given(mutilated())
@example({**FILES, "strategies/text.yml": b"strategy: a\nwhen: [\n"})
@example({**FILES, "lists/spam/terms.csv": b"weight\nweight\ncheap followers,0.8\n"})
@example({**FILES, "policies/spam.md": b"---\n---\n"})
@example({**FILES, "policies/spam.md": b"---"})
@example({**FILES, "policies/spam.md": b"---\npolicy: spam\n---\n## c1. x\n```yaml"})
@example({**FILES, "policies/spam.md": b"> " * 5_000})
@example({**FILES, "policies/spam.md": b"---\na: b\n---\n" + b"- " * 5_000})
@example({**FILES, "lists/spam/terms.csv": b'term,weight\n"a\n'})
@example({**FILES, "lists/spam/terms.csv": b"# match:\n"})
@example({**FILES, "lists/shorteners.txt": b"#\x0bmatch: domain\x0b\n"})
@example({**FILES, "tests/links.yml": b"tests: [{name: x, event: {type: [a]}, expect: {action: [remove]}}]"})
@example(
    {
        **FILES,
        "features/links.yml": b"features: {a: {on: comment, value: 'count(*) filter (where  )', by: []}}",
    }
)
def test_a_mutilated_project_gives_diagnostics(files: dict[str, bytes]) -> None:
    report = check(files)
    assert "\x00" not in report


@given(st.dictionaries(st.sampled_from(sorted(FILES)), st.binary(max_size=200), min_size=1, max_size=4))
def test_bytes_of_any_kind_give_diagnostics(noise: dict[str, bytes]) -> None:
    check({**FILES, **noise})
