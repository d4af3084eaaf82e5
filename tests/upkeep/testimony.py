"""Tells what a site answers: its search, and whether a certificate of it verifies."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.test import Client
from joserfc.jwk import OKPKey

from search.engines.selection import current_engine
from syllabus.certificates import issuer, key_files
from syllabus.certificates.verifying import verify
from syllabus.models import Certificate

SEARCHES = ("/search/?q=module", "/search/?q=outcome+question", "/search/?q=nothing-like-it")


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
