"""Puts the hub's home page and the case study library in place of Wagtail's welcome page."""

from django.db import migrations


def plant(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    Locale = apps.get_model("wagtailcore", "Locale")
    locale = Locale.objects.first() or Locale.objects.create(language_code="en-gb")
    root = Page.objects.get(depth=1)
    Page.objects.filter(depth__gt=1, slug="home").delete()

    home = add_page(
        apps,
        "home",
        "HomePage",
        path=root.path + "0001",
        depth=2,
        numchild=1,
        slug="home",
        title="Learning Hub",
        url_path="/home/",
        locale=locale,
        introduction="What worked to recover training, and how to do it where you are.",
    )
    add_page(
        apps,
        "case_studies",
        "CaseStudyIndexPage",
        path=home.path + "0001",
        depth=3,
        numchild=0,
        slug="case-studies",
        title="Case studies",
        url_path="/home/case-studies/",
        locale=locale,
        show_in_menus=True,
        introduction="Initiatives that recovered lost training, with what they cost and achieved.",
    )
    root.numchild = 1
    root.save(update_fields=["numchild"])
    site, _ = Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page": home.page_ptr, "site_name": "Learning Hub"},
    )


def add_page(apps, app, name, **fields):
    ContentType = apps.get_model("contenttypes", "ContentType")
    content_type, _ = ContentType.objects.get_or_create(app_label=app, model=name.lower())
    return apps.get_model(app, name).objects.create(
        content_type=content_type, draft_title=fields["title"], live=True, **fields
    )


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("case_studies", "0001_initial"),
        ("wagtailcore", "0002_initial_data"),
        ("wagtailcore", "0054_initial_locale"),
    ]
    # There is no way back: the welcome page held nothing.
    operations = [migrations.RunPython(plant, migrations.RunPython.noop)]
