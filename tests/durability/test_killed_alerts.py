"""Sending alerts is killed at any moment: each new study is told once, to those it matches."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.case_studies.alerts.mail_server import Letter, MailServer, mail_server
from tests.durability.site import ROOT, Site
from tests.durability.warm import PIPE, Started

SUBSCRIBERS = 10_000
MOST_KILLS = 25
# At the least, a run is killed before its first query; at the most, while it sends.
SECONDS_TO_LIVE = (0.02, 3)


@pytest.fixture
def post() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def environment(post: MailServer) -> dict[str, str]:
    """What the processes of a site are started with, so that its mail goes to `post`."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.durability.alerts_site_settings",
        "HUB_TEST_MAIL_PORT": str(post.port),
    }


@pytest.fixture
def site(tmp_path: Path, migrated: Path, post: MailServer) -> Site:
    """A site of its own, whose mail goes to `post`."""
    made = Site(tmp_path, extra=environment(post))
    shutil.copy(migrated, made.database)
    return made


def start(site: Site) -> Started:
    """The real command, as a process of its own."""
    return site.start("django", "send_alerts", stdout=PIPE)


def killed_until_done(site: Site, post: MailServer) -> int:
    """Run the command until it is done, killing it at random moments; how many kills."""
    chance, kills = random.Random(), 0
    while True:
        run = start(site)
        try:
            run.wait(chance.uniform(*SECONDS_TO_LIVE) if kills < MOST_KILLS else 600)
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
            kills += 1
            continue
        assert run.returncode == 0
        return kills


def wanted(stage: dict[str, Any]) -> dict[str, set[str]]:
    """Every address with the titles that it should be told, by looking at each pair."""
    told: dict[str, set[str]] = {}
    for alert in stage["alerts"]:
        if alert["hours"] is not None:
            titles = {each["title"] for each in stage["studies"] if fits(each, alert)}
            told.setdefault(alert["email"], set()).update(titles)
    return {email: titles for email, titles in told.items() if titles}


def fits(study: dict[str, Any], alert: dict[str, Any]) -> bool:
    """Whether an alert should tell a study: the rule, written once more."""
    is_new = study["hours"] <= alert["hours"]
    says_so = alert["word"] in ("", study["word"])
    is_filed = all(set(values) & set(study["terms"][key]) for key, values in alert["terms"].items())
    return is_new and says_so and is_filed and not study["closed"]


def once_each(letters: list[Letter]) -> list[Letter]:
    """The letters as a mailbox that knows their names keeps them."""
    return list({letter.name: letter for letter in reversed(letters)}.values())


def test_a_killed_command_loses_and_doubles_nothing(site: Site, post: MailServer) -> None:
    began, seed = time.monotonic(), random.randrange(10**6)
    stage = json.loads(site.run("tests.durability.alerts_stage", str(SUBSCRIBERS), str(seed)))
    staged = time.monotonic() - began
    kills = killed_until_done(site, post)
    letters = once_each(post.letters)
    told = Counter((letter.recipient, title) for letter in letters for title in letter.titles)
    due = {(email, title) for email, titles in wanted(stage).items() for title in titles}
    doubled = len(post.letters) - len(letters)
    lost, unmatched = due - told.keys(), told.keys() - due
    twice = [pair for pair, times in told.items() if times > 1]
    print(
        f"\nseed {seed}: {SUBSCRIBERS:,} subscribers, {stage['rows']:,} alerts, "
        f"{len(letters):,} messages telling {len(due):,} studies, {kills} kills, "
        f"{doubled} messages received twice under the same Message-ID, {len(lost)} lost, "
        f"{len(unmatched)} unmatched, {len(twice)} told twice; "
        f"{staged:.0f} s to set up, {time.monotonic() - began:.0f} s in all"
    )
    assert kills
    assert doubled <= kills
    assert (lost, unmatched, twice) == (set(), set(), [])
    assert list(site.rows("SELECT 1 FROM alerts_digest WHERE sent_at IS NULL")) == []
    assert len(list(site.rows("SELECT 1 FROM alerts_digest"))) == len(letters)


def test_two_commands_at_once_double_nothing(site: Site, post: MailServer) -> None:
    assert_commands_at_once_double_nothing(site, post)


def test_two_commands_at_once_double_nothing_on_postgresql(
    site_on_postgres: Site, post: MailServer
) -> None:
    site = replace(site_on_postgres, extra=environment(post))
    assert_commands_at_once_double_nothing(site, post)


def assert_commands_at_once_double_nothing(site: Site, post: MailServer) -> None:
    stage = json.loads(site.run("tests.durability.alerts_stage", "300", "7"))
    runs = [start(site) for _ in range(3)]
    printed = [run.communicate(timeout=300)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0]
    told = Counter((letter.recipient, title) for letter in post.letters for title in letter.titles)
    assert {email for email, _ in told} == wanted(stage).keys()
    assert set(told.values()) == {1}
    assert sum("Another run is sending alerts." in each for each in printed) >= 1


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
def test_a_command_that_is_asked_to_stop_leaves_nothing_in_between(
    site: Site, post: MailServer
) -> None:
    site.run("tests.durability.alerts_stage", "3000", "11")
    run = subprocess.Popen(
        [sys.executable, "manage.py", "send_alerts"],
        cwd=ROOT,
        env=site.environment,
        stdout=PIPE,
        text=True,
    )
    while len(post.letters) < 20:
        assert run.poll() is None
        time.sleep(0.01)
    run.terminate()
    printed, _ = run.communicate(timeout=60)
    assert run.returncode == 0
    assert "Stopped when asked to." in printed
    sent = len(list(site.rows("SELECT 1 FROM alerts_digest WHERE sent_at IS NOT NULL")))
    assert sent == len(post.letters)
    assert list(site.rows("SELECT 1 FROM alerts_digest WHERE sent_at IS NULL")) != []
