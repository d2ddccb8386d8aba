"""Markdown of policies to HTML that can do nothing: rendered without raw HTML, then cleaned again."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {
    "p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "h1", "h2", "h3", "h4", "a",
    "hr", "br", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_RENDER = MarkdownIt("commonmark", {"html": False}).enable("table")


def prose(markdown: str) -> Markup:
    r"""Safe HTML of a Markdown text.

    >>> prose("**No** <script>alert(1)</script>")
    Markup('<p><strong>No</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>\n')
    """
    html: str = _RENDER.render(markdown)
    clean = nh3.clean(
        html, tags=_TAGS, attributes={"a": {"href", "title"}}, url_schemes={"https", "http", "mailto"}
    )
    return Markup(clean)  # noqa: S704  nh3 has cleaned it
