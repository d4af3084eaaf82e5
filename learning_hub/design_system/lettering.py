"""Sets text in a picture: which typeface there is, what it can draw, where lines break."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from PIL import ImageDraw, ImageFont

Typeface = ImageFont.FreeTypeFont

# Bold faces that machines have, the best first. None is ours to pass on, so none is committed.
INSTALLED = ("LiberationSans-Bold.ttf", "DejaVuSans-Bold.ttf", "Arial Bold.ttf", "arialbd.ttf")
# What no face without the sign can be asked to draw, in signs that every face has.
_PLAIN = str.maketrans(
    {"–": "-", "—": "-", "‑": "-", "−": "-", "£": "GBP ", "€": "EUR ", "×": "x", "ß": "ss"}
    | {"‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)
_NOT_A_CHARACTER = "\uffff"  # drawn as the box that stands for every missing sign
_LEADING = 1.22  # from one line to the next, in sizes of the letters


@dataclass(frozen=True)
class Setting:
    """A text as it fits its space: `size` in pixels, one text a line."""

    size: int
    lines: tuple[str, ...]

    @property
    def leading(self) -> int:
        """Pixels from one line to the next."""
        return round(self.size * _LEADING)

    @property
    def height(self) -> int:
        """Pixels from the top of the first line to the end of the last."""
        return self.leading * len(self.lines)


@lru_cache(maxsize=16)
def typeface(size: int) -> Typeface:
    """The best bold face of this machine; where it has none, the one that Pillow carries."""
    for name in INSTALLED:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return cast("Typeface", ImageFont.load_default(size))  # a bitmap only without FreeType


def drawable(text: str, face: Typeface) -> str:
    """`text` in signs that `face` has: without an accent rather than as a box."""
    missing = bytes(face.getmask(_NOT_A_CHARACTER))

    def has(sign: str) -> bool:
        return sign.isascii() or bytes(face.getmask(sign)) != missing

    composed = unicodedata.normalize("NFC", text)
    kept = "".join(sign if has(sign) else _plain(sign) for sign in composed)
    return " ".join("".join(sign for sign in kept if sign.isprintable() or sign == " ").split())


def set_text(
    draw: ImageDraw.ImageDraw, text: str, *, width: int, height: int, sizes: range
) -> Setting:
    """`text` in the largest of `sizes` (from large to small) that fits, with no word broken.

    At the smallest size, words that are wider are broken, and what is too much is cut off with
    an ellipsis.
    """
    for size in sizes:
        setting = Setting(size, tuple(_broken(draw, text, width, size)))
        if setting.height <= height and " ".join(setting.lines) == text:
            return setting
    return _cut(draw, setting, width, height)


def _cut(draw: ImageDraw.ImageDraw, setting: Setting, width: int, height: int) -> Setting:
    room = height // setting.leading
    if len(setting.lines) <= room:
        return setting
    *kept, last = setting.lines[:room]
    while " " in last and draw.textlength(f"{last}…", typeface(setting.size)) > width:
        last = last.rpartition(" ")[0]
    return Setting(setting.size, (*kept, f"{last}…"))


def _plain(sign: str) -> str:
    bare = unicodedata.normalize("NFKD", sign.translate(_PLAIN))
    return "".join(each for each in bare if each.isascii())


def _broken(draw: ImageDraw.ImageDraw, text: str, width: int, size: int) -> list[str]:
    """`text` in lines of at most `width` pixels; a longer word is broken where it must be."""
    face, lines = typeface(size), [""]
    words = text.split()
    for word in (piece for each in words for piece in _pieces(draw, each, width, face)):
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, face) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _pieces(draw: ImageDraw.ImageDraw, word: str, width: int, face: Typeface) -> Iterator[str]:
    while (length := draw.textlength(word, face)) > width:
        # From about where it must end, so that the longest word costs a few measurements a line.
        end = max(1, min(len(word) - 1, 2 + int(len(word) * width / length)))
        while end > 1 and draw.textlength(word[:end], face) > width:
            end -= 1
        yield word[:end]
        word = word[end:]
    yield word
