"""Fills in the five domains of the NHS patient safety syllabus (version 2.1, June 2022)."""

from django.db import migrations
from django.utils.text import slugify

DOMAINS = (
    "Systems approach to patient safety",
    "Learning from incidents",
    "Human factors, human performance and safety management",
    "Creating safe systems",
    "Being sure about safety",
)
STEP = 10  # as for every vocabulary: room between terms


def add_domains(apps, schema_editor):
    domain = apps.get_model("taxonomy", "SafetyDomain")
    for place, name in enumerate(DOMAINS, start=1):
        domain.objects.create(name=name, slug=slugify(name), position=place * STEP)


def remove_domains(apps, schema_editor):
    apps.get_model("taxonomy", "SafetyDomain").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("taxonomy", "0004_safetydomain")]
    operations = [migrations.RunPython(add_domains, remove_domains)]
