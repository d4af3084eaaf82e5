"""The completion report: who may see it, what it counts, what it holds back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from learning_hub.accounts.roles import EDITORS
from learning_hub.taxonomy.models import Region, Specialty
from syllabus.models import Revocation
from syllabus.reporting import completion_views
from tests.factories.accounts import make_person
from tests.factories.syllabus import make_module
from tests.syllabus.reporting.conftest import OCTOBER, completed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
URL = "/admin/reports/syllabus-completions/"
NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _march(monkeypatch):
    monkeypatch.setattr(completion_views.timezone, "now", lambda: NOW)


def figures(client, **query):
    """The report as rows of the CSV: (names…) -> completions in words."""
    response = client.get(URL, {**query, "export": "csv"})
    assert response.status_code == 200
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    return {tuple(row[1:-3]): row[-3] for row in rows[1:]}


def shown(client, **query):
    response = client.get(URL, query)
    assert response.status_code == 200
    return response.content.decode()


def london():
    return Region.objects.get(slug="london")


def test_completions_are_counted_by_module(client, chief):
    essentials, access = make_module("Essentials"), make_module("Access to practice")
    completed(essentials, 7)
    completed(access, 3)
    assert figures(client) == {
        ("Essentials",): "5 to 9",
        ("Access to practice",): "fewer than 5",
    }


def test_completions_are_counted_by_region_in_every_region(client, chief):
    module = make_module("Essentials")
    completed(module, 12, region=london())
    completed(module, 3)
    found = figures(client, by="region")
    assert len(found) == Region.objects.count() + 1
    assert found["Essentials", london().name] == "10 to 14"
    assert found["Essentials", "Not said"] == "fewer than 5"
    assert found["Essentials", "South West"] == "0"


def test_completions_are_counted_by_specialty(client, chief):
    module = make_module("Essentials")
    urology = Specialty.objects.get(slug="urology")
    completed(module, 6, specialty=urology)
    found = figures(client, by="specialty")
    assert found["Essentials", urology.name] == "5 to 9"


def test_a_merged_term_counts_as_the_one_it_became(client, chief):
    module, north = make_module("Essentials"), Region.objects.get(slug="north-west")
    completed(module, 6, region=north)
    Region.objects.filter(pk=north.pk).update(merged_into=london())
    found = figures(client, by="region")
    assert found["Essentials", london().name] == "5 to 9"


def test_a_month_is_that_of_london(client, chief):
    module = make_module("Essentials")
    completed(module, 5, at=dt.datetime(2025, 9, 30, 23, 30, tzinfo=dt.UTC))  # summer time
    found = figures(client, by="month")
    assert found["Essentials", "October 2025"] == "5 to 9"
    assert found["Essentials", "September 2025"] == "0"
    assert len(found) == 7


def test_the_running_month_does_not_count_yet(client, chief):
    module = make_module("Essentials")
    completed(module, 6, at=NOW - dt.timedelta(hours=1))
    assert figures(client) == {("Essentials",): "0"}


def test_a_revoked_completion_does_not_count(client, chief):
    module = make_module("Essentials")
    for completion in completed(module, 5)[:1]:
        Revocation.objects.create(
            certificate=completion.certificate, revoked_at=NOW, reason="Error", revoked_by=chief
        )
    assert figures(client) == {("Essentials",): "fewer than 5"}


def test_another_training_year_is_another_report(client, chief):
    module = make_module("Essentials")
    completed(module, 6, at=OCTOBER - dt.timedelta(days=365))
    assert figures(client) == {("Essentials",): "0"}
    assert figures(client, period="2024") == {("Essentials",): "5 to 9"}


def test_a_module_that_is_no_longer_published_keeps_its_completions(client, chief):
    module = make_module("Essentials")
    completed(module, 6)
    Page.objects.get(pk=module.pk).delete()
    assert figures(client) == {("Essentials",): "5 to 9"}


def test_one_module_can_be_chosen(client, chief):
    essentials, access = make_module("Essentials"), make_module("Access")
    completed(essentials, 6)
    completed(access, 6)
    assert set(figures(client, module=access.key)) == {("Access",)}


def test_choosing_a_module_shows_no_other_figures_of_it(client, chief):
    module, other = make_module("Essentials"), make_module("Access")
    completed(module, 4, region=london())
    completed(module, 11)
    completed(other, 20)
    alone = figures(client, by="region", module=module.key)
    together = figures(client, by="region")
    assert alone.items() <= together.items()


def test_the_page_and_its_bars_hold_no_count(client, chief):
    """Seven and eight people make the same page to the letter, and so do one and four."""
    module = make_module("Essentials")
    completed(module, 7, region=london())
    completed(module, 1)
    before = shown(client, by="region")
    completed(module, 1, region=london())
    after = shown(client, by="region")
    assert _without_token(before) == _without_token(after)
    assert "fewer than 5" in before
    assert "5 to 9" in before


def _without_token(page):
    return re.sub(r'(csrf\w*|nonce)\W+[\w-]{20,}|"[A-Za-z0-9]{64}"', "", page, flags=re.IGNORECASE)


def test_too_few_completions_of_a_module_are_not_broken_down(client, chief):
    completed(make_module("Essentials"), 4, region=london())
    page = shown(client, by="region")
    assert "Not shown by region" in page
    assert set(figures(client, by="region").values()) == {"not shown"}


def test_the_file_runs_no_formula(client, chief):
    completed(make_module("=1+1"), 6)
    assert ("'=1+1",) in figures(client)


def test_the_file_has_a_name_and_is_not_kept(client, chief):
    response = client.get(URL, {"export": "csv", "by": "month"})
    assert response.status_code == 200
    assert response["Content-Disposition"] == (
        'attachment; filename="completions-2025-by-month.csv"'
    )
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"period": "1066"}, "no such training year"),
        ({"period": "2025\x00"}, "no such training year"),
        ({"by": "name"}, "cannot be counted that way"),
        ({"module": "nonsense"}, "no such module"),
        ({"module": "00000000-0000-0000-0000-000000000000"}, "no such module"),
        ({"module": "x" * 10_000}, "no such module"),
    ],
)
def test_what_does_not_exist_is_ignored_and_said_so(client, chief, query, words):
    completed(make_module("Essentials"), 6)
    page = shown(client, **query)
    assert words in page
    assert "5 to 9" in page


def test_an_installation_without_modules_says_so(client, chief):
    assert "no modules yet" in shown(client, by="region")
    assert shown(client)


def test_without_the_right_the_report_is_refused(client, edith):
    response = client.get(URL)
    assert response.status_code == 302
    assert response.url == "/admin/"
    assert URL not in client.get("/admin/").content.decode()


def test_who_is_signed_out_is_sent_to_sign_in(client):
    response = client.get(URL)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_the_right_can_be_given_in_the_admin(client):
    admin = make_person("admin@example.org")
    admin.is_superuser = True
    admin.save()
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    editors = Group.objects.get(name=EDITORS)
    response = client.get(f"/admin/groups/edit/{editors.pk}/")
    assert response.status_code == 200
    right = Permission.objects.get(codename="view_completion")
    ticks = re.findall(r"<input[^>]*type=.checkbox[^>]*>", response.content.decode())
    assert any(f'name="permissions" value="{right.pk}"' in tick for tick in ticks)


def queries(client, **query):
    client.get(URL, query)  # what is kept for later is read now
    with CaptureQueriesContext(connection) as asked:
        assert client.get(URL, query).status_code == 200
    return len(asked)


def test_queries_do_not_grow_with_modules_regions_and_completions(client, chief):
    modules = [make_module(f"Module {n}", lessons=0, outcomes=0) for n in range(2)]
    completed(modules[0], 50, region=london())
    few = [queries(client, by=by) for by in ("module", "region", "specialty", "month")]
    modules += [make_module(f"Module {n}", lessons=0, outcomes=0) for n in range(2, 20)]
    for n, region in enumerate(Region.objects.all()):
        completed(modules[n], 65, region=region)
    many = [queries(client, by=by) for by in ("module", "region", "specialty", "month")]
    assert many == few
    assert max(many) <= 20
