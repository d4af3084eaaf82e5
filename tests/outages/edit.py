"""Renames some studies of a site as an editor would: published, one after the other."""

from __future__ import annotations

import sys

import django

if __name__ == "__main__":
    django.setup()

from case_studies.models import CaseStudyPage


def rename(studies: int, round_: int) -> None:
    """Give so many studies, others each round, a title that says in which round it was given."""
    ids = list(CaseStudyPage.objects.order_by("pk").values_list("pk", flat=True))
    for at in range(studies):
        study = CaseStudyPage.objects.get(pk=ids[(round_ * studies + at) % len(ids)])
        study.title = f"{study.title} (renamed {round_})"
        study.save_revision().publish()


if __name__ == "__main__":
    rename(int(sys.argv[1]), int(sys.argv[2]))
