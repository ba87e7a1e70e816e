import time
from html.parser import HTMLParser

import pytest

from components import text
from components.text import to_html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("`a < b`", "<p><code>a &lt; b</code></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("~~gone~~", "<p><s>gone</s></p>\n"),
        ("", ""),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    assert to_html(markdown) == html


def test_links_open_elsewhere_and_tell_nothing() -> None:
    html = to_html("[docs](https://example.com/a?b=1&c)")
    assert 'href="https://example.com/a?b=1&amp;c"' in html
    assert 'target="_blank"' in html
    assert 'rel="noopener nofollow"' in html


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](  javascript&#58;alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        '[x](https://a.b "onmouseover=alert(1)")',
        '[x](https://a.b" onclick="alert(1))',
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "```\n</code></pre><script>alert(1)</script>\n```",
        "<style>*{display:none}</style><iframe src=//evil></iframe>",
    ],
)
def test_nothing_that_runs_survives(markdown: str) -> None:
    html = to_html(markdown).casefold()
    for tag in ("<script", "<img", "<svg", "<style", "<iframe"):
        assert tag not in html
    attributes = _attributes(html)
    assert not [name for name in attributes if name.startswith("on")]
    assert all(link.startswith(("https://", "http://", "mailto:")) for link in attributes.get("href", []))


def _attributes(html: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            for name, value in attrs:
                found.setdefault(name, []).append(value or "")

    Reader().feed(html)
    return found


@pytest.mark.parametrize("piece", ["[", "![", "*a_", "> ", "`", "<", "[a](", "- ", "|a", "a**"])
def test_hostile_text_takes_no_more_than_a_multiple_of_plain_text(piece: str) -> None:
    def seconds(markdown: str) -> float:
        text._rendered.cache_clear()
        start = time.perf_counter()
        to_html(markdown)
        return time.perf_counter() - start

    plain = max(seconds("word **bold** and more\n\n" * 800), 0.01)
    assert seconds(piece * 10_000) < 30 * plain


def test_a_long_text_is_rendered_in_part_and_says_so() -> None:
    html = to_html("word " * 10_000)
    assert len(html) < 21_000
    assert "The text goes on" in html
