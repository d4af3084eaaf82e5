"""Running text in and out: plain text as people type it, and the HTML that a page keeps."""

from __future__ import annotations

import re
from html import escape, unescape

from learning_hub.blocks.outside_html import UncleanableHtml, clean_outside_html

__all__ = ["UncleanableHtml", "as_html", "as_typed", "settled_html"]

# Without a closing tag or a line break, "<" is taken for the sign that it is: "p <0.05".
_LOOKS_LIKE_HTML = re.compile(r"</[a-z][a-z0-9]*\s*>|<br\s*/?>", re.IGNORECASE)
_ITEM = re.compile(r"[-*•]\s+(.*)")
# What nobody would make a link of, in markup that is clean already.
_PLAIN_MARKUP = re.compile(
    r"(?:<(?:p|ul|li)>|</(?:p|ul|li)>|<br>|&(?:amp|lt|gt);"
    r"|[^<>&:@.\xa0]|\.(?=[\s\d<]|[a-z]\b|$)|:(?!/))*"
)
_BLOCK = re.compile(r"<p>(?P<p>.*?)</p>|<ul>(?P<ul>(?:<li>.*?</li>)+)</ul>", re.DOTALL)
_LINK = re.compile(r"<a [^>]*>(.*?)</a>", re.DOTALL)


def as_html(text: str) -> str:
    """The clean HTML for `text`, which is plain text or HTML; empty where it says nothing.

    Raises UncleanableHtml where it is longer or deeper than running text may be.
    """
    return settled_html(text if _LOOKS_LIKE_HTML.search(text) else _marked_up(text))


def settled_html(html: str) -> str:
    """`html` as an import would keep it: cleaned, and empty where there is no text in it."""
    html = html.strip()
    if not html or (len(html) < 10_000 and _PLAIN_MARKUP.fullmatch(html)):
        cleaned = html  # nothing in it that a cleaner would change
    else:
        cleaned = clean_outside_html(html).strip()
    return cleaned if re.sub(r"<[^>]*>", "", cleaned).strip() else ""


def as_typed(html: str) -> str:
    """The plain text that gives exactly this settled HTML, or the HTML where none does."""
    blocks = list(_BLOCK.finditer(html))
    parts = [_typed_block(block) for block in blocks]
    text = "\n\n".join(parts)
    return text if as_html(text) == html else html


def _typed_block(block: re.Match[str]) -> str:
    if block["p"] is not None:
        return _typed_inline(block["p"])
    items = re.findall(r"<li>(.*?)</li>", block["ul"], re.DOTALL)
    return "\n".join(f"• {_typed_inline(item)}" for item in items)


def _typed_inline(html: str) -> str:
    return unescape(_LINK.sub(r"\1", html).replace("<br>", "\n"))


def _marked_up(text: str) -> str:
    """Paragraphs at empty lines; runs of lines with a dash or bullet become a list."""
    return "".join(
        part
        for paragraph in re.split(r"\n\s*\n", text)
        for part in _marked_up_lines(paragraph.split("\n"))
    )


def _marked_up_lines(lines: list[str]) -> list[str]:
    parts: list[tuple[bool, list[str]]] = []
    for line in (" ".join(line.split()) for line in lines):
        item = _ITEM.fullmatch(line)
        content = escape(item[1] if item else line, quote=False)
        if not content:
            continue
        if parts and parts[-1][0] == bool(item):
            parts[-1][1].append(content)
        else:
            parts.append((bool(item), [content]))
    return [_list(content) if is_list else _paragraph(content) for is_list, content in parts]


def _list(items: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def _paragraph(lines: list[str]) -> str:
    return f"<p>{'<br>'.join(lines)}</p>"
