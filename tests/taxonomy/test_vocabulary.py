"""All vocabularies at once: order, groups, other names, and how often the database is asked."""

from __future__ import annotations

import pytest
from django.db import transaction

from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.merging import merge_terms
from learning_hub.taxonomy.models import FormerOffice, InterventionType, Region, Setting, Specialty
from learning_hub.taxonomy.ordering import move_term

pytestmark = pytest.mark.django_db


def entry(key, slug):
    return next(term for term in vocabulary.current().terms[key] if term.slug == slug)


def test_an_unchanged_vocabulary_costs_one_query(django_assert_num_queries):
    vocabulary.current()
    with django_assert_num_queries(1):
        vocabulary.current()


def test_a_change_costs_one_query_more_once(django_assert_num_queries):
    vocabulary.current()
    Setting.objects.filter(slug="other").update(name="Elsewhere")
    with django_assert_num_queries(2):
        assert entry_name("setting", "other") == "Elsewhere"
    with django_assert_num_queries(1):
        vocabulary.current()


def entry_name(key, slug):
    return entry(key, slug).name


def test_every_facet_has_its_terms_in_order():
    terms = vocabulary.current().terms
    assert list(terms) == [
        "specialty",
        "region",
        "intervention",
        "stage",
        "capability",
        "impact",
        "evidence",
        "cost",
        "setting",
    ]
    assert [term.slug for term in terms["region"]][:2] == ["east-of-england", "london"]
    for key, model in vocabulary.FACET_VOCABULARIES.items():
        expected = list(model.objects.unmerged().in_order().values_list("slug", flat=True))
        assert [term.slug for term in terms[key]] == expected


def test_terms_name_their_group():
    assert entry("specialty", "urology").group == "surgery"
    assert entry("specialty", "surgery").group is None


def test_a_region_is_found_by_its_former_offices():
    south_east = entry("region", "south-east")
    assert "wessex" in south_east.aliases
    assert "Thames Valley" in south_east.former_names


def test_a_new_former_office_is_known_at_once():
    vocabulary.current()
    london = Region.objects.get(slug="london")
    FormerOffice.objects.create(region=london, name="Thames Gateway", slug="thames-gateway")
    assert "thames-gateway" in entry("region", "london").aliases


def test_a_chain_of_merged_terms_leads_to_the_last():
    courses, simulation, training = (
        InterventionType.objects.get(slug=slug)
        for slug in ("courses", "simulation", "train-the-trainer")
    )
    InterventionType.objects.filter(pk=courses.pk).update(merged_into=simulation)
    InterventionType.objects.filter(pk=simulation.pk).update(merged_into=training)
    assert entry("intervention", "train-the-trainer").aliases == ("courses", "simulation")
    assert "courses" not in {term.slug for term in vocabulary.current().terms["intervention"]}


def test_a_retired_term_is_still_read():
    Specialty.objects.filter(slug="allergy").update(is_retired=True)
    assert entry("specialty", "allergy").is_retired


def test_a_merge_and_a_move_are_seen_at_once():
    vocabulary.current()
    merge_terms(
        source=Setting.objects.get(slug="ambulance"), target=Setting.objects.get(slug="acute")
    )
    assert entry("setting", "acute").aliases == ("ambulance",)
    move_term(term=Setting.objects.get(slug="other"), to=0)
    assert vocabulary.current().terms["setting"][0].slug == "other"


def test_a_copy_read_before_a_rollback_is_not_taken_for_the_present():
    with transaction.atomic():
        Setting.objects.filter(slug="other").update(name="Taken back")
        assert entry("setting", "other").name == "Taken back"
        transaction.set_rollback(True)
    Setting.objects.filter(slug="acute").update(name="Hospitals")
    assert entry("setting", "other").name == "Other"
