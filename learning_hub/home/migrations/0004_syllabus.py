"""Plants the page of the syllabus, and gives the roles what they need for it."""

from django.db import migrations

ALL = ["add", "change", "delete"]
# Model, and what each role may do with it. Records are added by the site and changed by nobody.
RIGHTS = {
    "Editors": [("taxonomy", "safetydomain", ["add", "change"]), ("syllabus", "question", ALL)],
    "Administrators": [
        ("taxonomy", "safetydomain", ALL),
        ("syllabus", "question", ALL),
        ("syllabus", "completion", ["view"]),  # the reports
        ("syllabus", "revocation", ["add", "view"]),
    ],
}


def prepare(apps, schema_editor):
    plant(apps)
    for role, rights in RIGHTS.items():
        for app, model, actions in rights:
            grant(apps, role, app, model, [f"{action}_{model}" for action in actions])


def plant(apps):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    home = apps.get_model("home", "HomePage").objects.get()
    last = Page.objects.filter(path__startswith=home.path, depth=home.depth + 1).order_by("path")
    if last.filter(slug="syllabus").exists():
        return  # an editor's page; it keeps its address
    taken = last.last()
    number = int(taken.path[-4:], 36) + 1 if taken else 1
    content_type, _ = ContentType.objects.get_or_create(app_label="syllabus", model="syllabuspage")
    apps.get_model("syllabus", "SyllabusPage").objects.create(
        path=home.path + base36(number),
        depth=home.depth + 1,
        numchild=0,
        slug="syllabus",
        title="Patient safety syllabus",
        draft_title="Patient safety syllabus",
        url_path=f"{home.url_path}syllabus/",
        locale=home.locale,
        content_type=content_type,
        live=True,
        show_in_menus=True,
        introduction="Learn it at your own pace, and keep a record that others can check.",
    )
    home.numchild += 1
    home.save(update_fields=["numchild"])


def base36(number):
    """The four characters that stand for `number` in a page's path."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    for _ in range(4):
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text


def grant(apps, role, app, model, codenames):
    """Give `role` permissions, which Django itself makes only after all migrations have run."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    content_type, _ = ContentType.objects.get_or_create(app_label=app, model=model)
    group = apps.get_model("auth", "Group").objects.get(name=role)
    for codename in codenames:
        found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=codename,
            defaults={"name": f"Can {codename.replace('_', ' ')}"},
        )
        group.permissions.add(found)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0003_roles"),
        ("syllabus", "0001_initial"),
        ("taxonomy", "0005_safety_domains"),
        ("accounts", "0003_traineeprofile"),
    ]
    # The pages and the roles stay if this is undone: there may be work in them.
    operations = [migrations.RunPython(prepare, migrations.RunPython.noop)]
