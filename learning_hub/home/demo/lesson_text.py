"""Reads a syllabus page as it is written: Markdown-like text with marked pieces between “:::”."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from case_studies.exchange import running_text

Piece = tuple[str, Any]

# “## Heading”, or “::: name the rest of the line” up to “:::” on a line of its own.
_PART = re.compile(r"^(##[ ].*|:::[ ]\w+[ ].*\n(?:.*\n)*?:::)$", re.MULTILINE)
# [words](/address/ in this site) or [words](source:name in the facts).
_LINK = re.compile(r"\[([^\]]+)\]\((source:[\w-]+|/[^)\s]*)\)")
_OPTION = re.compile(r"\((x| )\) (.+?) => (.+)")


class UnreadableText(ValueError):
    """The text has a piece that no page can hold; the message quotes it."""


def read_body(text: str, sources: Mapping[str, str]) -> list[Piece]:
    """The pieces of a body, as a StreamField takes them. Raises UnreadableText, KeyError."""
    read = _Reader(sources)
    parts = (part.strip() for part in _PART.split(text))
    return [read.part(part) for part in parts if part]


class _Reader:
    """Reads the parts of one text; `sources` are the outside addresses that it may name."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources
        self.pieces: dict[str, Callable[[str, str], dict[str, Any]]] = {
            "callout": lambda rest, text: {"heading": rest, "text": self.html(text)},
            "details": lambda rest, text: {"summary": rest, "text": self.html(text)},
            "table": lambda rest, text: {"caption": rest, "rows": text},
            "quote": lambda rest, text: {"role": rest, "quote": text},
            "checklist": lambda rest, text: {"title": rest, "items": _marked(text, "- ")},
            "vignette": self.vignette,
            "knowledge_check": _knowledge_check,
        }

    def part(self, part: str) -> Piece:
        """A heading, running text, or a marked piece."""
        if part.startswith("## "):
            return "heading", part[3:].strip()
        if not part.startswith(":::"):
            return "paragraph", self.html(part)
        first, _, rest = part.partition("\n")
        _, name, words = first.split(" ", 2)
        if name not in self.pieces:
            raise UnreadableText(f"There is no piece called “{name}”.")
        return name, self.pieces[name](words.strip(), rest.removesuffix(":::").strip())

    def html(self, text: str) -> str:
        """Running text, with its links made after it was cleaned: a cleaner marks outside ones."""
        return _LINK.sub(self.link, running_text.as_html(text))

    def link(self, match: re.Match[str]) -> str:
        name = match[2].removeprefix("source:")
        address = match[2] if match[2].startswith("/") else self.sources[name]
        return f'<a href="{escape(address)}">{match[1]}</a>'

    def vignette(self, title: str, text: str) -> dict[str, Any]:
        story = "\n".join(line for line in text.splitlines() if not line.startswith("? "))
        return {"title": title, "story": self.html(story), "questions": _marked(text, "? ")}


def _knowledge_check(question: str, text: str) -> dict[str, Any]:
    options = [_OPTION.fullmatch(line.strip()) for line in text.splitlines() if line.strip()]
    if None in options:
        raise UnreadableText(f"“{question}” has an option that is not “(x) words => feedback”.")
    return {
        "question": question,
        "options": [
            {"text": option[2], "is_correct": option[1] == "x", "feedback": option[3]}
            for option in options
            if option
        ],
    }


def _marked(text: str, mark: str) -> list[str]:
    """The lines that start with `mark`, without it."""
    return [line[len(mark) :] for line in text.splitlines() if line.startswith(mark)]
