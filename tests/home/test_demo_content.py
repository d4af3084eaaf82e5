"""The demo's content as it is written: complete, varied, honest, and in agreement with itself."""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from learning_hub.home.demo import (
    case_studies,
    enclosures,
    guidance,
    illustrations,
    information,
    regions,
)

TERMS = json.loads(
    (case_studies.FOLDER.parents[3] / "taxonomy" / "terms.json").read_text(encoding="utf-8")
)
STUDIES: list[dict[str, Any]] = [
    study
    for file in sorted(case_studies.FOLDER.glob("*.json"))
    for study in json.loads(file.read_text(encoding="utf-8"))
]
ENCLOSURES = json.loads((enclosures.CONTENT / "enclosures.json").read_text(encoding="utf-8"))
GUIDANCE = {entry["slug"]: entry for entry in guidance.read_all()}
PAGES_OF_ROOMS = information.FOLDER.parent
PAGES = {
    page.fields["slug"]: page
    for page in map(information.read_page, sorted(information.FOLDER.glob("*.md")))
}
REGIONS = {
    **{page["region"]: page for page in regions.written()["pages"]},
    "index": regions.written()["index"],
}
RIGOROUS = {"comparison", "randomised"}

each_study = pytest.mark.parametrize(
    "study", STUDIES, ids=[study["external_id"] for study in STUDIES]
)


def used(field: str) -> Counter[str]:
    """How many studies have each term."""
    return Counter(term for study in STUDIES for term in study.get(field, []))


def slugs(vocabulary: str) -> set[str]:
    """The terms of a vocabulary that studies are filed under; a group only where it is empty."""
    return {
        term["slug"]
        for group in TERMS[vocabulary]["terms"]
        for term in group.get("narrower", [group])
    }


def numbers(text: str) -> set[Decimal]:
    """The numbers in a text, without the ones in words such as ST3."""
    found = re.findall(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?", text)
    return {Decimal(number.replace(",", "").rstrip(".")) for number in found}


def running_text(study: dict[str, Any]) -> str:
    """Everything in a study that is read as text, but for its result."""
    texts = {name: value for name, value in study.items() if name != "one_line_result"}
    return json.dumps(texts, ensure_ascii=False)


def improved(outcome: dict[str, Any]) -> bool:
    """Whether the outcome moved the right way."""
    if outcome.get("baseline") is None or outcome.get("follow_up") is None:
        return False
    change = outcome["follow_up"] - outcome["baseline"]
    return change > 0 if outcome["higher_is_better"] else change < 0


def test_the_demo_has_between_48_and_56_studies() -> None:
    assert 48 <= len(STUDIES) <= 56
    assert len({study["external_id"] for study in STUDIES}) == len(STUDIES)


def test_every_region_has_at_least_five_studies_and_some_are_national() -> None:
    regions = used("regions")
    assert set(regions) == slugs("region")
    assert min(count for region, count in regions.items() if region != "national") >= 5
    assert regions["national"] >= 3


def test_all_intervention_types_and_their_narrower_terms_are_used() -> None:
    broad = {term["slug"] for term in TERMS["intervention"]["terms"]}
    assert broad | slugs("intervention") == set(used("intervention_types"))


@pytest.mark.parametrize(
    ("field", "vocabulary"),
    [("stages", "stage"), ("settings", "setting"), ("impact_types", "impact")],
)
def test_every_term_of_the_small_facets_is_used(field: str, vocabulary: str) -> None:
    assert set(used(field)) == slugs(vocabulary)


def test_at_least_forty_specialties_and_twenty_capabilities_are_used() -> None:
    assert len(used("specialties")) >= 40
    assert len(used("capabilities")) >= 20


def test_every_evidence_level_is_used_and_null_and_bad_results_are_told() -> None:
    assert {study["evidence_level"] for study in STUDIES} == slugs("evidence")
    assert {study["effect_size"] for study in STUDIES} == {
        *("large", "moderate", "small", "none", "worse", "unknown")
    }
    assert sum(study["evidence_level"] == "no-effect" for study in STUDIES) >= 2


def test_every_cost_band_is_used() -> None:
    bands = [term for term in TERMS["cost"]["terms"] if term["from_pounds"] is not None]
    found = {
        max(
            (band for band in bands if Decimal(band["from_pounds"]) <= study["cost_per_trainee"]),
            key=lambda band: Decimal(band["from_pounds"]),
        )["slug"]
        for study in STUDIES
        if "cost_per_trainee" in study
    }
    assert found == {band["slug"] for band in bands}
    assert any("cost_per_trainee" not in study for study in STUDIES)


def test_years_from_2019_to_2026_and_every_status_and_method_are_used() -> None:
    assert {int(study["started_on"][:4]) for study in STUDIES} == set(range(2019, 2027))
    assert {study["status"] for study in STUDIES} == {"running", "completed", "stopped"}
    assert {study["delivery_method"] for study in STUDIES} == {"virtual", "physical", "hybrid"}


def test_a_trainer_in_the_north_west_finds_three_simulation_studies_for_higher_surgery() -> None:
    [surgery] = (group for group in TERMS["specialty"]["terms"] if group["slug"] == "surgery")
    surgical = {term["slug"] for term in surgery["narrower"]}
    found = [
        study
        for study in STUDIES
        if "north-west" in study["regions"]
        and "simulation" in study["intervention_types"]
        and "higher-specialty" in study["stages"]
        and surgical & set(study["specialties"])
    ]
    assert len(found) >= 3


def test_less_than_full_time_training_is_covered() -> None:
    assert sum("LTFT" in running_text(study) for study in STUDIES) >= 1


@each_study
def test_each_study_says_that_it_is_illustrative(study: dict[str, Any]) -> None:
    named = [study["organisation"], *(row["organisation"] for row in study.get("adoptions", []))]
    assert study["is_illustrative"] is True
    assert all(name.endswith(" (fictional)") for name in named)
    assert study["contact_mailbox"].endswith("@example.org")


@each_study
def test_each_study_tells_enough_to_be_found_and_repeated(study: dict[str, Any]) -> None:
    told = ("problem", "baseline", "procedures", "when_and_how_much", "lessons", "how_well_actual")
    assert sum(bool(study.get(name)) for name in told) >= 5
    assert len(running_text(study).split()) >= 230
    assert 1 <= len(study["outcomes"]) <= 4
    assert study["reach"]


@each_study
def test_the_numbers_of_a_result_are_found_in_its_study(study: dict[str, Any]) -> None:
    rows = [
        Decimal(str(value))
        for row in (*study["outcomes"], *study["reach"])
        for value in row.values()
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    ]
    changes = {
        abs(Decimal(str(row["follow_up"])) - Decimal(str(row["baseline"])))
        for row in study["outcomes"]
        if "baseline" in row and "follow_up" in row
    }
    known = {*rows, *changes, *numbers(running_text(study))}
    assert numbers(study["one_line_result"]) <= known


@each_study
def test_the_baseline_of_an_outcome_is_what_the_text_says(study: dict[str, Any]) -> None:
    told = " ".join(str(study.get(name, "")) for name in ("problem", "baseline", "lessons"))
    told += study["one_line_result"] + json.dumps(study.get("body", ""))
    first = next((row for row in study["outcomes"] if row.get("baseline")), None)
    assert (
        first is None
        or Decimal(str(first["baseline"])) in numbers(told)
        or (
            first["unit"] == "%"  # counts in the text, a share in the table
        )
    )


@each_study
def test_the_size_of_effect_agrees_with_the_outcomes(study: dict[str, Any]) -> None:
    first = study["outcomes"][0]
    if study["effect_size"] in ("large", "moderate", "small"):
        assert any(map(improved, study["outcomes"]))
    if study["effect_size"] == "worse":
        assert not improved(first)
        assert first["baseline"] != first["follow_up"]
    if study["effect_size"] == "none":
        assert abs(first["follow_up"] - first["baseline"]) <= 0.05 * first["baseline"]


@each_study
def test_the_evidence_level_agrees_with_the_designs(study: dict[str, Any]) -> None:
    rigorous = RIGOROUS & {row["design"] for row in study["outcomes"]}
    if study["evidence_level"] in ("level-4", "level-3", "no-effect"):
        assert rigorous
    else:
        assert not rigorous


@each_study
def test_dates_and_status_agree(study: dict[str, Any]) -> None:
    assert ("ended_on" in study) == (study["status"] != "running")
    assert study["started_on"] <= study.get("ended_on", study["last_reviewed_on"])
    assert study.get("ended_on", study["started_on"]) <= study["last_reviewed_on"]
    assert study["last_reviewed_on"] < study["next_review_on"]


@pytest.mark.parametrize("field", ["title", "one_line_result", "problem", "lessons", "procedures"])
def test_no_two_studies_say_the_same(field: str) -> None:
    values = [study[field] for study in STUDIES if field in study]
    assert len(set(values)) == len(values)


def test_no_two_studies_share_eight_words_in_a_row() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for study in STUDIES:
        texts = [study.get(name, "") for name in ("one_line_result", "problem", "why", "lessons")]
        texts += [study.get(name, "") for name in ("procedures", "baseline", "modifications")]
        for text in texts:
            words = re.findall(r"[a-z0-9’']+", text.lower())
            for run in zip(*(words[start:] for start in range(8)), strict=False):
                assert seen.setdefault(run, study["external_id"]) == study["external_id"], run


def test_studies_are_told_in_different_shapes() -> None:
    shapes = Counter(frozenset(study) for study in STUDIES)
    assert len(shapes) >= 30
    assert max(shapes.values()) <= 4


@pytest.mark.parametrize(
    ("slug", "facts"),
    [
        ("index", ["31000", "90", "89", "500", "multimedia", "names no region"]),
        ("index", ["6,000 extra doctors", "26,000 extra", "50,000 additional nurses"]),
        ("north-west", ["North West People Programme", "apprentices", "NHS Improvement"]),
        ("north-east-and-yorkshire", ["20 new placement providers", "26% growth"]),
        ("midlands", ["Midlands Charter", "nursing associates"]),
        ("east-of-england", ["masterclasses", "symposia", "Psychological Professions Network"]),
        ("london", ["500 multimedia resources", "gives no region", "critical care"]),
        ("south-west", ["Endoscopy Training Academy", "Generalist School", "Advancing Practice"]),
        ("south-east", ["virtual reality", "Primary care online", "Perinatal mental health"]),
    ],
)
def test_the_regions_give_their_facts_unchanged(slug: str, facts: list[str]) -> None:
    text = json.dumps(REGIONS[slug], ensure_ascii=False)
    assert [fact for fact in facts if fact not in text] == []


def test_every_region_has_a_page_and_figures_only_where_the_source_has_them() -> None:
    assert set(REGIONS) == {*slugs("region"), "index"} - {"national"}
    assert {slug for slug, page in REGIONS.items() if page.get("figures")} == {
        *("index", "north-east-and-yorkshire")
    }
    assert "## Source" in REGIONS["index"]["text"]
    assert "Local initiatives across all our regions" in regions.written()["source"]


@pytest.mark.parametrize(
    ("slug", "facts"),
    [
        (
            "maximising-training",
            [
                *("#NoTrainingTodayNoSurgeonsTomorrow", "part of the solution"),
                *("at least part of any", "No case is not a training case", "3 September 2021"),
                *("ASiT", "BOTA", "Schools of surgery and TPDs"),
            ],
        ),
        ("flexible-training", ["close to 800 doctors", "for any reason", "less", "2022"]),
    ],
)
def test_guidance_gives_the_facts_unchanged_with_their_source(slug: str, facts: list[str]) -> None:
    entry = GUIDANCE[slug]
    text = json.dumps(entry, ensure_ascii=False).lower()
    assert [fact for fact in facts if fact.lower() not in text] == []
    assert entry["source"]
    assert "26 million" not in text


def test_recommendations_say_whose_words_they_are() -> None:
    assert all("llustrative" in entry["recommendations_note"] for entry in GUIDANCE.values())


def test_guidance_is_shown_by_studies_that_exist() -> None:
    known = {study["external_id"] for study in STUDIES}
    for entry in GUIDANCE.values():
        assert set(entry["shown_by"]) <= {row["slug"] for row in entry["recommendations"]}
        assert set(itertools.chain.from_iterable(entry["shown_by"].values())) <= known
        assert {row["audience"] for row in entry["recommendations"]} <= set(entry["audiences"])


def test_the_pages_that_every_site_owes_its_visitors_are_there() -> None:
    assert {"about", "accessibility", "privacy", "cookies"} <= set(PAGES)


def test_links_in_pages_name_terms_that_exist() -> None:
    written = [*PAGES_OF_ROOMS.glob("**/*.md"), *PAGES_OF_ROOMS.glob("**/*.json")]
    text = "".join(file.read_text(encoding="utf-8") for file in written)
    # A whole group can be asked for too.
    terms = {
        key: slugs(key) | {group["slug"] for group in TERMS[key]["terms"]}
        for key in ("region", "intervention")
    }
    links = re.findall(r"\(/case-studies/\?(region|intervention)=([^)]+)\)", text)
    assert links
    assert [link for link in links if link[1] not in terms[link[0]]] == []


def test_enclosures_name_studies_files_and_pictures_that_exist() -> None:
    known = {study["external_id"] for study in STUDIES}
    named = {entry["study"] for entry in ENCLOSURES}
    related = set(itertools.chain.from_iterable(entry.get("related", []) for entry in ENCLOSURES))
    assert len(named) == len(ENCLOSURES)
    assert named | related <= known
    assert {entry.get("picture") for entry in ENCLOSURES} - {None} == set(illustrations.MOTIFS)
    files = {kit["file"] for entry in ENCLOSURES for kit in entry.get("kit", [])}
    assert files == {file.name for file in (enclosures.CONTENT / "kit").iterdir()}


@pytest.mark.parametrize(
    "file", sorted((enclosures.CONTENT / "kit").glob("*.csv")), ids=lambda file: file.stem
)
def test_the_rows_of_a_kit_table_are_equally_long(file: Any) -> None:
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize("motif", illustrations.MOTIFS)
def test_a_picture_is_a_png_of_moderate_size(motif: str) -> None:
    picture = illustrations.draw(motif)
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 60_000
