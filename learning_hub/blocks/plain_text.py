"""Takes the words out of rich text and page bodies, for search and for machines that read us."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from wagtail import blocks

# Both run in linear time on hostile input: a "<" that never closes stays where it is.
_LINE_ENDS = re.compile(r"</(?:p|li|ul|ol|h[1-6]|blockquote|tr)>|<br */?>|<hr */?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_BLANK_LINES = re.compile(r"[ \t]*\n\s*")


def plain(rich_text: str) -> str:
    """The words of stored rich text, one paragraph or list item a line."""
    lines = _TAG.sub("", _LINE_ENDS.sub("\n", rich_text))
    return _BLANK_LINES.sub("\n", unescape(lines)).strip()


def body_text(body: blocks.StreamValue) -> str:
    """The words of a page body, read from what is stored: no picture or file is fetched."""
    stored = [(child["type"], child["value"]) for child in body.raw_data]
    return "\n".join(_stream_texts(body.stream_block, stored))


def _stream_texts(stream: blocks.BaseStreamBlock, stored: list[tuple[str, Any]]) -> Iterator[str]:
    for name, value in stored:
        if name in stream.child_blocks:
            yield from _texts(stream.child_blocks[name], value)


def _texts(block: blocks.Block, value: Any) -> Iterator[str]:
    if isinstance(block, blocks.BaseStructBlock) and isinstance(value, dict):
        for name, child in block.child_blocks.items():
            yield from _texts(child, value.get(name))
    elif isinstance(value, str) and isinstance(block, blocks.RichTextBlock):
        yield plain(value)
    elif isinstance(value, str) and isinstance(block, blocks.CharBlock | blocks.TextBlock):
        yield value
