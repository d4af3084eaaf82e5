"""Plants the rooms around the library, the sections of the home page, and the starting pages."""

import json
from pathlib import Path

from django.db import migrations

CONTENT = Path(__file__).parent.parent / "first_pages.json"


def plant_all(apps, schema_editor):
    content = json.loads(CONTENT.read_text(encoding="utf-8"))
    home = apps.get_model("home", "HomePage").objects.get()
    for page in content["indexes"]:
        plant(
            apps,
            home,
            page["app"],
            page["model"],
            slug=page["slug"],
            title=page["title"],
            introduction=page["introduction"],
            show_in_menus=True,
        )
    for page in content["start_pages"]:
        body = json.dumps(page.pop("body"))
        plant(apps, home, "home", "StartPage", body=body, **page)
    if not home.body:
        home.body = json.dumps(content["home"])
    home.save()


def plant(apps, home, app, model, **fields):
    """Add a page below `home`, unless an editor has one at its address already."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    below = Page.objects.filter(path__startswith=home.path, depth=home.depth + 1).order_by("path")
    if below.filter(slug=fields["slug"]).exists():
        return
    taken = below.last()
    number = int(taken.path[-4:], 36) + 1 if taken else 1
    content_type, _ = ContentType.objects.get_or_create(app_label=app, model=model.lower())
    apps.get_model(app, model).objects.create(
        path=home.path + base36(number),
        depth=home.depth + 1,
        numchild=0,
        draft_title=fields["title"],
        url_path=f"{home.url_path}{fields['slug']}/",
        locale=home.locale,
        content_type=content_type,
        live=True,
        **fields,
    )
    home.numchild += 1


def base36(number):
    """The four characters that stand for `number` in a page's path."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    for _ in range(4):
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0005_start_pages"),
        ("guidance", "0001_initial"),
        ("regions", "0001_initial"),
        ("updates", "0001_initial"),
        ("events", "0001_initial"),
        ("resources", "0001_initial"),
    ]
    # The pages stay if this is undone: there may be work in them.
    operations = [migrations.RunPython(plant_all, migrations.RunPython.noop)]
