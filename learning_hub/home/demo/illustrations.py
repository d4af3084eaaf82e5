"""Draws the demo's pictures: one plain pattern for each kind of initiative."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

# Drawn at twice the size and then reduced, so that edges are smooth.
SIZE = (1200, 675)
SCALE = 2
PAPER = "#f4f1ea"
DEEP, MIDDLE, SOFT, WARM = "#12455a", "#2c7a86", "#b9d6d6", "#e0a458"

Pen = ImageDraw.ImageDraw
Motif = Callable[[Pen], None]


def draw(motif: str) -> bytes:
    """The picture of `motif` as a PNG. Raises KeyError for a motif that is not in MOTIFS."""
    canvas = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), PAPER)
    MOTIFS[motif](ImageDraw.Draw(canvas))
    file = io.BytesIO()
    canvas.resize(SIZE, Image.Resampling.LANCZOS).quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def _box(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    return x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE


def _disc(pen: Pen, x: float, y: float, radius: float, colour: str) -> None:
    pen.ellipse(_box(x - radius, y - radius, 2 * radius, 2 * radius), fill=colour)


def _block(pen: Pen, x: float, y: float, width: float, height: float, colour: str) -> None:
    pen.rounded_rectangle(_box(x, y, width, height), radius=14 * SCALE, fill=colour)


def _courses(pen: Pen) -> None:
    """Rows of seats that face a screen, one lit in each row."""
    _block(pen, 300, 70, 600, 130, DEEP)
    for row in range(4):
        for seat in range(9):
            lit = seat == (3 + 2 * row) % 9
            _block(pen, 165 + 98 * seat, 270 + 90 * row, 74, 58, WARM if lit else SOFT)


def _simulation(pen: Pen) -> None:
    """Rings around a point, as seen through a scope."""
    for radius, colour in ((290, DEEP), (230, MIDDLE), (170, SOFT), (110, PAPER), (38, WARM)):
        _disc(pen, 600, 337, radius, colour)


def _backfill(pen: Pen) -> None:
    """A month of days, some of them filled."""
    for week in range(5):
        for day in range(7):
            filled = (week * 7 + day) % 6 == 2
            colour = WARM if filled else (MIDDLE if day > 4 else SOFT)
            _block(pen, 170 + 125 * day, 60 + 115 * week, 105, 95, colour)


def _wellbeing(pen: Pen) -> None:
    """Circles of different sizes that stand close together."""
    spots = ((380, 380, 190, SOFT), (640, 260, 150, MIDDLE), (830, 420, 170, WARM))
    for x, y, radius, colour in (*spots, (590, 500, 90, DEEP), (1000, 230, 70, SOFT)):
        _disc(pen, x, y, radius, colour)


def _one_to_one(pen: Pen) -> None:
    """Two people at a table."""
    _disc(pen, 400, 260, 110, MIDDLE)
    _disc(pen, 800, 260, 110, WARM)
    _block(pen, 220, 430, 760, 60, DEEP)
    _block(pen, 570, 490, 60, 140, DEEP)


def _fellowship(pen: Pen) -> None:
    """Steps that climb, with somebody on the third."""
    for step in range(5):
        height = 90 + 95 * step
        _block(pen, 150 + 185 * step, 620 - height, 165, height, MIDDLE if step % 2 else SOFT)
    _block(pen, 575, 235, 54, 100, DEEP)
    _disc(pen, 602, 200, 38, WARM)


def _post_cct(pen: Pen) -> None:
    """A bridge of four arches."""
    _block(pen, 60, 250, 1080, 330, MIDDLE)
    for arch in range(4):
        x = 225 + 250 * arch
        _disc(pen, x, 440, 95, PAPER)
        pen.rectangle(_box(x - 95, 440, 190, 150), fill=PAPER)
    _block(pen, 40, 225, 1120, 40, DEEP)
    _disc(pen, 1020, 120, 60, WARM)


MOTIFS: dict[str, Motif] = {
    "courses": _courses,
    "simulation": _simulation,
    "backfill": _backfill,
    "wellbeing": _wellbeing,
    "one-to-one": _one_to_one,
    "fellowship": _fellowship,
    "post-cct": _post_cct,
}
