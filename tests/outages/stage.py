"""Fills a site's library, makes its indices, and prints questions that find something."""

from __future__ import annotations

import json
import sys

import django

if __name__ == "__main__":
    django.setup()

from case_studies.benchmark import pages
from case_studies.benchmark.corpus import Vocabulary
from search import sync
from search.engines import roles


def set_stage(studies: int) -> list[str]:
    """So many studies, in the index of every engine; the addresses of questions about them."""
    words = Vocabulary()
    pages.make(studies, words, lambda made: None)
    for engine in roles.engines():
        sync.rebuild(engine)
    heavy, medium = words.heavy, words.medium
    questions = [
        "",
        f"q={heavy[0]}",
        f"q={medium[0]}+{heavy[1]}&sort=newest",
        f"q={heavy[2]}&region=london",
        "region=north-west&stage=foundation&sort=title",
        "year=2021&page=2",
    ]
    return [f"/api/v1/case-studies/?{question}" for question in questions]


if __name__ == "__main__":
    print(json.dumps(set_stage(int(sys.argv[1]))))
