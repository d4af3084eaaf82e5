"""The Atom feed: valid, for any search, and read twice only where it changed."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.case_studies import make_case_study, make_library

ATOM = "{http://www.w3.org/2005/Atom}"
pytestmark = pytest.mark.usefixtures("db", "search_index")


def read(client: Client, address: str = "") -> ElementTree.Element:
    response = client.get(f"/case-studies/feed/{address}")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def entries(feed: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") or "" for entry in feed.iter(f"{ATOM}entry")]


def links(element: ElementTree.Element) -> dict[str, str]:
    return {link.get("rel", ""): link.get("href", "") for link in element.findall(f"{ATOM}link")}


def test_a_feed_says_what_atom_asks_of_it(client: Client) -> None:
    published = timezone.now() - dt.timedelta(days=3)
    make_case_study(
        "Simulated lists <&>",
        one_line_result="Waiting < 3 weeks",
        first_published_at=published,
        last_published_at=published,
    )
    feed = read(client, "?region=north-west")
    assert feed.findtext(f"{ATOM}title") == "1 case study in the North West – Learning Hub"
    assert feed.findtext(f"{ATOM}id")
    assert feed.findtext(f"{ATOM}updated") == published.isoformat()
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Learning Hub"
    assert links(feed) == {
        "self": "http://testserver/case-studies/feed/?region=north-west",
        "alternate": "http://testserver/case-studies/?region=north-west",
    }
    entry = feed.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Simulated lists <&>"
    assert entry.findtext(f"{ATOM}id").startswith("urn:uuid:")
    assert entry.findtext(f"{ATOM}updated") == published.isoformat()
    assert entry.findtext(f"{ATOM}author/{ATOM}name").endswith("(fictional)")
    assert links(entry) == {"alternate": "http://testserver/case-studies/simulated-lists/"}
    summary = entry.find(f"{ATOM}summary")
    assert (summary.get("type"), summary.text) == ("html", "Waiting &lt; 3 weeks")


def test_the_newest_come_first_unless_another_order_is_asked_for(client: Client) -> None:
    now = timezone.now()
    for days, title in enumerate(["B newest", "C middle", "A oldest"]):
        make_case_study(title, first_published_at=now - dt.timedelta(days=days))
    assert entries(read(client)) == ["B newest", "C middle", "A oldest"]
    assert entries(read(client, "?sort=title")) == ["A oldest", "B newest", "C middle"]


def test_a_feed_takes_the_same_parameters_as_the_page(client: Client) -> None:
    make_case_study("Simulated lists")
    make_case_study("Saturday lists", regions=["london"])
    assert entries(read(client, "?region=london")) == ["Saturday lists"]
    assert entries(read(client, "?q=saturday")) == ["Saturday lists"]
    feed = read(client, "?region=atlantis")
    assert "atlantis" in feed.findtext(f"{ATOM}subtitle")


def test_an_empty_feed_is_valid_and_does_not_change(client: Client) -> None:
    make_library()
    feed = read(client)
    assert entries(feed) == []
    assert feed.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"


def test_a_reader_who_has_the_feed_is_told_so(client: Client) -> None:
    study = make_case_study("Simulated lists")
    first = client.get("/case-studies/feed/")
    assert first.status_code == 200
    tag = first.headers["ETag"]
    again = client.get("/case-studies/feed/", headers={"if-none-match": tag})
    assert again.status_code == 304
    assert again.content == b""
    study.title = "Simulated operating lists"
    study.save_revision().publish()
    changed = client.get("/case-studies/feed/", headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert "Simulated operating lists" in changed.content.decode()


def test_a_compressed_feed_can_be_asked_for_again(client: Client) -> None:
    make_case_study("Simulated lists")
    packed = {"accept-encoding": "gzip"}
    first = client.get("/case-studies/feed/", headers=packed)
    assert first.status_code == 200
    tag = first.headers["ETag"]
    again = client.get("/case-studies/feed/", headers={**packed, "if-none-match": tag})
    assert again.status_code == 304


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/case-studies/feed/").status_code == 405


@pytest.mark.parametrize("text", ["%01%0b%1f", "%ef%bf%be", "%ed%a0%80", "%00"])
def test_what_xml_cannot_hold_is_left_out(client: Client, text: str) -> None:
    make_case_study("Simulated lists")
    read(client, f"?q={text}&region={text}")
