"""Every change reaches the journal in its own transaction, and the index soon after."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from case_studies.models import CaseStudyPage
from learning_hub.accounts.models import User
from learning_hub.taxonomy.models import Region, Specialty
from search import journal, sync
from search.engines import selection
from search.engines.elasticsearch import installed
from search.engines.embedded.engine import EmbeddedEngine
from search.models import JournalPosition, SearchChange
from tests.factories.case_studies import make_case_study, make_library
from tests.search.conftest import titles

pytestmark = pytest.mark.django_db


def changed_since(number: int) -> set[int]:
    return set(SearchChange.objects.after(number).values_list("page_id", flat=True))


def take_back(change: Callable[[], None]) -> None:
    """Make a change in a transaction that is then rolled back."""
    with transaction.atomic():
        change()
        transaction.set_rollback(True)


@pytest.fixture
def study() -> CaseStudyPage:
    return make_case_study("Airway course")


@pytest.fixture
def before(study) -> int:
    return JournalPosition.current().number


def test_a_rolled_back_change_leaves_no_trace(study, before):
    study.title = "Never"
    take_back(study.save)
    assert changed_since(before) == set()
    assert JournalPosition.current().number == before


def test_a_page_noted_in_a_rolled_back_savepoint_is_noted_again(study, before):
    with transaction.atomic():
        journal.record([study.pk + 1])
        take_back(lambda: journal.record([study.pk]))
        journal.record([study.pk])
    assert changed_since(before) == {study.pk, study.pk + 1}


def test_the_latest_of_two_changes_wins(study, before):
    study.save()
    first = SearchChange.objects.get(page_id=study.pk).sequence
    with transaction.atomic():
        study.save()
    assert SearchChange.objects.filter(page_id=study.pk).count() == 1
    assert SearchChange.objects.get(page_id=study.pk).sequence > first > before


def test_a_page_is_noted_once_in_one_transaction(study, django_assert_max_num_queries):
    with transaction.atomic():
        journal.record([study.pk])
        with django_assert_max_num_queries(0):
            journal.record([study.pk])


def test_a_draft_is_neither_journalled_nor_found(find, study, before):
    study.title = "Secret plans"
    study.save_revision()
    assert changed_since(before) == set()
    assert titles(find("q=airway")) == ["Airway course"]
    assert find("q=secret").total == 0


def test_publishing_and_withdrawing_are_found_at_once(find, study):
    study.title = "Ultrasound course"
    study.save_revision().publish()
    assert titles(find("q=ultrasound")) == ["Ultrasound course"]
    study.refresh_from_db()
    study.unpublish()
    assert find("q=ultrasound").total == 0


def test_a_deleted_page_is_gone_with_its_children(find, study):
    assert find().total == 1
    make_library().delete()
    assert find().total == 0


def test_a_copy_is_found(find, study):
    study.copy(update_attrs={"slug": "copy", "title": "Copied course"}, keep_live=True)
    assert titles(find("q=copied")) == ["Copied course"]


def test_moving_under_a_private_section_hides_all_below(find, study):
    home = make_library().get_parent()
    private = home.add_child(instance=Page(title="Private", slug="private"))
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    assert find().total == 1
    before = JournalPosition.current().number
    make_library().move(private, pos="last-child")
    assert {study.pk, study.get_parent().pk} <= changed_since(before)
    assert find().total == 0


def test_a_restriction_and_its_groups_count_for_all_below(find, study):
    group = Group.objects.create(name="Night shift")
    before = JournalPosition.current().number
    restriction = PageViewRestriction.objects.create(
        page=study.get_parent(), restriction_type="groups"
    )
    assert study.pk in changed_since(before)
    before = JournalPosition.current().number
    restriction.groups.add(group)
    assert study.pk in changed_since(before)
    before = JournalPosition.current().number
    group.pageviewrestriction_set.clear()
    assert study.pk in changed_since(before)
    restriction.groups.add(group)
    before = JournalPosition.current().number
    group.delete()
    assert study.pk in changed_since(before)
    assert find().total == 0
    restriction.delete()
    assert find().total == 1


def test_a_renamed_term_and_a_renamed_group_reach_their_pages(find, study):
    other = make_case_study("Other", regions=["london"], specialties=["cardiology"])
    before = JournalPosition.current().number
    region = Region.objects.get(slug="london")
    region.name = "Greater Thamesland"
    region.save()
    assert changed_since(before) == {other.pk}
    assert titles(find("q=thamesland")) == ["Other"]
    before = JournalPosition.current().number
    Specialty.objects.get(slug="urology").parent.save()
    assert changed_since(before) == {study.pk}


def test_a_sign_in_journals_nothing(study, before):
    user = User.objects.create_user("alice@example.org")
    Page.objects.filter(pk=study.pk).update(owner=user)
    user.last_login = timezone.now()
    user.save()
    user.delete()
    assert changed_since(before) == set()


def test_an_expired_page_is_not_found_before_anyone_cleans_up(find, study, monkeypatch):
    study.expire_at = timezone.now() + dt.timedelta(minutes=5)
    study.save()
    assert find().total == 1
    later = timezone.now() + dt.timedelta(minutes=6)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    results = find()
    assert results.total == 0
    assert all(row.count == 0 for facet in results.facets for row in facet.rows)


def test_a_crash_between_journal_and_index_loses_nothing(find, study, search_index, monkeypatch):
    find()
    monkeypatch.setattr(sync, "catch_up", lambda *_, **__: 0)  # the process dies here
    study.title = "Ultrasound course"
    study.save()
    assert find("q=ultrasound").total == 0
    monkeypatch.undo()
    monkeypatch.setattr(journal, "is_written_by_this_transaction", lambda: False)
    for kept in (selection._embedded, installed._engine):
        kept.cache_clear()  # as another process, or this one after a restart
    other = selection.current_engine()
    assert other is not search_index
    assert sync.catch_up(other) == 1
    assert other.state().sequence == JournalPosition.current().number


def test_what_an_open_transaction_wrote_is_not_indexed(find, study, search_index, monkeypatch):
    find()
    monkeypatch.undo()
    sequence = search_index.state().sequence
    study.title = "Ultrasound course"
    study.save()
    sync.ensure_current(JournalPosition.current(), search_index)
    assert search_index.state().sequence == sequence


def test_a_change_of_very_many_pages_is_taken_in_bit_by_bit(find, search_index, monkeypatch):
    studies = [make_case_study(f"Study {number}") for number in range(5)]
    find()
    monkeypatch.setattr(journal, "BATCH", 2)
    CaseStudyPage.objects.update(title="Renamed")
    journal.record([study.pk for study in studies])
    assert JournalPosition.current().number == search_index.state().sequence + 3
    assert [sync.catch_up(seconds=0) for _ in range(4)] == [2, 2, 1, 0]
    assert not sync.drift()


@pytest.mark.django_db(transaction=True)
def test_an_edit_is_searchable_within_a_second_in_every_process(settings, tmp_path):
    settings.HUB_SEARCH_INDEX_DIR = tmp_path / "index"
    sync.rebuild()
    journal.record([10**9])
    other = EmbeddedEngine(tmp_path / "index", selection.current_engine()._slots)
    before = other.state().sequence
    started = time.monotonic()
    journal.record([10**9 + 1])
    assert other.state().sequence > before
    assert time.monotonic() - started < 1


@pytest.mark.django_db(transaction=True)
def test_a_failing_index_never_breaks_a_publication(settings, tmp_path, caplog):
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    settings.HUB_SEARCH_INDEX_DIR = blocked / "index"
    caplog.set_level("INFO", "search.sync")
    journal.record([10**9])
    assert SearchChange.objects.filter(page_id=10**9).exists()
    assert "not up to date yet" in caplog.text


def test_a_rebuild_takes_in_what_is_changed_meanwhile(find, study, search_index, monkeypatch):
    make_case_study("Second")
    find()

    def edit_halfway(read: int, pages: int) -> None:
        CaseStudyPage.objects.filter(pk=study.pk).update(title="Changed meanwhile")
        journal.record([study.pk])

    assert sync.rebuild(progress=edit_halfway) == 3  # the list of regions is there as well
    assert not sync.drift()
    assert set(titles(find())) == {"Changed meanwhile", "Second"}
