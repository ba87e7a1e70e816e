"""Markdown that people type, as HTML that is safe to show.

HTML in the source stays text, and what the parser makes of the rest passes a sanitiser that knows few tags and only
links that leave safely. Texts are long-lived and looked at by many, so the latest are kept.
"""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

MOST_RENDERED = 20_000
"""Characters of a text that are rendered; the rest is left out with a word about it."""

_TAGS = {
    "p", "br", "hr", "strong", "em", "s", "del", "code", "pre", "blockquote", "ul", "ol", "li",
    "h1", "h2", "h3", "h4", "h5", "h6", "a", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title", "target"}, "ol": {"start"}}
_parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True, "maxNesting": 20}).enable(
    ["table", "strikethrough"]
)


def to_html(markdown: str) -> str:
    """The text as safe HTML; links open in a new tab and do not tell where they were followed from."""
    return _rendered(markdown)


@lru_cache(maxsize=512)
def _rendered(markdown: str) -> str:
    html = _parser.render(markdown[:MOST_RENDERED])
    if len(markdown) > MOST_RENDERED:
        html += "<p><em>The text goes on; open it for editing to read the rest.</em></p>"
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
