"""Answers from forms and other programs: what is left is the Markdown subset, and what went is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chatbot.knowledge.answer_text import clean_answer, is_https

SUBSET = {"paragraph", "inline", "text", "softbreak", "strong", "bullet_list", "list_item", "link"}


def kinds(text: str) -> set[str]:
    """The kinds of marks in a text."""
    blocks = MarkdownIt("commonmark").parse(text)
    tokens = [inner for block in blocks for inner in (block, *(block.children or ()))]
    return {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}


@pytest.mark.parametrize(
    ("typed", "kept", "change"),
    [
        (
            "Call **us**.\n\n- one\n- [two](https://a.example/b)",
            "Call **us**.\n\n- one\n- [two](https://a.example/b)",
            "",
        ),
        ("a < b & c > d", "a < b & c > d", ""),
        ("  spaces  \r\n\r\n\r\nand lines\t", "spaces\n\nand lines", ""),
        ("# Title\n\nText", "**Title**\n\nText", "a heading became bold text"),
        ("1. one\n2. two", "- one\n- two", "a numbered list got dashes"),
        ("- one\n  - two", "- one\n- two", "a list in a list became one list"),
        ("so *very* `odd` ![x](https://a.example/x.png)", "so very odd", "a picture was left out"),
        ("```\ncode\n```", "code", "a block of code became plain text"),
        ("> said", "said", "a quotation block became plain text"),
        ("[me](http://a.example)", "me", "the link to http://a.example was left out: only https:// is allowed"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "- a: b\n\n- 1: 2", "a table became a list"),
        ("*1. no list*", "1\\. no list", "italics became plain text"),
        ("*a* \\*b\\* &amp;lt;", "a \\*b\\* \\&lt;", "italics became plain text"),
    ],
)
def test_marks_outside_the_subset(typed: str, kept: str, change: str) -> None:
    cleaned = clean_answer(typed)
    assert cleaned.text == kept
    assert change in cleaned.changes if change else cleaned.changes == ()


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>It costs <b>£5</b> &amp; up.</p><p>Call&nbsp;us</p>", "It costs **£5** & up.\n\nCall us"),
        ("<ul><li>one</li><li>two</li></ul>after", "- one\n- two\n\nafter"),
        ("line<br>line<br/>line", "line\n\nline\n\nline"),
        ('<a href="https://a.example/b(c)">here</a>', "[here](https://a.example/b%28c%29)"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("<script>alert(1)</script>safe<img src=x onerror=alert(1)>", "safe"),
        ("<h2>Prices</h2><table><tr><td>PRP</td><td>£5</td></tr></table>", "**Prices**\n\n- PRP: £5"),
        ("<b> </b><p>a <strong> b</strong>c</p>", "a **b**c"),
        ("<p>2 * 3 * 4 and [x](y)</p>", "2 \\* 3 \\* 4 and \\[x\\](y)"),
    ],
)
def test_html_becomes_markdown(html: str, kept: str) -> None:
    cleaned = clean_answer(html)
    assert MarkdownIt("commonmark").render(cleaned.text) == MarkdownIt("commonmark").render(kept)
    assert cleaned.changes[0].startswith("HTML became")


def test_what_html_loses_is_named() -> None:
    assert {"<script> was left out", "<img> was left out"} < set(clean_answer("<script>x</script><IMG src=x>a").changes)


@given(st.text(max_size=80) | st.text("ab \n\n*_`#>-+=~1.)[](){}<>/!\\&;|:htps", max_size=40))
def test_whatever_is_pasted_only_the_subset_is_left(text: str) -> None:
    """Nothing outside the subset comes through, links are https alone, and cleaning twice is cleaning once."""
    cleaned = clean_answer(text).text
    assert kinds(cleaned) <= SUBSET
    assert clean_answer(cleaned).text == cleaned


@pytest.mark.parametrize("address", ["http://a.example", "https://", "javascript:x", "//a.example", "https://[", "x"])
def test_only_full_https_addresses_count(address: str) -> None:
    assert not is_https(address)
