"""What search is told about a study: its texts, its values, its names."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from case_studies.documents import CaseStudySource
from case_studies.facets import library
from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.models import Specialty
from search.contract import SearchDocument
from tests.factories.case_studies import make_case_study, make_full_case_study

pytestmark = pytest.mark.django_db
source = CaseStudySource()


def document(page_id: int) -> SearchDocument:
    return source.documents([page_id])[page_id]


def test_the_library_has_ten_facets_and_four_orders() -> None:
    collection = library()
    assert [facet.key for facet in collection.facets] == [
        *vocabulary.FACET_VOCABULARIES,
        "year",
    ]
    assert [sort.key for sort in collection.sorts] == ["relevance", "newest", "title", "evidence"]


def test_values_stand_in_the_order_of_the_vocabulary_with_group_and_aliases() -> None:
    facet = library().facet("specialty")
    values = {value.value: value for value in facet.values()}
    assert values["urology"].group == "surgery"
    assert values["surgery"].group is None
    slugs = list(values)
    assert slugs.index("surgery") < slugs.index("urology")
    region = {value.value: value for value in library().facet("region").values()}
    assert region["london"].aliases


def test_one_copy_of_the_vocabularies_serves_all_facets() -> None:
    kept = vocabulary.current()
    collection = library(lambda: kept)
    with CaptureQueriesContext(connection) as queries:
        assert all(facet.values() for facet in collection.facets if facet.values)
    assert len(queries) == 0


def test_a_document_holds_the_values_of_its_terms_and_of_their_groups() -> None:
    study = make_case_study(specialties=["urology", "paediatric-surgery"])
    facets = document(study.pk).facets
    assert set(facets["specialty"]) == {"surgery", "urology", "paediatric-surgery"}
    assert facets["region"] == ("north-west",)
    assert facets["evidence"] == ("level-2",)
    assert facets["cost"] == ("not-reported",)
    assert facets["year"] == ("2021",)


def test_a_document_holds_every_text_as_plain_words() -> None:
    study = make_full_case_study(problem="<p>Lists were <b>can</b>celled &amp; moved</p><p>So</p>")
    found = document(study.pk)
    assert found.title == "Saturday theatre lists"
    assert found.summary == "More cases for each trainee"
    for text in (
        "Lists were cancelled & moved\nSo",
        "About how well actual.",
        "About lessons.",
        "Six trainees, two trainers.",
        "I operated again.",
        "Two stacks.",
        "Cases for each trainee",
        "Higher trainees",
        "They ran it at weekends.",
        "Session plan",
        "Training recovery fund",
    ):
        assert text in found.body
    assert "<" not in found.body


def test_a_document_names_terms_groups_and_former_offices() -> None:
    study = make_case_study(regions=["london"], specialties=["urology"])
    body = document(study.pk).body
    office = next(
        entry.former_names[0]
        for entry in vocabulary.current().terms["region"]
        if entry.slug == "london"
    )
    for name in ("London", office, "Urology", "Surgery", "Higher specialty"):
        assert f" · {name} · " in body


def test_evidence_gives_the_rank_and_publication_the_date() -> None:
    published = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    strong = make_case_study("Strong", evidence="level-4", first_published_at=published)
    weak = make_case_study("Weak", evidence="no-effect")
    assert document(strong.pk).rank > document(weak.pk).rank
    assert document(strong.pk).published_at == published


def test_a_draft_has_no_document() -> None:
    live, draft = make_case_study("Live"), make_case_study("Draft", live=False)
    assert list(source.documents([live.pk, draft.pk])) == [live.pk]
    assert source.ids() == [live.pk]


def test_the_queries_for_documents_do_not_grow_with_their_number() -> None:
    def queries(ids: list[int]) -> int:
        vocabulary.current()
        with CaptureQueriesContext(connection) as captured:
            assert len(source.documents(ids)) == len(ids)
        return len(captured)

    studies = [make_full_case_study(f"Study {number}").pk for number in range(4)]
    assert queries(studies) == queries(studies[:1])


def test_a_renamed_term_is_found_under_its_new_name() -> None:
    study = make_case_study(specialties=["urology"])
    term = Specialty.objects.get(slug="urology")
    term.name = "Urological surgery"
    term.save()
    assert " · Urological surgery · " in document(study.pk).body
    assert "urology" in document(study.pk).facets["specialty"]
