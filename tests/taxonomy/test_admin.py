"""The admin's screens of the vocabularies, as an editor uses them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from learning_hub.accounts.models import User
from learning_hub.taxonomy.merging import merge_terms
from learning_hub.taxonomy.models import Region, Setting, Specialty
from learning_hub.taxonomy.ordering import move_term
from learning_hub.taxonomy.wagtail_hooks import VocabulariesGroup
from tests.factories.accounts import make_person
from tests.factories.case_studies import make_case_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser(email="admin@example.org", password="x"))
    return client


def url(model, view, *args):
    return reverse(f"wagtailsnippets_taxonomy_{model}:{view}", args=args)


def term(model, slug):
    return model.objects.get(slug=slug)


@pytest.mark.parametrize("viewset", VocabulariesGroup.items, ids=lambda item: item.model.__name__)
@pytest.mark.parametrize("view", ["list", "add"])
def test_every_vocabulary_has_its_screens(admin, viewset, view):
    response = admin.get(reverse(viewset.get_url_name(view)))
    assert response.status_code == 200


def test_the_menu_holds_the_vocabularies(admin):
    response = admin.get(reverse("wagtailadmin_home"))
    assert response.status_code == 200
    assert "Vocabularies" in response.content.decode()


def test_the_list_says_how_many_pages_use_a_term_whatever_their_number(
    admin, django_assert_max_num_queries
):
    for number in range(3):
        make_case_study(f"Study {number}", specialties=["urology"])
    admin.get(url("specialty", "list"))
    with django_assert_max_num_queries(16):
        response = admin.get(url("specialty", "list"))
    assert response.status_code == 200
    assert response.context["view"].page_counts[term(Specialty, "urology").pk] == 3
    assert "Offered" in response.content.decode()


def test_an_editor_adds_a_term_and_its_slug_is_made_from_the_name(admin):
    surgery = term(Specialty, "surgery")
    data = {"name": "Hand surgery", "slug": "", "parent": surgery.pk, "description": ""}
    response = admin.post(url("specialty", "add"), data)
    assert response.status_code == 302
    assert term(Specialty, "hand-surgery").parent == surgery


def test_the_slug_of_a_term_cannot_be_changed(admin):
    acute = term(Setting, "acute")
    data = {"name": "Acute hospitals", "slug": "hospitals", "description": ""}
    response = admin.post(url("setting", "edit", acute.pk), data)
    assert response.status_code == 302
    acute.refresh_from_db()
    assert (acute.name, acute.slug) == ("Acute hospitals", "acute")


def test_two_terms_cannot_share_a_name(admin):
    response = admin.post(url("setting", "add"), {"name": "Acute", "slug": "", "description": ""})
    assert response.status_code == 200
    assert "already exists" in response.content.decode()


def test_an_editor_retires_a_term_and_offers_it_again(admin):
    other = term(Setting, "other")
    data = {"name": "Other", "description": ""}
    for tick in ({"is_retired": "on"}, {}):
        assert admin.post(url("setting", "edit", other.pk), data | tick).status_code == 302
        other.refresh_from_db()
        assert other.is_retired is bool(tick)


def test_former_offices_are_edited_with_their_region(admin):
    london = term(Region, "london")
    office = london.former_offices.first()
    rows = [
        {"id": office.pk, "name": "North Central London", "slug": office.slug},
        {"name": "Thames Gateway", "slug": "thames-gateway"},
    ]
    data = nested_form_data(
        {
            "name": "London",
            "description": "",
            "former_offices": inline_formset(rows, initial=1),
        }
    )
    response = admin.post(url("region", "edit", london.pk), data)
    assert response.status_code == 302
    names = set(london.former_offices.values_list("name", flat=True))
    assert {"North Central London", "Thames Gateway"} <= names


def test_a_term_is_dragged_to_another_place(admin):
    other = term(Setting, "other")
    response = admin.post(url("setting", "reorder", other.pk) + "?position=1")
    assert response.status_code == 200
    assert [one.slug for one in Setting.objects.all()][:3] == [
        "acute",
        "other",
        "acute-and-community",
    ]


@pytest.mark.parametrize("position", ["", "x", "-1", "9" * 30])
def test_a_senseless_place_is_the_end(admin, position):
    acute = term(Setting, "acute")
    response = admin.post(url("setting", "reorder", acute.pk) + f"?position={position}")
    assert response.status_code == 200
    assert Setting.objects.last() == acute


def test_a_term_within_a_group_stays_in_it_wherever_it_is_dropped():
    urology = term(Specialty, "urology")
    before = [one.slug for one in term(Specialty, "surgery").narrower_terms.all()]
    move_term(term=urology, to=0)
    after = [one.slug for one in term(Specialty, "surgery").narrower_terms.all()]
    assert after == ["urology", *[slug for slug in before if slug != "urology"]]
    assert Specialty.objects.in_order().first().slug == "anaesthesia"


def test_the_reorder_screen_shows_all_terms_but_merged_ones(admin):
    Setting.objects.filter(slug="other").update(merged_into=term(Setting, "acute"))
    response = admin.get(url("setting", "list") + "?ordering=position")
    assert response.status_code == 200
    assert len(response.context["object_list"]) == 16


def test_a_merge_says_what_changes_before_it_happens(admin):
    study = make_case_study(specialties=["urology"])
    source, target = term(Specialty, "urology"), term(Specialty, "general-surgery")
    address = url("specialty", "merge", source.pk)
    choice = admin.get(address)
    assert choice.status_code == 200
    confirmation = admin.get(address, {"target": target.pk})
    assert confirmation.status_code == 200
    assert "1 page that use" in confirmation.content.decode()
    assert study.specialties.get() == source
    done = admin.post(address, {"target": target.pk}, follow=True)
    assert done.status_code == 200
    assert "was merged into" in done.content.decode()
    assert type(study).objects.get(pk=study.pk).specialties.get() == target


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("target", ["", "0", "x", "own", "into-a-term"])
def test_a_senseless_target_is_answered_with_the_choice_again(admin, method, target):
    source = term(Specialty, "surgery")
    chosen = {"own": source.pk, "into-a-term": term(Specialty, "urology").pk}.get(target, target)
    response = getattr(admin, method)(url("specialty", "merge", source.pk), {"target": chosen})
    assert response.status_code == 200
    assert "Continue" in response.content.decode()
    assert not Specialty.objects.filter(merged_into__isnull=False).exists()


def test_a_term_that_is_merged_already_has_no_merge_screen(admin):
    Setting.objects.filter(slug="other").update(merged_into=term(Setting, "acute"))
    response = admin.get(url("setting", "merge", term(Setting, "other").pk))
    assert response.status_code == 404


def test_a_used_term_is_not_deleted_and_the_editor_is_told_what_to_do(admin):
    make_case_study(specialties=["urology"])
    address = url("specialty", "delete", term(Specialty, "urology").pk)
    for response in (admin.get(address, follow=True), admin.post(address, follow=True)):
        assert response.status_code == 200
        assert "Retire it, or merge it" in response.content.decode()
    assert Specialty.objects.filter(slug="urology").exists()


def test_an_unused_term_is_deleted(admin):
    allergy = term(Specialty, "allergy")
    assert admin.get(url("specialty", "delete", allergy.pk)).status_code == 200
    assert admin.post(url("specialty", "delete", allergy.pk)).status_code == 302
    assert not Specialty.objects.filter(slug="allergy").exists()


def test_deleting_many_at_once_spares_used_terms(admin):
    make_case_study(specialties=["urology"])
    address = reverse("wagtail_bulk_action", args=("taxonomy", "specialty", "delete"))
    ids = [term(Specialty, slug).pk for slug in ("urology", "allergy")]
    response = admin.post(address + "?" + "&".join(f"id={pk}" for pk in ids), follow=True)
    assert response.status_code == 200
    assert Specialty.objects.filter(slug__in=["urology", "allergy"]).count() == 2


def test_the_pages_that_use_a_term_are_listed(admin):
    make_case_study("Lists on Saturdays", specialties=["urology"])
    response = admin.get(url("specialty", "usage", term(Specialty, "urology").pk))
    assert response.status_code == 200
    assert "Lists on Saturdays" in response.content.decode()


def test_an_editor_merges_terms(client):
    client.force_login(make_person("editor@example.org", "Editors"))
    acute, other = term(Setting, "acute"), term(Setting, "other")
    assert "Merge into another" in client.get(url("setting", "list")).content.decode()
    response = client.post(url("setting", "merge", other.pk), {"target": acute.pk})
    assert response.status_code == 302
    other.refresh_from_db()
    assert other.merged_into == acute


def test_someone_who_may_only_add_terms_cannot_merge_them(client):
    adder = User.objects.create_user(email="adder@example.org", password="x")
    adder.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "add_setting"])
    )
    client.force_login(adder)
    acute, other = term(Setting, "acute"), term(Setting, "other")
    assert client.get(url("setting", "list")).status_code == 200
    response = client.post(url("setting", "merge", other.pk), {"target": acute.pk})
    assert response.status_code == 302
    other.refresh_from_db()
    assert other.merged_into is None


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get(url("setting", "list")).status_code == 302
    assert client.get(url("setting", "merge", term(Setting, "other").pk)).status_code == 302


@pytest.mark.parametrize("fate", ["merged", "deleted"])
def test_an_old_revision_that_names_a_lost_term_is_opened_and_compared(admin, fate):
    study = make_case_study(specialties=["urology", "allergy"])
    old = study.save_revision()
    allergy = term(Specialty, "allergy")
    study.specialties = [term(Specialty, "urology")]
    new = study.save_revision()
    new.publish()
    if fate == "merged":
        merge_terms(source=allergy, target=term(Specialty, "dermatology"))
    else:
        allergy.delete()
    for view, args in (
        ("revisions_compare", (study.pk, old.pk, new.pk)),
        ("revisions_revert", (study.pk, old.pk)),
        ("revisions_view", (study.pk, old.pk)),
    ):
        response = admin.get(reverse(f"wagtailadmin_pages:{view}", args=args))
        assert response.status_code == 200, view
