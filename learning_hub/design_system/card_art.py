"""Draws the picture that other sites show beside a link to the hub."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

from learning_hub.design_system.emblem import INK, INK_SOFT, PAPER, SUN, emblem
from learning_hub.design_system.lettering import drawable, set_text, typeface

WIDTH, HEIGHT = 1200, 630
SITE = "Learning Hub"
TAGLINE = "What worked in postgraduate medical training"
# Raised when the same words come to look different, so that no old picture is kept for them.
EDITION = 1
_MARGIN = 80
_TEXT_WIDTH = WIDTH - 2 * _MARGIN
_TITLE_SIZES = range(88, 47, -4)
_TITLE_TOP, _TITLE_HEIGHT = 176, 310
_TITLE_SIGNS = 240  # more never fits
_KIND_SIGNS = 60
_SMALL = 34
_COLOURS = 64  # enough for four colours and their edges, and a third of the bytes


def card(kind: str, title: str) -> Image.Image:
    """The card of a page, WIDTH by HEIGHT: its kind above its title, the hub below."""
    picture = _ground().copy()
    draw = ImageDraw.Draw(picture)
    face = typeface(_SMALL)
    draw.text((_MARGIN, 108), drawable(kind[:_KIND_SIGNS], face), font=face, fill=SUN)
    _write_title(draw, drawable(title[:_TITLE_SIGNS], face))
    return picture.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE)


def _write_title(draw: ImageDraw.ImageDraw, title: str) -> None:
    setting = set_text(draw, title, width=_TEXT_WIDTH, height=_TITLE_HEIGHT, sizes=_TITLE_SIZES)
    face = typeface(setting.size)
    for number, line in enumerate(setting.lines):
        top = _TITLE_TOP + number * setting.leading
        draw.text((_MARGIN, top), line, font=face, fill=PAPER)


@lru_cache(maxsize=1)
def _ground() -> Image.Image:
    """What all cards have, drawn once a process."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), INK)
    picture.paste(INK_SOFT, (WIDTH - 470, -150), _shape(760))
    picture.paste(mark := emblem(64), (_MARGIN - 6, 520), mark)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, HEIGHT - 14, WIDTH, HEIGHT), fill=SUN)
    draw.rectangle((_MARGIN, 84, _MARGIN + 64, 90), fill=SUN)
    draw.text((_MARGIN + 74, 552), SITE, font=typeface(_SMALL), fill=PAPER, anchor="lm")
    return picture


def _shape(side: int) -> Image.Image:
    return emblem(side).getchannel("A")
