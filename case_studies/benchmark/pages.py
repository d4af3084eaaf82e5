"""Makes published pages of drawn case studies quickly, for what reads the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from wagtail.models import Page, Site

from case_studies.benchmark.corpus import Draft, Vocabulary, drafts
from case_studies.classification import MANY, ONE
from case_studies.models import CaseStudyIndexPage, CaseStudyPage

BATCH = 1_000
Progress = Callable[[int], None]


def make(number: int, words: Vocabulary, tell: Progress) -> None:
    """Make a library of `number` studies, all public; `tell` is told how many so far."""
    library = _library()
    drawn = islice(drafts(words), number)
    made = 0
    while batch := list(islice(drawn, BATCH)):
        with transaction.atomic():
            studies = [_study(draft, library) for draft in batch]
            _insert(studies)
            for key, field in MANY.items():
                _file(studies, batch, key, field)
        made += len(batch)
        tell(made)
    Page.objects.filter(pk=library.pk).update(numchild=number)


def _library() -> CaseStudyIndexPage:
    root = Site.objects.get(is_default_site=True).root_page
    existing = CaseStudyIndexPage.objects.first()
    return existing or root.add_child(
        instance=CaseStudyIndexPage(title="Case studies", slug="case-studies")
    )


def _study(draft: Draft, library: CaseStudyIndexPage) -> CaseStudyPage:
    slug = f"study-{draft.number}"
    return CaseStudyPage(
        path=CaseStudyPage._get_path(library.path, library.depth + 1, draft.number),
        depth=library.depth + 1,
        title=draft.title,
        draft_title=draft.title,
        slug=slug,
        url_path=f"{library.url_path}{slug}/",
        locale_id=library.locale_id,
        content_type=ContentType.objects.get_for_model(CaseStudyPage),
        live=True,
        first_published_at=draft.published_at,
        last_published_at=draft.published_at,
        one_line_result="Made to measure how fast search is",
        organisation="Nowhere Hospital (fictional)",
        problem=f"<p>{draft.text}</p>",
        started_on=draft.started_on,
        **{column: draft.terms[key][0].id for key, column in ONE.items()},
    )


def _insert(studies: Sequence[CaseStudyPage]) -> None:
    """Insert parent rows in bulk, then each child row by itself: Django has no bulk for both."""
    parents = [field.name for field in Page._meta.concrete_fields]
    pages = [
        Page(**{name: getattr(study, name) for name in parents if name != "id"})
        for study in studies
    ]
    for study, page in zip(studies, Page.objects.bulk_create(pages), strict=True):
        study.pk = study.id = page.pk
        study.page_ptr_id = page.pk
        study.save_base(raw=True, force_insert=True)


def _file(studies: Sequence[CaseStudyPage], drawn: Sequence[Draft], key: str, field: str) -> None:
    relation: Any = CaseStudyPage._meta.get_field(field)
    through: type[models.Model] = relation.remote_field.through
    column = f"{relation.m2m_reverse_field_name()}_id"
    rows = [
        through(casestudypage_id=study.pk, **{column: term.id})
        for study, draft in zip(studies, drawn, strict=True)
        for term in draft.terms[key]
    ]
    through._default_manager.bulk_create(rows, batch_size=BATCH)
