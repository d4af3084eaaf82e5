"""The command `check_links`: keeps each answer, goes on after a stop, and names what is dead."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from learning_hub.resources.link_checking import checking
from learning_hub.resources.link_checking.asking import Answer, Asker
from learning_hub.resources.link_checking.checking import Checker, record_answer
from learning_hub.resources.link_checking.collecting import collect, remember
from learning_hub.resources.link_checking.links import CheckedLink, Verdict
from learning_hub.resources.models import ResourcePage
from tests.factories.resources import make_resource
from tests.factories.updates import make_update
from tests.resources.links.conftest import Server

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
FAILED = Answer(Verdict.FAILS, "Its server has a fault (500).")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "SECONDS_BETWEEN", 0.0)


def link_to(*addresses: str) -> None:
    """A letter that links to all of them."""
    text = "".join(f'<p><a href="{address}">x</a></p>' for address in addresses)
    make_update(f"Letter {len(addresses)}", body=[("paragraph", text)])


def run(*options: str) -> str:
    out = StringIO()
    call_command("check_links", "--allow-private", *options, stdout=out)
    return out.getvalue()


def new_link(address: str = "https://a.example.org/") -> CheckedLink:
    return CheckedLink.objects.create(address=address)


def test_each_outcome_is_kept_and_the_dead_are_named_with_their_pages(server: Server) -> None:
    link_to(server.url("ok"), server.url("status/404"), server.url("status/500"))
    out = StringIO()
    with pytest.raises(CommandError, match="1 link is dead") as failure:
        call_command("check_links", "--allow-private", stdout=out)
    assert failure.value.returncode == 1
    printed = out.getvalue()
    assert "3 outside addresses in live pages." in printed
    assert f"Dead: {server.url('status/404')} (The page is not there any more (404).)" in printed
    assert "in “Letter 3” /" in printed
    assert "[3/3]" in printed
    verdicts = dict(CheckedLink.objects.values_list("address", "verdict"))
    assert verdicts == {
        server.url("ok"): Verdict.WORKS,
        server.url("status/404"): Verdict.GONE,
        server.url("status/500"): Verdict.FAILS,
    }


def test_where_nothing_is_dead_the_command_says_so(server: Server) -> None:
    link_to(server.url("ok"))
    assert "No link is dead." in run()


def test_without_the_option_this_machine_is_not_asked(server: Server) -> None:
    link_to(server.url("ok"))
    call_command("check_links", stdout=StringIO())
    assert server.asked == []
    assert "not on the public internet" in CheckedLink.objects.get().status


def test_what_was_asked_lately_is_asked_again_only_on_demand(server: Server) -> None:
    link_to(server.url("ok"))
    run()
    assert "1 were asked lately" in run()
    assert len(server.asked) == 1
    run("--again")
    assert len(server.asked) == 2


def test_a_run_that_was_stopped_goes_on_where_it_was(server: Server) -> None:
    link_to(*(server.url(f"ok/{number}") for number in range(6)))
    remember(collect())
    checker = Checker(clock=timezone.now, asker=Asker(allow_private=True), pause=0)
    steps = checker.check(checker.due())
    first = {next(steps).address, next(steps).address}
    steps.close()  # as an interrupt would
    kept = set(CheckedLink.objects.exclude(verdict="").values_list("address", flat=True))
    assert kept == first
    asked_before = len(server.asked)
    assert "2 were asked lately" in run()
    assert len(server.asked) == asked_before + 4
    assert not CheckedLink.objects.filter(verdict="").exists()


@pytest.mark.parametrize(
    ("after", "is_dead"),
    [([0], False), ([0, 0.5], False), ([0, 1], True), ([0, 0.9, 1.1], True)],
)
def test_a_link_is_dead_after_two_failures_a_day_apart(after: list[float], is_dead: bool) -> None:
    link = new_link()
    for days in after:
        record_answer(link=link, answer=FAILED, at=NOON + days * DAY)
    assert CheckedLink.objects.dead().exists() == is_dead
    assert (link.times_failed, link.failing_since) == (len(after), NOON)


def test_a_page_that_is_gone_is_dead_at_once_and_alive_again_with_a_success() -> None:
    link = new_link()
    record_answer(link=link, answer=Answer(Verdict.GONE, "Gone."), at=NOON)
    assert CheckedLink.objects.dead().exists()
    record_answer(link=link, answer=Answer(Verdict.WORKS, "It works."), at=NOON + DAY)
    assert not CheckedLink.objects.dead().exists()
    assert (link.times_failed, link.failing_since) == (0, None)


def test_an_answer_that_only_programs_are_refused_is_not_a_failure() -> None:
    link = new_link()
    for days in (0, 1, 2):
        record_answer(link=link, answer=Answer(Verdict.UNSURE, "Look."), at=NOON + days * DAY)
    assert not CheckedLink.objects.dead().exists()


def test_no_more_than_two_requests_go_to_a_host_at_a_time() -> None:
    for number in range(7):
        new_link(f"https://a.example.org/{number}")
    new_link("https://b.example.org/")
    lanes = checking._lanes(CheckedLink.objects.all())
    hosts = [{link.address.split("/")[2] for link in lane} for lane in lanes]
    assert hosts.count({"a.example.org"}) == checking.AT_A_TIME_PER_HOST
    assert hosts.count({"b.example.org"}) == 1
    assert sum(map(len, lanes)) == 8


def test_an_address_that_is_none_does_not_stop_the_run() -> None:
    page = make_resource()
    ResourcePage.objects.filter(pk=page.pk).update(address="https://[::1/")
    call_command("check_links", stdout=StringIO())
    assert CheckedLink.objects.get().status == "It is not a valid address."


def test_a_fault_of_the_checker_itself_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Asker, "ask", lambda self, address: 1 / 0)
    link_to("https://a.example.org/")
    with pytest.raises(ZeroDivisionError):
        run()


def test_a_link_without_a_verdict_cannot_be_called_asked() -> None:
    with pytest.raises(Exception, match="checked_link_has_a_verdict_once_asked"):
        CheckedLink.objects.create(address="x", checked_at=NOON)
