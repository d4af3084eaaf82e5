"""What the programme published is found: each fact, by words that somebody would type."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client

from learning_hub.home.demo import trainees

FIRST = 5
LETTER = "/updates/training-recovery-update/"
SURGERY = "/guidance/maximising-training/"
FLEXIBLE = "/guidance/flexible-training/"
REPORT = "/resources/working-lives-2022/"
ENGLAND = "/regions/"


def region(slug: str) -> str:
    return f"/regions/{slug}/"


# What was published, the words that should find it, and the page that says so.
FACTS = [
    ("letter: £12 million to trusts", "£12 million for trusts", LETTER),
    ("letter: the question", "how can training recovery be achieved in practice", LETTER),
    ("letter: what it paid for", "what Directors of Medical Education did", LETTER),
    ("letter: needs and wellbeing", "funding trainee needs wellbeing recovery plans", LETTER),
    ("letter: drop-in sessions", "drop-in sessions with an educator", LETTER),
    ("letter: train the trainer", "training for trainers letter 2021", LETTER),
    ("letter: call for ideas", "send in your ideas", LETTER),
    ("letter: its author", "Sheona MacLeod", LETTER),
    ("letter: catching up and learning anew", "catch up on what was missed", LETTER),
    ("JCST: the guidance", "JCST guidance", SURGERY),
    ("JCST: the committee", "Joint Committee on Surgical Training", SURGERY),
    ("JCST: everyone's problem", "everyone's problem part of the solution", SURGERY),
    ("JCST: every case", "no case is not a training case", SURGERY),
    ("JCST: part of each operation", "trainee do at least part of any operation", SURGERY),
    ("JCST: more than operating", "training in all areas not just operative skills", SURGERY),
    ("JCST: the campaign", "#NoTrainingTodayNoSurgeonsTomorrow", SURGERY),
    ("JCST: the campaign in words", "no training today no surgeons tomorrow", SURGERY),
    ("report: its name", "working lives report 2022", REPORT),
    ("report: £26 million", "£26 million training recovery", REPORT),
    ("report: the syllabus", "first patient safety syllabus for the whole NHS", REPORT),
    ("report: recruitment", "recruitment technology statistical analysis", REPORT),
    ("report: equality", "equality diversity inclusion recruitment", REPORT),
    ("report: LTFT", "LTFT any reason", FLEXIBLE),
    ("report: 800 doctors", "800 doctors less than full time", FLEXIBLE),
    ("report: time out", "time out of programme", FLEXIBLE),
    ("report: outside experience", "experience outside a programme recognised", FLEXIBLE),
    ("regions: new staff", "31,000 new doctors nurses", ENGLAND),
    ("regions: supervision", "learners positive about clinical supervision", ENGLAND),
    ("regions: placements", "89% learners education on placements", ENGLAND),
    ("regions: primary care", "6,000 extra doctors primary care", ENGLAND),
    ("regions: 26,000", "26,000 extra professionals primary care", ENGLAND),
    ("regions: nurses", "50,000 additional nurses", ENGLAND),
    ("regions: critical care", "critical care 500 multimedia resources", region("london")),
    ("North West: programme", "North West People Programme", region("north-west")),
    ("North West: apprentices", "apprentices retention upskilling", region("north-west")),
    ("NE: providers", "20 new placement providers", region("north-east-and-yorkshire")),
    ("NE: growth", "26% growth in training", region("north-east-and-yorkshire")),
    ("Midlands: charter", "Midlands Charter", region("midlands")),
    ("Midlands: social care", "nursing associates social care", region("midlands")),
    ("East: masterclasses", "virtual masterclasses symposia", region("east-of-england")),
    ("East: network", "Psychological Professions Network", region("east-of-england")),
    ("South West: academy", "Endoscopy Training Academy", region("south-west")),
    ("South West: school", "Multi-professional Generalist School", region("south-west")),
    ("South West: faculty", "Faculty of Advancing Practice", region("south-west")),
    ("South East: virtual reality", "virtual reality medicine surgery", region("south-east")),
    ("South East: primary care", "primary care online simulation", region("south-east")),
    ("South East: perinatal", "perinatal mental health simulation", region("south-east")),
]


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.usefixtures("search_index")
def test_every_fact_is_found_among_the_first_five(
    client: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(trainees, "PEOPLE", 3)  # all of them take ten seconds
    call_command("demo", stdout=StringIO())
    places = {fact: (place(client, words, page), words) for fact, words, page in FACTS}
    print(f"{len(FACTS)} facts; first: {sum(rank == 1 for rank, _ in places.values())}")
    assert {fact: found for fact, found in places.items() if found[0] > FIRST} == {}


def place(client: Client, words: str, page: str) -> int:
    """Where `page` stands among the results for `words`; 99 where it is not on their first page."""
    response = client.get("/search/", {"q": words})
    assert response.status_code == 200
    found = BeautifulSoup(response.content, "html.parser").select(".find-card h3 a")
    addresses = [link["href"] for link in found]
    return addresses.index(page) + 1 if page in addresses else 99
