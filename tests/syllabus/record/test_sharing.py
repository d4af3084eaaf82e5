"""Sharing with a supervisor: what she sees and does not, and when it ends."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from learning_hub.accounts.models import User
from syllabus.models import Share, ShareWithdrawal
from syllabus.record import sharing
from syllabus.record.achievements import shared_achievements
from syllabus.refusals import Refused
from tests.factories.syllabus import NOON, complete_module, make_module, make_trainee
from tests.syllabus.record.scenes import HOUR, PAGE, fail, make_supervisor, share

pytestmark = pytest.mark.django_db
FORM = {
    "supervisor_name": "Sam Shah",
    "supervisor_email": "sam@example.org",
    "scope": "all",
    "consent": "on",
}


@pytest.fixture
def alice(client: Client) -> User:
    """A trainee, signed in."""
    alice = make_trainee()
    client.force_login(alice)
    return alice


def post(client: Client, **fields: Any) -> Any:
    given = {**FORM, "key": str(uuid.uuid4()), **fields}
    return client.post(
        "/my/record/sharing/", {name: value for name, value in given.items() if value is not None}
    )


def test_a_trainee_shares_all_her_record_until_she_stops(client: Client, alice: User) -> None:
    answer = post(client, supervisor_email="Sam@Example.org")
    assert (answer.status_code, answer.url) == (302, "/my/record/sharing/")
    kept = Share.objects.get()
    assert (kept.trainee, kept.supervisor_email) == (alice, "sam@example.org")
    assert (kept.module_keys, kept.ends_at) == ([], None)
    page = client.get(answer.url)
    assert page.status_code == 200
    assert "We have written to sam@example.org" in page.content.decode()
    assert "Stop sharing" in page.content.decode()


def test_a_trainee_shares_chosen_modules_until_a_day(client: Client, alice: User) -> None:
    chosen, _ = make_module("Essentials"), make_module("Systems")
    last = timezone.localdate() + dt.timedelta(days=30)
    answer = post(client, scope="chosen", modules=[chosen.key], last_day=last.strftime("%d/%m/%Y"))
    assert answer.status_code == 302
    kept = Share.objects.get()
    assert kept.module_keys == [chosen.key]
    ends = timezone.localtime(kept.ends_at)
    assert (ends.date(), ends.time()) == (last + dt.timedelta(days=1), dt.time.min)


def test_the_message_names_the_trainee_and_nothing_else_about_her(alice: User) -> None:
    share(alice, supervisor_name="Buy now at spam.example")
    [message] = mail.outbox
    assert message.to == ["sam@example.org"]
    assert "Alice Adams" in message.body
    assert PAGE in message.body
    assert alice.email not in message.subject + message.body
    assert "spam" not in message.subject + message.body


def test_a_name_carries_no_address_and_no_second_line() -> None:
    mallory = make_trainee("mallory@example.org", "Win\nat https://spam.example/now today")
    share(mallory)
    [message] = mail.outbox
    assert "://" not in message.body.replace(PAGE, "")
    assert "spam.example" not in message.body
    assert "Win at https spam example now today lets you see" in message.body


def test_the_same_key_shares_once_and_writes_once(alice: User) -> None:
    key = uuid.uuid4()
    assert share(alice, key=key) == share(alice, "other@example.org", key=key)
    assert Share.objects.count() == len(mail.outbox) == 1


def test_a_mail_failure_keeps_the_share_and_is_said(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: EmailMessage, **options: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", refuse)
    answer = post(client)
    assert answer.status_code == 302
    assert Share.objects.count() == 1
    page = client.get(answer.url)
    assert page.status_code == 200
    assert "could not send the message to sam@example.org" in page.content.decode()


def test_the_message_leaves_when_the_share_is_safe(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def look(**given: Any) -> bool:
        seen.append(Share.objects.filter(pk=given["share"].pk).exists())
        return True

    monkeypatch.setattr(sharing, "invite", look)
    share(alice)
    assert seen == [True]


def test_the_answer_tells_nobody_who_has_an_account(client: Client, alice: User) -> None:
    make_supervisor("sam@example.org")
    with_account, without = post(client), post(client, supervisor_email="tom@example.org")
    assert (with_account.status_code, without.status_code) == (302, 302)
    assert with_account.url == without.url
    assert mail.outbox[0].body == mail.outbox[1].body


WRONG = [
    ({"supervisor_email": "alice@example.org"}, "your own email address"),
    ({"supervisor_email": "ALICE@example.org"}, "your own email address"),
    ({"supervisor_email": "nobody"}, "in the right form"),
    ({"supervisor_email": "a@b\x00.org"}, "in the right form"),
    ({"supervisor_email": "a" * 300 + "@example.org"}, "at most 254"),
    ({"supervisor_email": None}, "Enter your supervisor’s email address"),
    ({"supervisor_name": ""}, "Enter your supervisor’s name"),
    ({"supervisor_name": "Sam\x00"}, "Null characters are not allowed"),
    ({"supervisor_name": "S" * 151}, "at most 150"),
    ({"consent": None}, "Tick the box"),
    ({"scope": None}, "Say whether you share"),
    ({"scope": "none"}, "not one of the available choices"),
    ({"scope": "chosen"}, "Choose at least one module"),
    ({"scope": "chosen", "modules": [str(uuid.uuid4())]}, "Choose modules from this list"),
    ({"scope": "chosen", "modules": ["\x00"]}, "Choose modules from this list"),
    ({"last_day": "31/2/2027"}, "in the right form, like 31/3/2027"),
    ({"last_day": "1/1/2020"}, "from today to 10 years ahead"),
    ({"last_day": "31/12/9999"}, "from today to 10 years ahead"),
]


@pytest.mark.parametrize(("fields", "words"), WRONG)
def test_what_is_wrong_is_said_and_nothing_is_shared(
    client: Client, alice: User, fields: dict[str, Any], words: str
) -> None:
    answer = post(client, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Share.objects.exists()
    assert mail.outbox == []


def test_yesterday_is_no_last_day(client: Client, alice: User) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    answer = post(client, last_day=yesterday.isoformat())
    assert answer.status_code == 422
    assert "from today to 10 years ahead" in answer.content.decode()


def test_today_is_a_last_day(client: Client, alice: User) -> None:
    assert post(client, last_day=timezone.localdate().isoformat()).status_code == 302


@pytest.mark.parametrize("key", ["", "x", "\x00", None, "1" * 5000])
def test_a_key_that_cannot_be_read_is_made_anew(client: Client, alice: User, key: Any) -> None:
    assert post(client, key=key).status_code == 302
    assert Share.objects.count() == 1


def test_choosing_nothing_never_means_everything(alice: User) -> None:
    with pytest.raises(sharing.NoModules):
        share(alice, modules=[])


def test_a_trainee_without_a_name_is_asked_for_it(client: Client) -> None:
    client.force_login(make_trainee(name=""))
    answer = post(client)
    assert answer.status_code == 422
    assert "Tell us your name first" in answer.content.decode()


def test_twenty_shares_a_day_are_enough(alice: User) -> None:
    for number in range(sharing.SHARES_A_DAY):
        share(alice, f"s{number}@example.org")
    with pytest.raises(sharing.TooManyShares, match="20 times"):
        share(alice)
    assert len(mail.outbox) == sharing.SHARES_A_DAY
    share(make_trainee("bob@example.org", "Bob Brown"))
    share(alice, at=NOON + 24 * HOUR)


def test_stopping_takes_effect_at_once_and_twice_is_once(client: Client, alice: User) -> None:
    kept, sam = share(alice), make_supervisor()
    address = f"/my/shared-with-me/{kept.pk}/"
    reader = Client()
    reader.force_login(sam)
    assert reader.get(address).status_code == 200

    for _ in range(2):
        stopped = client.post(f"/my/record/sharing/{kept.pk}/stop/")
        assert (stopped.status_code, stopped.url) == (302, "/my/record/sharing/")

    assert ShareWithdrawal.objects.count() == 1
    assert reader.get(address).status_code == 404
    page = client.get(stopped.url)
    assert page.status_code == 200
    assert "Who could see it before" in page.content.decode()


def test_a_trainee_stops_only_her_own_shares(alice: User) -> None:
    kept = share(make_trainee("bob@example.org", "Bob Brown"))
    with pytest.raises(sharing.ShareNotFound):
        sharing.withdraw(trainee=alice, share_id=kept.pk, at=NOON)
    assert not ShareWithdrawal.objects.exists()


def test_a_supervisor_sees_completions_of_the_shared_modules_alone(client: Client) -> None:
    alice, bob = make_trainee(), make_trainee("bob@example.org", "Bob Brown")
    shared, other = make_module("Essentials", validity_months=24), make_module("Systems")
    fail(alice, shared, NOON)
    completion = complete_module(alice, shared, NOON + HOUR)
    complete_module(alice, other)
    complete_module(bob, shared)
    kept = share(alice, modules=[shared])
    client.force_login(make_supervisor())

    answer = client.get(f"/my/shared-with-me/{kept.pk}/")

    assert answer.status_code == 200
    page = answer.content.decode()
    assert completion.certificate.get_absolute_url() in page
    assert "100%" in page
    for hidden in ("Systems", "0 of 2", "not passed", "Lesson 1", "Bob Brown", alice.email):
        assert hidden not in page
    assert [each.completion for each in shared_achievements(kept, NOON)] == [completion]


def test_a_share_of_all_modules_covers_those_completed_later(alice: User) -> None:
    kept = share(alice)
    completion = complete_module(alice, make_module(), NOON + HOUR)
    assert [each.completion for each in shared_achievements(kept, NOON + HOUR)] == [completion]


def test_the_share_ends_by_itself(alice: User) -> None:
    kept = share(alice, ends_at=NOON + HOUR)
    found = Share.objects.with_any_of
    assert list(found(["SAM@example.org"], NOON + HOUR / 2)) == [kept]
    assert list(found(["sam@example.org"], NOON + HOUR)) == []


@pytest.mark.parametrize("ends_at", [NOON, NOON - HOUR, NOON + 11 * 366 * 24 * HOUR])
def test_an_end_that_makes_no_sense_is_refused(alice: User, ends_at: dt.datetime) -> None:
    with pytest.raises(Refused, match="10 years ahead"):
        share(alice, ends_at=ends_at)


def test_pages_of_shares_take_the_same_queries_however_much_there_is(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    sam, alice = make_supervisor(), make_trainee()
    client.force_login(sam)
    counts = []
    for total in (2, 6):
        while Share.objects.count() < total:
            module = make_module(lessons=1)
            complete_module(alice, module)
            kept = share(alice, modules=[module])
        everything = share(alice, at=NOON - 48 * HOUR)
        for address in ("/my/shared-with-me/", f"/my/shared-with-me/{everything.pk}/"):
            client.get(address)
            with django_assert_max_num_queries(14) as queries:
                answer = client.get(address)
            assert answer.status_code == 200
            counts.append(len(queries))
    assert kept.module_keys[0] not in answer.content.decode()
    assert counts[:2] == counts[2:]


def test_a_title_outlives_its_module_on_the_page_of_shares(client: Client, alice: User) -> None:
    module = make_module("Essentials")
    complete_module(alice, module)
    share(alice, modules=[module], at=timezone.now())
    module.delete()
    page = client.get("/my/record/sharing/")
    assert page.status_code == 200
    assert "Essentials" in page.content.decode()


def test_only_modules_that_she_may_know_of_are_offered(client: Client, alice: User) -> None:
    make_module("Public")
    make_module("Draft", live=False)
    complete_module(alice, gone := make_module("Taken before"))
    gone.unpublish()
    page = client.get("/my/record/sharing/")
    assert page.status_code == 200
    offered = re.findall(r'for="id_modules_\d">([^<]+)', page.content.decode())
    assert [each.strip() for each in offered] == ["Public", "Taken before"]
