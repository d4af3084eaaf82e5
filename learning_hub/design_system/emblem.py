"""Draws the hub's emblem as a picture, with the geometry of static/images/emblem.svg."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]

# The names of hub.css.
INK: Colour = (0x12, 0x36, 0x3F)
INK_SOFT: Colour = (0x1D, 0x4D, 0x59)
SUN: Colour = (0xF2, 0xB8, 0x4B)
PAPER: Colour = (0xFF, 0xFF, 0xFF)

# Everything below is in units of the drawing, a square of this many.
SIDE = 40.0
CENTRE = (20.0, 20.0, 5.0)  # x, y, radius
SATELLITES = (
    (20.0, 6.5, 3.0),
    (30.6, 11.6, 4.2),
    (33.2, 23.0, 3.0),
    (25.9, 32.2, 3.0),
    (14.1, 32.2, 3.0),
    (6.8, 23.0, 3.0),
    (9.4, 11.6, 3.0),
)
LIT = 1  # the one satellite in the colour of the sun
SPOKE = 2.0
CORNER = 8.0
INSET = 0.9  # how much of its tile the emblem takes
_FINER = 4  # drawn this much larger, then made smaller, which smooths the edges
_ICO_SIDES = (16, 32, 48)
_SMALL = 32  # up to here every pixel counts, and the emblem takes its whole tile


def emblem(side: int, colour: Colour = PAPER) -> Image.Image:
    """The emblem alone, `side` pixels wide and high, on nothing."""
    scale = side * _FINER / SIDE
    picture = Image.new("RGBA", (side * _FINER,) * 2, (*colour, 0))
    draw = ImageDraw.Draw(picture)
    for x, y, _ in SATELLITES:
        ends = (CENTRE[0] * scale, CENTRE[1] * scale, x * scale, y * scale)
        draw.line(ends, fill=(*colour, 255), width=round(SPOKE * scale))
    for number, circle in enumerate((CENTRE, *SATELLITES), start=-1):
        x, y, radius = (length * scale for length in circle)
        draw.circle((x, y), radius, fill=(*(SUN if number == LIT else colour), 255))
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def tile(side: int, *, bleeds: bool = False) -> Image.Image:
    """The emblem on its square of ink; `bleeds` fills the corners, for what rounds them itself."""
    large = side * _FINER
    picture = Image.new("RGBA", (large, large), (*INK, 255 if bleeds else 0))
    radius = 0 if bleeds else CORNER * large / SIDE
    ImageDraw.Draw(picture).rounded_rectangle((0, 0, large - 1, large - 1), radius, fill=INK)
    picture = picture.resize((side, side), Image.Resampling.LANCZOS)
    within = round(side * (0.72 if bleeds else INSET if side > _SMALL else 1))
    start = (side - within) // 2
    picture.alpha_composite(emblem(within), (start, start))
    return picture


def as_png(picture: Image.Image) -> bytes:
    """The picture as a file."""
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def favicon() -> bytes:
    """An icon file with a drawing of its own for each size."""
    smallest, *others = (tile(side) for side in _ICO_SIDES)
    file = BytesIO()
    others[-1].save(
        file,
        "ICO",
        sizes=[(side, side) for side in _ICO_SIDES],
        append_images=[smallest, *others[:-1]],
    )
    return file.getvalue()


def in_hex(colour: Colour) -> str:
    """The colour as stylesheets write it."""
    return f"#{bytes(colour).hex()}"
