"""Two thousand addresses over one library in the database are answered alike by every engine."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.http import QueryDict
from wagtail.models import PageViewRestriction

from case_studies.benchmark import pages
from case_studies.benchmark.corpus import Vocabulary
from case_studies.classification import MANY, ONE
from case_studies.facets import KIND, library
from case_studies.models import CaseStudyPage
from learning_hub.pages.visibility import ANYONE, Visitor, visible_to, visitor_for
from search import registry, sync
from search.contract import Collection, SearchDocument, SearchRequest
from search.engines.protocol import Engine
from search.interpretation import interpret
from search.models import JournalPosition
from search.plan import Plan
from search.query import plan_for
from search.request import parse
from search.synonyms import thesaurus
from search.thesaurus import Thesaurus
from tests.engines.comparing import compare
from tests.engines.makers import ENGINES
from tests.engines.oracle import Oracle
from tests.factories.accounts import make_person

STUDIES, ADDRESSES = 300, 2_000
# Words that visitors use, among them synonyms of each other, and some that nobody spells so.
WORDS = [
    *("simulation", "theatre", "lists", "ICM", "intensive", "care", "ENT", "otolaryngology"),
    *("airway", "trainee", "urology", "backfill", "locum", "London", "the", "of"),
    *("simulatoin", "theater"),
]
Visitors = dict[str, Visitor]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def make_studies(words: Vocabulary) -> Visitors:
    """A library in which some studies are drafts, closed to some, or alike; who may look at it."""
    pages.make(STUDIES, words, lambda made: None)
    studies, dice = list(CaseStudyPage.objects.order_by("pk")), random.Random(7)
    groups = [Group.objects.create(name=name) for name in ("Examiners", "Tutors")]
    for number, study in enumerate(studies):
        fields: dict[str, Any] = {"live": number % 20 != 0}
        if number % 4 == 1:
            fields["title"] = " ".join(dice.choices(WORDS, k=3))
        elif number % 10 == 2:  # twins: equal scores must go by id
            fields["title"], fields["first_published_at"] = "Twins", studies[0].first_published_at
        CaseStudyPage.objects.filter(pk=study.pk).update(**fields)
        if number % 7 == 3:
            _restrict(study, dice.choice(PageViewRestriction.RESTRICTION_CHOICES)[0], groups, dice)
    administrator = make_person("admin@example.org")
    administrator.is_superuser = True
    return {
        "anyone": ANYONE,
        "signed in": visitor_for(make_person("alice@example.org")),
        "of the first group": visitor_for(make_person("bob@example.org", "Examiners")),
        "of both groups": visitor_for(make_person("carol@example.org", "Examiners", "Tutors")),
        "administrator": visitor_for(administrator),
    }


def _restrict(study: CaseStudyPage, kind: str, groups: list[Group], dice: random.Random) -> None:
    restriction = PageViewRestriction.objects.create(
        page_id=study.pk, restriction_type=kind, password="open"
    )
    if kind == PageViewRestriction.GROUPS:
        restriction.groups.set(dice.sample(groups, dice.randint(1, 2)))


def assert_as_the_database_says(documents: list[SearchDocument], visitors: Visitors) -> None:
    """Make sure who may find which study, and what it is filed under."""
    for who, visitor in visitors.items():
        found = {each.id for each in documents if each.audience & set(visitor.tokens)}
        visible = CaseStudyPage.objects.filter(visible_to(visitor))
        assert found == set(visible.values_list("pk", flat=True)), who
    filed = filed_by_the_database()
    for each in documents:
        values = {key: set(slugs) for key, slugs in each.facets.items() if slugs}
        assert values == {registry.KIND_FACET.key: {KIND}, **filed[each.id]}, each.title


def filed_by_the_database() -> dict[int, dict[str, set[str]]]:
    """The slugs that each study is filed under, by the database's own joins."""
    held: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    fields = MANY | {key: column.removesuffix("_id") for key, column in ONE.items()}
    for key, field in fields.items():
        model: Any = CaseStudyPage._meta.get_field(field).related_model
        ways = [f"{field}__slug", *([f"{field}__parent__slug"] if hasattr(model, "parent") else [])]
        rows = chain.from_iterable(CaseStudyPage.objects.values_list("pk", way) for way in ways)
        for pk, slug in rows:
            if slug is not None:  # a term that belongs to no group
                held[pk][key].add(slug)
    for pk, year in CaseStudyPage.objects.values_list("pk", "started_on__year"):
        held[pk]["year"] = {str(year)}
    return held


def drawn_addresses(words: Vocabulary, collection: Collection) -> Iterator[str]:
    """What follows the "?" in any address of the library, the same addresses each time."""
    dice = random.Random(2_000)
    vocabularies = {
        facet.key: [value.value for value in facet.values()]
        for facet in collection.facets
        if facet.values is not None
    }
    usual = [*words.heavy, *words.medium[:6], "twins", *WORDS]
    for _ in range(ADDRESSES):
        asked = dice.choices(
            [*usual, dice.choice(words.text[:40])], k=dice.choice((0, 0, 1, 1, 2, 4))
        )
        if len(asked) > 1 and dice.random() < 0.2:
            asked[:2] = [f'"{asked[0]} {asked[1]}"']
        pairs = [("q", " ".join(asked))] if asked else []
        for key in dice.sample(sorted(vocabularies), dice.choice((0, 0, 1, 1, 2, 3))):
            pairs += [(key, dice.choice(vocabularies[key])) for _ in range(dice.randint(1, 3))]
        if dice.random() < 0.2:
            pairs.append(("year", str(dice.randint(2017, 2025))))
        pairs.append(("sort", dice.choice(("", *(sort.key for sort in collection.sorts)))))
        pairs.append(("page", str(dice.choice((1, 1, 2, 3)))))
        yield urlencode(pairs)


def read_alike(
    collection: Collection, request: SearchRequest, synonyms: Thesaurus, engines: Iterable[Engine]
) -> Plan:
    """The plan of a request, which is the same whichever engine is asked for its words."""
    readings = {interpret(request.text, synonyms, engine) for engine in engines}
    assert len(readings) == 1, f"{request.text}: {readings}"
    return plan_for(collection, request, readings.pop())


def test_two_thousand_addresses_are_answered_alike(
    request: pytest.FixtureRequest, settings: Any, tmp_path: Path
) -> None:
    settings.HUB_SEARCH_INDEX_DIR = tmp_path / "search-index"
    words, collection = Vocabulary(), library()
    visitors = make_studies(words)
    documents = [each for _, batch in registry.batches() for each in batch]
    studies = [each for each in documents if each.kind == KIND]
    assert_as_the_database_says(studies, visitors)
    slots = registry.slots()
    engines = {name: make(request, tmp_path / name, slots) for name, make in ENGINES.items()}
    for engine in engines.values():
        sync.rebuild(engine)
    synonyms = thesaurus(JournalPosition.current())
    oracle, dice = Oracle(documents), random.Random(5)
    differing, found = [], 0
    for address in drawn_addresses(words, collection):
        visitor = dice.choice([*visitors.values()])
        asked, _ = parse(collection, QueryDict(address), visitor)
        plan = read_alike(collection, asked, synonyms, engines.values())
        differing += compare(plan, engines, oracle)
        found += oracle.total(plan) > 0
    print(
        f"\n{ADDRESSES} addresses of {len(studies)} studies in {connection.vendor}, {found} with "
        f"results, to {', '.join(engines)}: {len(differing)} answers differ from the oracle."
    )
    assert found > ADDRESSES / 3
    assert not differing, differing[:3]
