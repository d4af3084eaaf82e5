"""Tells what a site answers: its search, and whether a certificate of it verifies."""

from __future__ import annotations

import json
import re
from pathlib import Path
from pprint import saferepr

from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from joserfc.jwk import OKPKey

from search.engines.selection import current_engine
from syllabus.certificates import issuer, key_files
from syllabus.certificates.verifying import verify
from syllabus.models import Certificate

# Which state of the database an index is of, and Wagtail's own index.
NOT_MOVED = ("search_journalposition", "wagtailsearch_indexentry")
SEARCHES = ("/search/?q=module", "/search/?q=outcome+question", "/search/?q=nothing-like-it")


def values() -> dict[str, list[str]]:
    """Every value of every table as the site reads it, whatever the database writes it as."""
    tables = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if not model._meta.proxy and not table.startswith(NOT_MOVED):
            fields = model._meta.local_concrete_fields
            rows = model._base_manager.all()
            tables[table] = sorted(saferepr([_value(each, row) for each in fields]) for row in rows)
    return tables


def _value(field: models.Field, row: models.Model) -> object:
    """A value; JSON without the order of its names, which PostgreSQL does not keep."""
    value = field.value_to_string(row)
    is_json = isinstance(value, str) and value.startswith(("[", "{"))
    return json.loads(value) if is_json else value


def testimony() -> dict[str, object]:
    """The answers of several searches, the documents of the index, and each certificate."""
    client = Client(SERVER_NAME="localhost")
    found = []
    for address in SEARCHES:
        answer = client.get(address)
        main = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)
        found.append([answer.status_code, main and re.sub(r"\s+", " ", main.group())])
    keys = {jwk["kid"]: OKPKey.import_key(jwk) for jwk in issuer.jwks()["keys"]}
    certificates = Certificate.objects.all()
    return {
        "found": found,
        "documents": sorted(current_engine().digests().items()),
        "verified": [str(verify(each.credential, keys)) for each in certificates],
        "private": sorted(key_files.private_keys()),
        "folder": sorted(
            [str(path.relative_to(settings.MEDIA_ROOT)), path.stat().st_size]
            for path in Path(settings.MEDIA_ROOT).rglob("*")
            if path.is_file()
        ),
    }
