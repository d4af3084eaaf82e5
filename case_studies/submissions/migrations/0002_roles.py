"""Lets moderators and administrators read initiatives that were sent in, and decide on them."""

from django.db import migrations

ROLES = ("Moderators", "Administrators")


def grant(apps, schema_editor):
    """Give the permissions, which Django itself makes only after all migrations have run."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="submissions", model="initiative"
    )
    for action in ("view", "change"):
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{action}_initiative",
            defaults={"name": f"Can {action} initiative"},
        )
        for group in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_initiatives"), ("home", "0004_syllabus")]
    # The roles keep what they may do if this is undone; without the table it means nothing.
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
