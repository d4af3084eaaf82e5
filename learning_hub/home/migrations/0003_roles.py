"""Makes the five roles, each with the permissions that it needs and no more.

Wagtail's own groups Editors and Moderators are kept by name, since its moderation workflow
points to Moderators, and lose what Wagtail gave them: rights over the tree's root.
"""

from django.db import migrations

PAGE = {
    "Editors": ["add", "change", "publish"],
    "Moderators": ["change", "publish", "lock", "unlock"],
    "Administrators": ["add", "change", "publish", "lock", "unlock", "bulk_delete"],
}
# Rights over files are held on a collection, under the names of Wagtail's stock models, which
# its policy asks for whatever the site's own models are.
FILES = {
    "Editors": {"image": ["add", "change", "choose"], "document": ["add", "change", "choose"]},
    "Moderators": {"image": ["choose"], "document": ["choose"]},
    "Administrators": {
        "image": ["add", "change", "delete", "choose"],
        "document": ["add", "change", "delete", "choose"],
        "collection": ["add", "change", "delete"],
    },
}
FILE_APPS = {"image": "wagtailimages", "document": "wagtaildocs", "collection": "wagtailcore"}

TERMS = [
    ("taxonomy", "specialty"),
    ("taxonomy", "region"),
    ("taxonomy", "formeroffice"),
    ("taxonomy", "interventiontype"),
    ("taxonomy", "traineestage"),
    ("taxonomy", "grade"),
    ("taxonomy", "capability"),
    ("taxonomy", "impacttype"),
    ("taxonomy", "setting"),
    ("taxonomy", "evidencelevel"),
    ("taxonomy", "costband"),
    ("taxonomy", "trainingneed"),
    ("search", "synonym"),
]
SETTINGS = [
    ("accounts", "user"),
    ("auth", "group"),
    ("wagtailcore", "site"),
    ("wagtailcore", "workflow"),
    ("wagtailcore", "task"),
    ("wagtailredirects", "redirect"),
]
ADD_AND_CHANGE = ["add", "change"]
ALL = ["add", "change", "delete"]


def make_roles(apps, schema_editor):
    for name in ("Trainees", "Trainers", "Editors", "Moderators", "Administrators"):
        make_role(apps, name)
    for name in PAGE:
        grant(apps, name, "wagtailadmin", "admin", ["access_admin"])
        grant_pages(apps, name)
        grant_files(apps, name)
    for app, model in TERMS:
        grant(apps, "Editors", app, model, [f"{action}_{model}" for action in ADD_AND_CHANGE])
        grant(apps, "Administrators", app, model, [f"{action}_{model}" for action in ALL])
    for app, model in SETTINGS:
        grant(apps, "Administrators", app, model, [f"{action}_{model}" for action in ALL])


def make_role(apps, name):
    """The group, with nothing that an earlier migration gave it."""
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
    group.permissions.clear()
    apps.get_model("wagtailcore", "GroupPagePermission").objects.filter(group=group).delete()
    apps.get_model("wagtailcore", "GroupCollectionPermission").objects.filter(group=group).delete()


def permission(apps, app, model, codename):
    """The permission, made now: Django itself makes it only after all migrations have run."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app, model=model
    )
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=codename,
        defaults={"name": f"Can {codename.replace('_', ' ')}"},
    )
    return found


def grant(apps, name, app, model, codenames):
    group = apps.get_model("auth", "Group").objects.get(name=name)
    group.permissions.add(*(permission(apps, app, model, codename) for codename in codenames))


def grant_pages(apps, name):
    """From the home page down: nobody but a superuser makes pages beside the site."""
    home = apps.get_model("home", "HomePage").objects.get()
    for action in PAGE[name]:
        apps.get_model("wagtailcore", "GroupPagePermission").objects.create(
            group=apps.get_model("auth", "Group").objects.get(name=name),
            page_id=home.page_ptr_id,
            permission=permission(apps, "wagtailcore", "page", f"{action}_page"),
        )


def grant_files(apps, name):
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for model, actions in FILES[name].items():
        for action in actions:
            apps.get_model("wagtailcore", "GroupCollectionPermission").objects.create(
                group=apps.get_model("auth", "Group").objects.get(name=name),
                collection=root,
                permission=permission(apps, FILE_APPS[model], model, f"{action}_{model}"),
            )


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_site"),
        ("accounts", "0001_initial"),
        ("media", "0001_initial"),
        ("taxonomy", "0002_terms"),
        ("search", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        # These give "choose" to every group that may add, and must not run on ours.
        ("wagtailimages", "0023_add_choose_permissions"),
        ("wagtaildocs", "0011_add_choose_permissions"),
        ("wagtailredirects", "0001_initial"),
    ]
    # The roles stay if this is undone: people are in them.
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
