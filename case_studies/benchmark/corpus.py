"""Makes many published case studies quickly, of made-up words that every search reads alike."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from itertools import count, islice, product
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from wagtail.models import Page, Site

from case_studies.classification import MANY
from case_studies.models import CaseStudyIndexPage, CaseStudyPage
from learning_hub.taxonomy.models import CostBand, EvidenceLevel
from search import analysis
from search.models import Synonym

BATCH = 1_000
_BODY_WORDS = 250
_FIRST = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
# How many terms of each vocabulary a study is filed under, at least and at most.
_TERMS = {
    "specialty": (1, 3),
    "region": (1, 2),
    "intervention": (1, 2),
    "stage": (1, 3),
    "capability": (1, 3),
    "impact": (1, 2),
    "setting": (1, 2),
}
Progress = Callable[[int], None]


def invented_words() -> Iterator[str]:
    """Words without end that stemming, stop words and synonyms leave as they are."""
    syllables = ["".join(pair) for pair in product("bdfgklmnprtvz", "aeou")]
    synonyms = {
        token
        for synonym in Synonym.objects.all()
        for line in synonym.lines
        for token in analysis.tokens(line)
    }
    for parts in product(syllables, repeat=3):
        word = "".join(parts) + "x"
        if analysis.token(word) == word and word not in synonyms:
            yield word


class Vocabulary:
    """Words of titles by how many titles hold them, and words of texts, which no title holds."""

    def __init__(self) -> None:
        words = invented_words()
        self.heavy = list(islice(words, 4))
        self.medium = list(islice(words, 20))
        self.rare = list(islice(words, 400))
        self.text = list(islice(words, 6_000))

    def title(self, dice: random.Random, number: int) -> str:
        """A title: most of the heavy words, some of the others, and its number."""
        words = [word for word in self.heavy if dice.random() < 0.8]
        words += [word for word in self.medium if dice.random() < 0.1]
        words += dice.sample(self.rare, 2)
        dice.shuffle(words)
        return f"{' '.join(words)} {number}".capitalize()

    def paragraph(self, dice: random.Random) -> str:
        """A text of words as unequally frequent as in a language."""
        ranks = [int(len(self.text) ** dice.random()) - 1 for _ in range(_BODY_WORDS)]
        return f"<p>{' '.join(self.text[rank] for rank in ranks)}</p>"


def make(number: int, vocabulary: Vocabulary, tell: Progress, seed: int = 1) -> None:
    """Make a library of `number` studies; `tell` is told how many there are so far."""
    dice = random.Random(seed)  # noqa: S311 - the same data each time, not a secret
    library = _library()
    terms = {key: _leaf_terms(field) for key, field in MANY.items()}
    bands, levels = list(CostBand.objects.all()), list(EvidenceLevel.objects.all())
    numbers = count(1)
    for start in range(0, number, BATCH):
        size = min(BATCH, number - start)
        with transaction.atomic():
            studies = [
                _study(next(numbers), library, vocabulary, dice, bands, levels) for _ in range(size)
            ]
            _insert(studies)
            for key, field in MANY.items():
                _file(studies, field, terms[key], _TERMS[key], dice)
        tell(start + size)
    Page.objects.filter(pk=library.pk).update(numchild=number)


def _library() -> CaseStudyIndexPage:
    root = Site.objects.get(is_default_site=True).root_page
    existing = CaseStudyIndexPage.objects.first()
    return existing or root.add_child(
        instance=CaseStudyIndexPage(title="Case studies", slug="case-studies")
    )


def _leaf_terms(field: str) -> list[int]:
    """The terms that hold no others: a study is filed under its group through them."""
    model: Any = CaseStudyPage._meta.get_field(field).related_model
    terms = model.objects.all()
    if any(relation.name == "narrower_terms" for relation in model._meta.related_objects):
        terms = terms.filter(narrower_terms__isnull=True)
    return list(terms.values_list("pk", flat=True))


def _study(
    number: int,
    library: CaseStudyIndexPage,
    vocabulary: Vocabulary,
    dice: random.Random,
    bands: list[CostBand],
    levels: list[EvidenceLevel],
) -> CaseStudyPage:
    title, slug = vocabulary.title(dice, number), f"study-{number}"
    published_at = _FIRST + dt.timedelta(minutes=number)
    return CaseStudyPage(
        path=CaseStudyPage._get_path(library.path, library.depth + 1, number),
        depth=library.depth + 1,
        title=title,
        draft_title=title,
        slug=slug,
        url_path=f"{library.url_path}{slug}/",
        locale_id=library.locale_id,
        content_type=ContentType.objects.get_for_model(CaseStudyPage),
        live=True,
        first_published_at=published_at,
        last_published_at=published_at,
        one_line_result="Made to measure how fast search is",
        organisation="Nowhere Hospital (fictional)",
        problem=vocabulary.paragraph(dice),
        started_on=dt.date(dice.randint(2017, 2025), 1, 1),
        cost_band=dice.choice(bands),
        evidence_level=dice.choice(levels),
    )


def _insert(studies: list[CaseStudyPage]) -> None:
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


def _file(
    studies: list[CaseStudyPage],
    field: str,
    terms: list[int],
    bounds: tuple[int, int],
    dice: random.Random,
) -> None:
    relation: Any = CaseStudyPage._meta.get_field(field)
    through: type[models.Model] = relation.remote_field.through
    column = f"{relation.m2m_reverse_field_name()}_id"
    rows = [
        through(casestudypage_id=study.pk, **{column: term})
        for study in studies
        for term in dice.sample(terms, min(dice.randint(*bounds), len(terms)))
    ]
    through._default_manager.bulk_create(rows, batch_size=BATCH)
