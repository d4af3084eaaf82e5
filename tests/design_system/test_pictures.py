"""The emblem as icons, and the card beside a link, as they are drawn."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from PIL import Image, ImageChops, ImageDraw

from learning_hub.design_system import card_art, emblem, lettering
from learning_hub.design_system.icons import ICONS, SITE_CARD

ROOT = Path(settings.PROJECT_DIR)
LONG_WORD = "Pneumonoultramicroscopicsilicovolcanoconiosisantidisestablish"
TITLES = {
    "short": "A",
    "long": "Using high-fidelity simulation to recover laparoscopic training for " * 4,
    "accents": "Élan: “Señor Ångström’s” café – £250 × 3",
    "one long word": LONG_WORD,
    "no letter that we can draw": "日本語 🎉",
    "signs that steer": "Left\u202eright\x00\u200b\ttab\nline",
    "nothing": "",
    "a page's longest": "W" * 255,
}


def circles(svg: str) -> list[tuple[float, ...]]:
    found = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', svg)
    return [tuple(float(number) for number in circle) for circle in found]


@pytest.mark.parametrize("file", ["static/images/emblem.svg", "templates/navigation/emblem.html"])
def test_the_emblem_is_drawn_as_it_is_written(file: str) -> None:
    svg = (ROOT / file).read_text()
    assert circles(svg) == [emblem.CENTRE, *emblem.SATELLITES]
    lit = re.search(r'cx="([\d.]+)" cy="([\d.]+)" r="[\d.]+" fill="#f2b84b"', svg)
    assert lit is not None
    assert tuple(map(float, lit.groups())) == emblem.SATELLITES[emblem.LIT][:2]


@pytest.mark.parametrize(("name", "colour"), [("ink", emblem.INK), ("ink-soft", emblem.INK_SOFT)])
def test_the_colours_are_those_of_the_pages(name: str, colour: emblem.Colour) -> None:
    styles = (ROOT / "static/css/hub.css").read_text()
    assert f"--hub-{name}: {emblem.in_hex(colour)};" in styles
    assert f"--hub-sun: {emblem.in_hex(emblem.SUN)};" in styles


def test_browsers_find_the_icon_at_the_root(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/x-icon"
    assert "max-age=86400" in response["Cache-Control"]
    icon = Image.open(BytesIO(response.content))
    assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}


def test_the_icon_stands_out_on_light_and_on_dark() -> None:
    drawn = emblem.tile(32)
    for behind in ((255, 255, 255), (32, 33, 36)):
        shown = Image.new("RGBA", drawn.size, behind)
        shown.alpha_composite(drawn)
        light = [pixel for pixel in shown.convert("L").tobytes() if pixel > 200]
        dark = [pixel for pixel in shown.convert("L").tobytes() if pixel < 80]
        assert len(light) > 100
        assert len(dark) > 300


def test_phones_are_told_of_icons_that_are_there(client: Client, tmp_path: Path) -> None:
    response = client.get("/site.webmanifest")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert manifest["theme_color"] == "#12363f"
    named = {(icon["src"], icon["sizes"]) for icon in manifest["icons"]}
    assert named == {
        (f"/static/{icon.path}", f"{icon.side}x{icon.side}")
        for icon in ICONS
        if "apple" not in icon.path
    }
    for icon in ICONS:
        found = finders.find(icon.path)
        assert found, f"{icon.path}: run build_frontend"
        assert Image.open(found).size == (icon.side, icon.side)


def test_set_up_draws_every_picture(settings: object, tmp_path: Path) -> None:
    settings.FRONTEND_BUILD_DIR = tmp_path
    call_command("build_frontend", verbosity=0)
    for icon in ICONS:
        assert Image.open(tmp_path / icon.path).size == (icon.side, icon.side)
    assert Image.open(tmp_path / SITE_CARD).size == (card_art.WIDTH, card_art.HEIGHT)


@pytest.mark.parametrize("name", TITLES)
def test_any_title_fits_its_card(name: str) -> None:
    picture = card_art.card("Case study", TITLES[name]).convert("RGB")
    assert picture.size == (1200, 630)
    empty = card_art.card("Case study", "").convert("RGB")
    changed = ImageChops.difference(picture, empty).point(lambda value: 255 if value > 60 else 0)
    box = changed.convert("L").getbbox()
    if box is None:
        assert name in ("no letter that we can draw", "nothing")
    else:
        left, top, right, bottom = box
        assert left >= 70
        assert top >= 150
        assert right <= 1130
        assert bottom <= 510


def test_the_longest_word_is_measured_a_bounded_number_of_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measured = []
    length = ImageDraw.ImageDraw.textlength

    def measure(self: ImageDraw.ImageDraw, text: str, *args: object) -> float:
        measured.append(text)
        return length(self, text, *args)

    monkeypatch.setattr(ImageDraw.ImageDraw, "textlength", measure)
    card_art.card("Case study", "W" * 255)
    assert len(measured) < 1000


@pytest.mark.parametrize("carried", [False, True], ids=["installed", "carried"])
def test_a_sign_is_never_a_box(carried: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    lettering.typeface.cache_clear()
    if carried:
        monkeypatch.setattr(lettering, "INSTALLED", ())
    face = lettering.typeface(40)
    missing = bytes(face.getmask("\uffff"))
    for title in TITLES.values():
        for sign in lettering.drawable(title, face):
            assert sign == " " or bytes(face.getmask(sign)) != missing
    lettering.typeface.cache_clear()


def test_a_face_without_accents_leaves_them_out(monkeypatch: pytest.MonkeyPatch) -> None:
    lettering.typeface.cache_clear()
    monkeypatch.setattr(lettering, "INSTALLED", ())
    assert lettering.drawable("Élan – café, £5", lettering.typeface(40)) == "Elan - cafe, GBP 5"
    lettering.typeface.cache_clear()


def test_what_is_too_much_ends_in_an_ellipsis_and_a_long_word_is_broken() -> None:
    draw = ImageDraw.Draw(Image.new("RGB", (10, 10)))
    long = lettering.set_text(draw, "word " * 90, width=600, height=200, sizes=range(60, 39, -4))
    assert long.size == 40
    assert long.lines[-1].endswith("word…")
    assert long.height <= 200
    broken = lettering.set_text(draw, LONG_WORD, width=600, height=200, sizes=range(60, 39, -4))
    assert len(broken.lines) > 1
    assert "".join(broken.lines) == LONG_WORD
    for line in (*long.lines, *broken.lines):
        assert draw.textlength(line, lettering.typeface(40)) <= 640
