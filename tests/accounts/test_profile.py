"""The profile: a name for certificates, a place in training, terms that are offered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from learning_hub.accounts.models import TraineeProfile, User
from learning_hub.accounts.profile import profile_of
from learning_hub.accounts.roles import EDITORS, TRAINEES
from learning_hub.taxonomy.models import Grade, Region, Specialty, TraineeStage
from tests.factories.accounts import PASSWORD, make_person

pytestmark = pytest.mark.django_db
PROFILE = "/my/profile/"


@pytest.fixture
def alice(client: Client) -> User:
    user = make_person("alice@example.org", TRAINEES)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def given_profile(**facts: Any) -> dict[str, Any]:
    return {
        "first_name": "Alice",
        "last_name": "Adams",
        "working_percent": "60",
        "reminders": "never",
        **facts,
    }


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    errors: dict[str, list[str]] = response.context["form"].errors
    return errors


def test_a_profile_is_made_at_its_first_save(client: Client, alice: User) -> None:
    assert client.get(PROFILE).status_code == 200
    assert not TraineeProfile.objects.exists()
    grade = Grade.objects.get(code="CT1")
    saved = client.post(
        PROFILE,
        given_profile(
            stage=grade.stage_id,
            grade=grade.pk,
            specialty=Specialty.objects.get(slug="urology").pk,
            region=Region.objects.get(slug="london").pk,
            training_started_on="2026-08-05",
            reminders="monthly",
        ),
    )
    assert saved.status_code == 302
    assert saved["Location"] == "/my/"
    profile = TraineeProfile.objects.get(user=alice)
    assert str(profile.user) == "Alice Adams"
    assert (profile.stage, profile.grade) == (grade.stage, grade)
    assert (profile.specialty.slug, profile.region.slug) == ("urology", "london")
    assert profile.working_percent == 60
    assert profile.training_started_on == dt.date(2026, 8, 5)
    assert profile.reminders == "monthly"
    again = client.post(PROFILE, given_profile(working_percent="100"))
    assert again.status_code == 302
    assert TraineeProfile.objects.get().working_percent == 100


def test_nobody_gets_reminders_without_asking(client: Client, alice: User) -> None:
    assert profile_of(alice).reminders == "never"
    page = client.get(PROFILE)
    assert page.status_code == 200
    assert page.context["form"]["reminders"].value() == "never"


def test_a_name_is_required_and_nothing_is_saved_without_it(client: Client, alice: User) -> None:
    response = client.post(PROFILE, given_profile(first_name=" ", last_name=""))
    assert set(errors_of(response)) == {"first_name", "last_name"}
    assert "Enter your first name." in response.content.decode()
    assert not TraineeProfile.objects.exists()


def test_a_name_is_kept_in_one_line_with_single_spaces(client: Client, alice: User) -> None:
    response = client.post(PROFILE, given_profile(first_name="Mary \n Ann", last_name="O’Neill"))
    assert response.status_code == 302
    alice.refresh_from_db()
    assert alice.get_full_name() == "Mary Ann O’Neill"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "a\0b"),
        ("first_name", "Al\u202eice"),
        ("last_name", "x" * 151),
        ("working_percent", "19"),
        ("working_percent", "101"),
        ("working_percent", "-1"),
        ("working_percent", "9" * 5000),
        ("working_percent", ""),
        ("working_percent", "half"),
        ("training_started_on", "9999-12-31"),
        ("training_started_on", "0001-01-01"),
        ("training_started_on", "soon"),
        ("reminders", "hourly"),
        ("reminders", ""),
        ("stage", "999999"),
        ("stage", "9" * 40),
        ("stage", "x\0"),
        ("region", "nowhere"),
        ("grade", "0"),
    ],
)
def test_bad_input_is_refused_at_its_field(
    client: Client, alice: User, field: str, value: str
) -> None:
    response = client.post(PROFILE, given_profile(**{field: value}))
    assert set(errors_of(response)) == {field}
    assert not TraineeProfile.objects.exists()


def test_an_empty_post_is_refused(client: Client, alice: User) -> None:
    response = client.post(PROFILE, {})
    assert "first_name" in errors_of(response)


def test_a_grade_of_another_stage_is_refused(client: Client, alice: User) -> None:
    foundation = TraineeStage.objects.get(slug="foundation")
    other = Grade.objects.exclude(stage=foundation).first()
    response = client.post(PROFILE, given_profile(stage=foundation.pk, grade=other.pk))
    assert set(errors_of(response)) == {"grade"}


def test_a_grade_alone_says_its_stage(client: Client, alice: User) -> None:
    grade = Grade.objects.get(code="F1")
    assert client.post(PROFILE, given_profile(grade=grade.pk)).status_code == 302
    assert TraineeProfile.objects.get().stage == grade.stage


def test_retired_and_merged_terms_are_not_offered_but_kept(client: Client, alice: User) -> None:
    urology = Specialty.objects.get(slug="urology")
    london, south = Region.objects.get(slug="london"), Region.objects.get(slug="south-west")
    Specialty.objects.filter(pk=urology.pk).update(is_retired=True)
    Region.objects.filter(pk=london.pk).update(merged_into=south)
    page = client.get(PROFILE).content.decode()
    assert f'<option value="{urology.pk}">Urology' not in page
    refused = client.post(PROFILE, given_profile(specialty=urology.pk, region=london.pk))
    assert set(errors_of(refused)) == {"specialty", "region"}
    TraineeProfile.objects.create(user=alice, specialty=urology, region=london)
    kept = client.post(PROFILE, given_profile(specialty=urology.pk, region=london.pk))
    assert kept.status_code == 302
    assert TraineeProfile.objects.get().specialty == urology


def test_specialties_and_grades_are_in_their_groups(client: Client, alice: User) -> None:
    page = client.get(PROFILE).content.decode()
    surgery = page.partition('<optgroup label="Surgery">')[2].partition("</optgroup>")[0]
    assert ">Urology</option>" in surgery
    foundation = page.partition('<optgroup label="Foundation">')[2].partition("</optgroup>")[0]
    assert ">F1 Foundation year 1</option>" in foundation
    assert page.count("<select") == 4


def test_a_specialty_without_a_group_can_be_chosen(client: Client, alice: User) -> None:
    term = Specialty.objects.filter(parent=None, narrower_terms=None).first()
    assert term is not None
    assert client.post(PROFILE, given_profile(specialty=term.pk)).status_code == 302


def test_saving_leads_back_to_where_she_came_from(client: Client, alice: User) -> None:
    page = client.get(f"{PROFILE}?next=/syllabus/essentials/")
    assert page.status_code == 200
    assert '<input type="hidden" name="next" value="/syllabus/essentials/">' in (
        page.content.decode()
    )
    saved = client.post(PROFILE, given_profile(next="/syllabus/essentials/"))
    assert saved["Location"] == "/syllabus/essentials/"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_saving_never_leads_to_another_site(client: Client, alice: User, address: str) -> None:
    saved = client.post(PROFILE, given_profile(next=address))
    assert saved.status_code == 302
    assert saved["Location"] == "/my/"


def test_someone_signed_out_is_sent_to_sign_in_and_back(client: Client) -> None:
    response = client.get(PROFILE)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={PROFILE}"


def test_the_page_is_not_kept_by_browsers(client: Client, alice: User) -> None:
    response = client.get(PROFILE)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def sign_in(client: Client, email: str, **more: str) -> str:
    response = client.post("/accounts/login/", {"login": email, "password": PASSWORD, **more})
    assert response.status_code == 302
    return str(response["Location"])


def test_a_new_trainee_is_led_to_her_profile_once(client: Client) -> None:
    make_person("alice@example.org", TRAINEES)
    assert sign_in(client, "alice@example.org") == PROFILE
    assert client.post(PROFILE, given_profile()).status_code == 302
    assert sign_in(Client(), "alice@example.org") == "/"


def test_a_page_that_was_asked_for_comes_before_the_profile(client: Client) -> None:
    make_person("alice@example.org", TRAINEES)
    assert sign_in(client, "alice@example.org", next="/syllabus/") == "/syllabus/"


def test_editors_are_not_led_to_a_profile(client: Client) -> None:
    make_person("eve@example.org", EDITORS)
    assert sign_in(client, "eve@example.org") == "/"
    assert EmailAddress.objects.filter(email="eve@example.org").exists()


PERCENTS = st.integers(20, 100)
WEEKS = st.integers(1, 520)
STARTS = st.dates(dt.date(1970, 1, 1), dt.date(2060, 1, 1))


def due(percent: int, weeks: int, start: dt.date) -> dt.date:
    return TraineeProfile(working_percent=percent, training_started_on=start).due_on(weeks)


@given(PERCENTS, PERCENTS, WEEKS, STARTS)
def test_less_time_never_means_an_earlier_date(
    one: int, other: int, weeks: int, start: dt.date
) -> None:
    less, more = sorted((one, other))
    assert due(less, weeks, start) >= due(more, weeks, start)


@given(PERCENTS, WEEKS, WEEKS, STARTS)
def test_more_weeks_always_mean_a_later_date(
    percent: int, one: int, other: int, start: dt.date
) -> None:
    if one < other:
        assert due(percent, one, start) < due(percent, other, start)


@given(PERCENTS, WEEKS, STARTS)
def test_the_time_at_work_is_that_of_someone_full_time_and_less_than_a_day_more(
    percent: int, weeks: int, start: dt.date
) -> None:
    days = (due(percent, weeks, start) - start).days
    at_work, wanted = days * percent, weeks * 7 * 100
    assert wanted <= at_work < wanted + percent


def test_someone_full_time_has_exactly_the_weeks() -> None:
    assert due(100, 26, dt.date(2026, 8, 5)) == dt.date(2027, 2, 3)


def test_deadlines_count_from_the_account_where_the_start_is_unknown() -> None:
    joined = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)  # the 2nd in London
    profile = TraineeProfile(user=User(date_joined=joined))
    assert profile.due_on(1) == dt.date(2026, 7, 9)
