"""Digests: who is mailed what, when, and only once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from case_studies.alerts.matching import matcher
from case_studies.alerts.models import AlertedStudy, Digest, Subscriber, Subscription
from case_studies.alerts.preparing import prepare
from case_studies.models import CaseStudyPage
from learning_hub.taxonomy.merging import merge_terms
from learning_hub.taxonomy.models import Region
from tests.case_studies.alerts.conftest import Run, headers, to
from tests.factories.accounts import make_person
from tests.factories.alerts import make_alert, make_new_study
from tests.factories.case_studies import make_library

pytestmark = pytest.mark.usefixtures("search_index")
ALICE = "alice@example.org"


def told(email: str = ALICE) -> list[str]:
    """The titles in all messages to an address, in the order they were told."""
    lines = [line for message in to(email) for line in message.body.splitlines()]
    return [line[2:] for line in lines if line.startswith("- ")]


def wait(alert: Subscription, **time: int) -> None:
    """Let that much time pass for an alert."""
    ago = timezone.now() - dt.timedelta(**time)
    Subscription.objects.filter(pk=alert.pk).update(last_digest_at=ago)


def restrict(study: CaseStudyPage, group: Group | None = None) -> PageViewRestriction:
    kind = "groups" if group else "login"
    restriction = PageViewRestriction.objects.create(page=study, restriction_type=kind)
    if group:
        restriction.groups.add(group)
    return restriction


def test_each_new_study_is_mailed_once_to_those_it_matches(send_alerts: Run) -> None:
    make_alert(ALICE, "region=london")
    make_alert("bob@example.org", "region=north-west")
    make_alert("carol@example.org", "region=north-east-and-yorkshire")
    make_new_study("In London", regions=["london"])
    make_new_study("In both", regions=["london", "north-west"])
    assert "Digests prepared: 2." in send_alerts()
    assert sorted(told()) == ["In London", "In both"]
    assert told("bob@example.org") == ["In both"]
    assert told("carol@example.org") == []
    Subscription.objects.update(last_digest_at=timezone.now() - dt.timedelta(days=8))
    assert "Digests prepared: 0." in send_alerts()
    assert len(mail.outbox) == 2


def test_a_digest_says_what_why_and_how_to_end_it(send_alerts: Run) -> None:
    make_alert(ALICE, "q=lists&region=london")
    older = timezone.now() - dt.timedelta(hours=2)
    make_new_study("Saturday lists", regions=["london"], first_published_at=older)
    make_new_study("Sunday lists", regions=["london"], one_line_result="9 more cases")
    send_alerts()
    (message,) = to(ALICE)
    title = "2 new case studies about “lists” in London"
    assert message.subject == f"Learning Hub: {title}"
    assert told() == ["Sunday lists", "Saturday lists"]
    for part in (
        f"{title}:",
        "  9 more cases\n  http://127.0.0.1:8000/case-studies/sunday-lists/",
        "this address asked us to write, once a day at most, about new case studies about “lists”",
        "http://127.0.0.1:8000/case-studies/feed/?q=lists&region=london",
        "http://127.0.0.1:8000/case-studies/?q=lists&region=london",
        "To end this alert: http://127.0.0.1:8000/alerts/end/",
    ):
        assert part in message.body


def test_a_digest_can_be_ended_by_the_mail_program(send_alerts: Run) -> None:
    make_alert(ALICE, "region=london")
    make_new_study(regions=["london"])
    send_alerts()
    message = headers(mail.outbox[0])
    link = message["List-Unsubscribe"]
    assert link.startswith("<http://127.0.0.1:8000/alerts/end/")
    assert link.endswith("/>")
    assert "\n" not in link
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    digest = Digest.objects.get()
    assert message["Message-ID"] == f"<alert-{digest.uuid}@127.0.0.1>"


def test_a_very_long_filter_has_a_subject_of_a_decent_length(send_alerts: Run) -> None:
    make_alert(ALICE, "q=" + "simulated+" * 90)
    make_new_study()
    send_alerts()
    assert len(mail.outbox[0].subject) <= 140


def test_what_was_there_before_the_alert_is_not_new(send_alerts: Run) -> None:
    make_alert(confirmed=dt.timedelta(days=1))
    make_new_study("Old", first_published_at=timezone.now() - dt.timedelta(days=2))
    make_new_study("New")
    send_alerts()
    assert told() == ["New"]


def test_an_alert_that_is_not_confirmed_is_sent_nothing(send_alerts: Run) -> None:
    make_alert(confirmed=None)
    make_new_study()
    send_alerts()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("frequency", "too_soon", "due"),
    [("daily", {"hours": 22}, {"hours": 24}), ("weekly", {"days": 6}, {"days": 7})],
)
def test_a_digest_comes_no_more_often_than_was_asked(
    send_alerts: Run, frequency: str, too_soon: dict[str, int], due: dict[str, int]
) -> None:
    alert = make_alert(frequency=frequency)
    make_new_study("First")
    send_alerts()
    make_new_study("Second")
    wait(alert, **too_soon)
    send_alerts()
    assert told() == ["First"]
    wait(alert, **due)
    send_alerts()
    assert told() == ["First", "Second"]


def test_a_study_that_is_opened_later_is_told_then(send_alerts: Run) -> None:
    alert = make_alert()
    study = make_new_study("Kept back")
    restriction = restrict(study)
    make_new_study("Open")
    send_alerts()
    assert told() == ["Open"]
    restriction.delete()
    wait(alert, days=2)
    send_alerts()
    assert told() == ["Open", "Kept back"]


def test_a_study_that_is_filed_anew_is_told_then(send_alerts: Run) -> None:
    alert = make_alert(query="region=london")
    study = make_new_study("Moved", regions=["north-west"])
    make_new_study("There", regions=["london"])
    send_alerts()
    assert told() == ["There"]
    study.regions = list(Region.objects.filter(slug__in=["north-west", "london"]))
    study.save_revision().publish()
    wait(alert, days=2)
    send_alerts()
    assert told() == ["There", "Moved"]


def test_a_study_that_is_published_again_is_not_told_again(send_alerts: Run) -> None:
    alert, study = make_alert(), make_new_study()
    send_alerts()
    study.unpublish()
    study.refresh_from_db()
    study.title = "Renamed"
    study.save_revision().publish()
    wait(alert, days=2)
    send_alerts()
    assert len(told()) == 1


def test_two_alerts_of_an_address_tell_a_study_once(send_alerts: Run, client: Client) -> None:
    first, second = make_alert(query="region=london"), make_alert(query="specialty=urology")
    make_new_study("Both", regions=["london"])
    make_new_study("Second only", regions=["north-west"])
    send_alerts()
    assert sorted(told()) == ["Both", "Second only"]
    assert len(to(ALICE)) == 2
    first.delete()  # its digest goes with it; what it told stays told
    wait(second, days=2)
    send_alerts()
    assert len(told()) == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        AlertedStudy.objects.create(
            subscriber=second.subscriber, study=AlertedStudy.objects.first().study
        )


def test_an_alert_finds_what_a_merged_term_became(send_alerts: Run) -> None:
    make_alert(query="region=london")
    merge_terms(
        source=Region.objects.get(slug="london"), target=Region.objects.get(slug="south-east")
    )
    make_new_study("Still found", regions=["south-east"])
    make_new_study("Elsewhere", regions=["north-west"])
    send_alerts()
    assert told() == ["Still found"]


def test_a_value_that_is_gone_finds_nothing_rather_than_everything(send_alerts: Run) -> None:
    make_alert(query="region=atlantis")
    make_alert("bob@example.org", "year=1999")
    make_new_study()
    send_alerts()
    assert mail.outbox == []


def test_an_address_alone_gets_only_what_anyone_may_see(send_alerts: Run) -> None:
    make_alert()
    restrict(make_new_study())
    send_alerts()
    assert mail.outbox == []


def test_an_alert_of_a_person_finds_what_she_may_see_when_it_is_sent(send_alerts: Run) -> None:
    group = Group.objects.create(name="Pilot sites")
    alice, bob = make_person(ALICE), make_person("bob@example.org")
    alice.groups.add(group)
    make_alert(ALICE, user=alice)
    make_alert("bob@example.org", user=bob)
    restrict(make_new_study("For the group"), group)
    restrict(make_new_study("For people"))
    send_alerts()
    assert sorted(told()) == ["For people", "For the group"]
    assert told("bob@example.org") == ["For people"]


def test_a_closed_account_is_sent_nothing(send_alerts: Run) -> None:
    alice = make_person(ALICE)
    alert = make_alert(user=alice)
    make_new_study()
    prepare(at=timezone.now())
    alice.is_active = False
    alice.save()
    send_alerts()
    wait(alert, days=2)
    make_new_study("Another")
    send_alerts()
    assert mail.outbox == []


def test_a_person_at_another_address_no_longer_opens_what_is_closed(send_alerts: Run) -> None:
    alice = make_person(ALICE)
    make_alert(user=alice)
    alice.email = "alice@elsewhere.example"
    alice.save()
    restrict(make_new_study("For people"))
    make_new_study("For all")
    send_alerts()
    assert told() == ["For all"]


def test_what_is_withdrawn_before_it_is_sent_is_not_sent_and_stays_new(send_alerts: Run) -> None:
    alert, study = make_alert(), make_new_study("Kept back")
    prepare(at=timezone.now())
    restriction = restrict(study)
    assert "Nothing left to tell: 1." in send_alerts()
    assert (mail.outbox, Digest.objects.count()) == ([], 0)
    restriction.delete()
    wait(alert, days=2)
    send_alerts()
    assert told() == ["Kept back"]


def test_what_is_prepared_is_sent_by_the_next_run_under_the_same_name(send_alerts: Run) -> None:
    make_alert()
    make_new_study()
    assert prepare(at=timezone.now()) == 1
    digest = Digest.objects.get()
    assert mail.outbox == []
    send_alerts()
    digest.refresh_from_db()
    assert digest.sent_at
    Digest.objects.update(sent_at=None)  # killed after the server had it, before it was marked
    send_alerts()
    first, second = mail.outbox
    assert headers(first)["Message-ID"] == headers(second)["Message-ID"]


def test_alerts_that_nobody_confirmed_are_forgotten_after_seven_days(send_alerts: Run) -> None:
    now = timezone.now()
    make_alert("old@example.org", confirmed=None, requested_at=now - dt.timedelta(days=8))
    make_alert("new@example.org", confirmed=None, requested_at=now - dt.timedelta(days=6))
    assert "forgotten: 1." in send_alerts()
    assert [each.email for each in Subscriber.objects.all()] == ["new@example.org"]


def test_old_digests_are_forgotten_and_their_studies_are_not_told_again(send_alerts: Run) -> None:
    alert = make_alert(confirmed=dt.timedelta(days=120))
    make_new_study(first_published_at=timezone.now() - dt.timedelta(days=110))
    send_alerts()
    Digest.objects.update(sent_at=timezone.now() - dt.timedelta(days=100))
    wait(alert, days=2)
    send_alerts()
    assert (Digest.objects.count(), len(mail.outbox)) == (0, 1)


@pytest.mark.parametrize("frequency", ["daily", "weekly"])
def test_the_alert_itself_cannot_be_kept_twice(frequency: str) -> None:
    make_alert(query="region=london")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_alert(query="region=london", frequency=frequency)


def test_preparing_takes_as_many_queries_for_many_as_for_few() -> None:
    make_library()
    counts = []
    for number in (2, 40):
        for at in range(number):
            make_alert(f"{number}-{at}@example.org", f"region={['london', 'north-west'][at % 2]}")
        make_new_study(f"For {number}", regions=["london", "north-west"])
        matcher(timezone.now())  # the index is current
        with CaptureQueriesContext(connection) as counted:
            assert prepare(at=timezone.now()) >= number
        counts.append(len(counted))
        Subscription.objects.all().delete()
    assert counts[0] == counts[1] <= 16
