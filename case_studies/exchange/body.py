"""The body of a study in and out: headings and running text as typed, other blocks as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue

from case_studies.exchange import running_text
from learning_hub.blocks.body import BodyBlock

MAX_BLOCKS = 200

# Pictures and files do not travel in a table of text.
TRAVELLING = ("heading", "paragraph", "quote", "callout", "details", "table")

Block = dict[str, Any]
TextReader = Callable[[object], str]

_BODY = BodyBlock()


class UnreadableBody(ValueError):
    """The body cannot be read; the message says which block, and what would be accepted."""


def read(raw: str | list[Any], read_text: TextReader) -> list[Block]:
    """The settled blocks of `raw`: typed text, a list of blocks, or such a list as JSON text.

    `read_text` settles one text and refuses what no text may hold. Raises UnreadableBody.
    """
    if isinstance(raw, str) and not raw.startswith("["):
        return _typed(raw)
    listed = _parsed(raw) if isinstance(raw, str) else raw
    if len(listed) > MAX_BLOCKS:
        raise UnreadableBody(f"The body has {len(listed):,} blocks; at most {MAX_BLOCKS} are read.")
    return [_read_block(number, block, read_text) for number, block in enumerate(listed, start=1)]


def describe(stream: StreamValue) -> list[Block]:
    """The blocks of a page's body that travel, settled as an import would keep them."""
    described = []
    for child in stream:
        if child.block_type in TRAVELLING:
            stored = child.block.get_prep_value(child.value)
            value = _settled(child.block, stored, str, running_text.settled_html)
            described.append({"type": child.block_type, "value": value})
    return described


def written(described: list[Block]) -> str | list[Block]:
    """The shortest form that reads back as `described`: typed text where one does."""
    typed = "\n\n".join(_as_typed(block) for block in described)
    if described and not typed.startswith("[") and _typed(typed) == described:
        return typed
    return described


def replaced(stream: StreamValue, described: list[Block]) -> StreamValue:
    """A body of the `described` blocks, then what `stream` holds that does not travel."""
    raw = [dict(block) for block in described]
    kept = [block for block in stream.raw_data if block["type"] not in TRAVELLING]
    return _BODY.to_python([*raw, *kept])


def _as_typed(block: Block) -> str:
    if block["type"] == "heading":
        return f"## {block['value']}"
    return running_text.as_typed(block["value"]) if block["type"] == "paragraph" else "["


def _typed(text: str) -> list[Block]:
    described: list[Block] = []
    for part in re.split(r"^(##[ \t]+.*)$", text, flags=re.MULTILINE):
        if part.startswith("##"):
            described.append({"type": "heading", "value": " ".join(part[2:].split())})
        elif html := _html(part):
            described.append({"type": "paragraph", "value": html})
    return described


def _html(text: str) -> str:
    try:
        return running_text.as_html(text)
    except running_text.UncleanableHtml as error:
        raise UnreadableBody(str(error)) from None


def _parsed(text: str) -> list[Any]:
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableBody(
            "The body starts with “[” but is not a JSON list of blocks. Write plain text, or "
            'blocks like [{"type": "heading", "value": "…"}].'
        ) from None
    return parsed if isinstance(parsed, list) else [parsed]


def _read_block(number: int, raw: object, read_text: TextReader) -> Block:
    """One block, checked against the body's own blocks."""
    accepted = ", ".join(TRAVELLING)
    if not isinstance(raw, dict) or raw.get("type") not in TRAVELLING or "value" not in raw:
        raise UnreadableBody(
            f"Block {number} is not an object with “value” and a “type” out of: {accepted}."
        )
    block = _BODY.child_blocks[raw["type"]]
    try:
        value = _settled(block, raw["value"], read_text, running_text.as_html)
        block.clean(block.to_python(value))
    except (ValidationError, TypeError) as error:
        raise UnreadableBody(f"Block {number} ({raw['type']}): {_reasons(error)}") from None
    except ValueError as error:
        raise UnreadableBody(f"Block {number} ({raw['type']}): {error}") from None
    return {"type": raw["type"], "value": value}


def _settled(
    block: blocks.Block, raw: Any, read_text: TextReader, read_html: Callable[[str], str]
) -> Any:
    """The value of a block with every text in it settled: running text clean, the rest plain."""
    if isinstance(block, blocks.StructBlock):
        given = raw if isinstance(raw, dict) else {}
        if unknown := set(given) - set(block.child_blocks):
            raise TypeError(f"has no part “{min(unknown)[:40]}”; {_parts(block)}")
        return {
            name: _settled(child, given.get(name, ""), read_text, read_html)
            for name, child in block.child_blocks.items()
        }
    text = read_text("" if raw is None else raw)
    if isinstance(block, blocks.RichTextBlock):
        return read_html(text)
    return text if isinstance(block, blocks.TextBlock) else " ".join(text.split())


def _parts(block: blocks.StructBlock) -> str:
    return "its parts are: " + ", ".join(block.child_blocks)


def _reasons(error: Exception) -> str:
    """The messages of a block's error, which nest by part."""
    nested = getattr(error, "block_errors", None)
    if not nested:
        return " ".join(getattr(error, "messages", None) or [str(error)])
    return "; ".join(f"{part}: {_reasons(one)}" for part, one in nested.items() if one)
