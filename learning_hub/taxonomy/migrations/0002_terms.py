"""Fills the vocabularies with the field's own terms; terms.json names the source of each list."""

import json
from pathlib import Path

from django.db import migrations

TERMS = Path(__file__).resolve().parent.parent / "terms.json"
MODELS = {
    "specialty": "Specialty",
    "region": "Region",
    "intervention": "InterventionType",
    "stage": "TraineeStage",
    "capability": "Capability",
    "impact": "ImpactType",
    "evidence": "EvidenceLevel",
    "cost": "CostBand",
    "setting": "Setting",
    "need": "TrainingNeed",
}
STEP = 10  # room between terms, so that one can be moved without touching the others


def add_terms(apps, schema_editor):
    apps.get_model("taxonomy", "VocabularyRevision").objects.create(pk=1, number=1)
    for key, vocabulary in json.loads(TERMS.read_text(encoding="utf-8")).items():
        model = apps.get_model("taxonomy", MODELS[key])
        for place, entry in enumerate(vocabulary["terms"], start=1):
            add_term(apps, model, place, entry)


def add_term(apps, model, place, entry, **more):
    rows = {key: entry[key] for key in ("narrower", "former_offices", "grades") if key in entry}
    fields = {key: value for key, value in entry.items() if key not in rows}
    term = model.objects.create(position=place * STEP, **fields, **more)
    for below, narrower in enumerate(rows.get("narrower", ()), start=1):
        add_term(apps, model, below, narrower, parent=term)
    for office in rows.get("former_offices", ()):
        apps.get_model("taxonomy", "FormerOffice").objects.create(region=term, **office)
    grade_model = apps.get_model("taxonomy", "Grade")
    for grade in rows.get("grades", ()):
        position = grade_model.objects.count() + 1
        grade_model.objects.create(stage=term, position=position, **grade)


def remove_terms(apps, schema_editor):
    for name in ("Grade", "FormerOffice"):
        apps.get_model("taxonomy", name).objects.all().delete()
    for name in MODELS.values():
        model = apps.get_model("taxonomy", name)
        if hasattr(model, "parent"):
            model.objects.filter(parent__isnull=False).delete()
        model.objects.all().delete()
    apps.get_model("taxonomy", "VocabularyRevision").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("taxonomy", "0001_initial")]
    operations = [migrations.RunPython(add_terms, remove_terms)]
