"""The API: the same search as the page, one study in full, and errors that programs can read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from case_studies.models import RelatedStudy
from learning_hub.taxonomy import vocabulary
from search.engines.selection import current_engine
from tests.factories.case_studies import make_case_study, make_full_case_study

Ask = Callable[..., dict[str, Any]]
FACETS = [
    "specialty",
    "region",
    "intervention",
    "stage",
    "capability",
    "impact",
    "evidence",
    "cost",
    "setting",
    "year",
]


def rows(answer: dict[str, Any], facet: str) -> dict[str, dict[str, Any]]:
    return {row["value"]: row for row in answer["facets"][facet]}


def test_a_search_answers_in_the_shape_of_the_contract(ask_api: Ask) -> None:
    study = make_case_study("Simulated lists")
    answer = ask_api("?q=simulated&region=north-west")
    assert {key: answer[key] for key in list(answer)[:7]} == {
        "total": 1,
        "page": 1,
        "pages": 1,
        "sentence": "1 case study about “simulated” in the North West",
        "suggestion": None,
        "engine": current_engine().name,
        "notices": [],
    }
    assert answer["hits"] == [
        {
            "id": study.pk,
            "slug": "simulated-lists",
            "url": "http://testserver/case-studies/simulated-lists/",
            "title": "Simulated lists",
            "summary": "More cases for each trainee",
        }
    ]
    assert list(answer["facets"]) == FACETS
    assert rows(answer, "region")["north-west"] == {
        "value": "north-west",
        "label": "North West",
        "count": 1,
        "selected": True,
    }


def test_every_facet_holds_all_its_values_in_their_order(ask_api: Ask) -> None:
    make_case_study(started_on=dt.date(2020, 1, 1))
    make_case_study("Another", started_on=dt.date(2022, 1, 1))
    answer = ask_api()
    for facet, terms in vocabulary.current().terms.items():
        assert list(rows(answer, facet)) == [term.slug for term in terms]
    assert list(rows(answer, "year")) == ["2022", "2020"]


def test_a_group_counts_each_study_once_and_its_rows_name_it(ask_api: Ask) -> None:
    make_case_study(specialties=["urology", "general-surgery"])
    found = rows(ask_api(), "specialty")
    assert found["surgery"]["count"] == 1
    assert "group" not in found["surgery"]
    assert found["urology"]["group"] == "surgery"


def test_a_page_holds_as_many_as_were_asked_for_up_to_100(ask_api: Ask) -> None:
    for number in range(3):
        make_case_study(f"Study {number}")
    answer = ask_api("?page_size=2&page=2&sort=title")
    assert (answer["page"], answer["pages"], len(answer["hits"])) == (2, 2, 1)
    assert len(ask_api("?page_size=100")["hits"]) == 3
    too_many = ask_api("?page_size=101")
    assert "page size" in too_many["notices"][0]


def test_what_cannot_be_is_ignored_and_said_so(ask_api: Ask) -> None:
    make_case_study()
    answer = ask_api("?region=atlantis&page=nan&sort=colour")
    assert answer["total"] == 1
    assert len(answer["notices"]) == 3


def test_one_study_carries_every_field(ask_api: Ask) -> None:
    related = make_case_study("Related")
    hidden = make_case_study("Hidden", live=False)
    study = make_full_case_study()
    study.chosen_related = [RelatedStudy(related=related), RelatedStudy(related=hidden)]
    study.save()
    answer = ask_api("saturday-theatre-lists/")
    assert answer["title"] == "Saturday theatre lists"
    assert answer["summary"] == answer["one_line_result"] == "More cases for each trainee"
    assert answer["problem"] == "About problem."
    assert answer["lessons"] == "About lessons."
    assert "Six trainees, two trainers." in answer["body"]
    assert answer["cost_per_trainee"] == 250.5
    assert answer["status"] == "completed"
    assert answer["outcomes"][0] == {
        "measure": "Cases for each trainee",
        "unit": "cases",
        "baseline": 12.0,
        "follow_up": 18.0,
        "number_measured": 24,
        "design": "before-after",
        "higher_is_better": True,
    }
    assert answer["reach"][0]["took_part"] == 24
    assert answer["adoptions"][0]["region"] == "london"
    assert answer["kit_files"][0]["type"] == "txt"
    assert {need["value"] for need in answer["needs"]} == {"c1", "c3"}
    assert [other["slug"] for other in answer["related"]] == ["related"]


def test_no_field_of_a_study_is_left_out(ask_api: Ask) -> None:
    study = make_full_case_study()
    answer = ask_api("saturday-theatre-lists/")
    as_facets = {
        "specialties": "specialty",
        "regions": "region",
        "intervention_types": "intervention",
        "stages": "stage",
        "capabilities": "capability",
        "impact_types": "impact",
        "settings": "setting",
        "evidence_level": "evidence",
        "cost_band": "cost",
        "image_alt_text": "image",
        "image_is_decorative": "image",
        "chosen_related": "related",
    }
    columns = {field.name for field in study._meta.local_fields} - {"page_ptr"}
    relations = {field.name for field in study._meta.local_many_to_many}
    assert {as_facets.get(name, name) for name in columns | relations} <= set(answer)


def test_a_study_is_found_under_exactly_the_values_it_gives(ask_api: Ask) -> None:
    make_full_case_study()
    one = ask_api("saturday-theatre-lists/")
    listed = ask_api()
    for facet in FACETS:
        found = [row["value"] for row in listed["facets"][facet] if row["count"]]
        assert sorted(one[facet]) == sorted(found)
        assert [value["value"] for value in one["facets"][facet]] == one[facet]


def test_the_queries_for_one_study_do_not_grow_with_its_rows(
    client: Client, search_index: Any, db: None
) -> None:
    def queries(slug: str) -> int:
        assert client.get(f"/api/v1/case-studies/{slug}/").status_code == 200
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/v1/case-studies/{slug}/").status_code == 200
        return len(captured)

    full = make_full_case_study()
    few = queries(full.slug)
    for name in ("outcomes", "reach", "adoptions", "kit_files"):
        row = getattr(full, name).first()
        for _ in range(3):
            row.pk = None
            row.save()
    assert queries(full.slug) == few


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/case-studies/nowhere/", 404),
        ("get", "/api/v1/case-studies/a%00b/", 404),
        ("get", "/api/v1/nothing/", 404),
        ("get", "/api/", 404),
        ("post", "/api/v1/case-studies/", 405),
        ("delete", "/api/v1/case-studies/nowhere/", 405),
        ("get", "/api/v1/case-studies/?" + "&".join("a=1" for _ in range(10_001)), 400),
    ],
)
def test_every_error_is_a_problem_document(
    db: None, client: Client, method: str, path: str, status: int
) -> None:
    response = getattr(client, method)(path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == path.partition("?")[0].replace("%00", "\x00")
    assert ("Allow" in response.headers) == (status == 405)


def test_an_error_of_a_page_stays_a_page(db: None, client: Client) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")


def test_a_head_request_is_answered_as_a_get(client: Client, search_index: Any, db: None) -> None:
    make_case_study("Simulated lists")
    for path in ("", "simulated-lists/"):
        response = client.head(f"/api/v1/case-studies/{path}")
        assert response.status_code == 200
        assert response.content == b""


def test_the_description_names_every_parameter_and_shape(client: Client, db: None) -> None:
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    description = response.json()
    assert description["openapi"].startswith("3.")
    search = description["paths"]["/api/v1/case-studies/"]["get"]
    assert [parameter["name"] for parameter in search["parameters"]] == [
        "q",
        *FACETS,
        "sort",
        "page",
        "page_size",
    ]
    assert "head" not in description["paths"]["/api/v1/case-studies/"]
    one = description["paths"]["/api/v1/case-studies/{slug}/"]["get"]
    assert set(one["responses"]) == {"200", "404"} or set(one["responses"]) == {200, 404}
    assert "outcomes" in description["components"]["schemas"]["StudyShape"]["properties"]
