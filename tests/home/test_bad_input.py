"""No address of the site falls over hostile input, whatever the database makes of it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from itertools import cycle, product

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import Page

from tests.factories.accounts import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# What the parts of addresses and the parameters are filled with. As quoted: ED A0 80 is what a
# lone surrogate would be in UTF-8.
TEXTS = ("%00", "a%00b", "%ED%A0%80", "%FF", "%F0%9F%A6%84", "x" * 3000, "%25%27%22%5C")
NUMBERS = ("0", "-1", str(2**31), str(2**63), str(10**30), "9" * 3000)
KINDS = {"int": (*NUMBERS, "1"), "uuid": ("0" * 8 + "-0000-4000-8000-" + "0" * 12, "%00")}
PARAMETERS = (
    *("q", "page", "page_size", "sort", "year", "month", "when", "next", "study", "kind"),
    *("specialty", "region", "intervention", "stage", "capability", "impact", "evidence"),
    *("cost", "setting", "audience", "status", "body", "level", "type", "topic", "format"),
    *("term", "text", "token", "url", "key", "collection", "module", "reason", "about"),
)
LIMIT = 1  # second
LEFT_OUT = ("admin/",)  # its people are known, and it has tests of its own
GROUP = re.compile(r"\(\?P<\w+>[^()]*\)")
PART = re.compile(r"<(?:(\w+):)?\w+>")


def patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every pattern below `resolver`, whole."""
    for each in resolver.url_patterns:
        here = before + str(each.pattern)
        if here.startswith(LEFT_OUT):
            continue
        if isinstance(each, URLPattern):
            yield here
        else:
            yield from patterns(each, here)


def addresses() -> Iterator[str]:
    """Every address with each of its parts hostile, and every page with something hostile below."""
    for pattern in patterns(get_resolver()):
        plain = GROUP.sub("<str:part>", pattern).translate(str.maketrans("", "", "^$\\?"))
        choices = [KINDS.get(kind, (*TEXTS, *NUMBERS)) for kind in PART.findall(plain)]
        for number in range(max(map(len, choices), default=1)):
            values = [each[number % len(each)] for each in choices]
            yield "/" + PART.sub("{}", plain).format(*values)
    for page in pages():
        yield from (f"{page}{text}/" for text in TEXTS[1:4])


def pages() -> list[str]:
    """The pages that migrations plant: an index of each room, and what is said about the site."""
    live = Page.objects.live().filter(depth__gte=2)
    return [address for address in (page.get_url() for page in live) if address]


def queries() -> list[str]:
    """All parameters at once, each with one hostile text after another, so that a run is short."""
    texts = [*TEXTS, *NUMBERS]
    rounds = [zip(PARAMETERS, cycle(texts[n:] + texts[:n]), strict=False) for n in (0, 1, 7)]
    once = ["&".join(f"{name}={text}" for name, text in each) for each in rounds]
    often = "&".join(f"{name}={n}" for name, n in product(PARAMETERS, range(20)))
    return [*once, f"{often}&%00=1&%ED%A0%80=1&=&&;"]


def ask(client: Client, address: str, **headers: str) -> None:
    """Fail unless the answer is a clear one, in good time."""
    started = time.process_time()  # its own, however much else this machine does
    path, _, query = address.partition("?")
    answer = client.get(path, QUERY_STRING=query, **headers)
    seconds = time.process_time() - started
    assert answer.status_code < 500, f"{answer.status_code} from {address[:200]}"
    assert seconds < LIMIT, f"{seconds:.1f} s for {address[:200]}"


@pytest.fixture
def anyone(search_index: object) -> Client:
    """Somebody signed in, whom every view lets come as far as its own reading of what she sent."""
    client = Client(raise_request_exception=False)
    client.force_login(make_person(), backend="django.contrib.auth.backends.ModelBackend")
    client.get("/search/")  # makes the index
    return client


def refused(client: Client, asked: Iterable[str]) -> list[str]:
    """What went wrong with those that were not answered as they should be."""
    problems = []
    for address in asked:
        try:
            ask(client, address)
        except AssertionError as problem:
            problems.append(str(problem).splitlines()[0])
    return problems


def test_hostile_addresses_are_answered(anyone: Client) -> None:
    assert refused(anyone, addresses()) == []


def test_hostile_parameters_are_answered(anyone: Client) -> None:
    fixed = ["/" + each for each in patterns(get_resolver()) if not re.search(r"[<(^]", each)]
    asked = product([*pages(), *fixed], queries())
    assert refused(anyone, (f"{address}?{query}" for address, query in asked)) == []


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages"])
@pytest.mark.parametrize("value", [r'"\000abcdefghij"', r'"abc\000defghij"', "x" * 3000])
def test_a_hostile_cookie_is_answered(client: Client, name: str, value: str) -> None:
    client.raise_request_exception = False
    ask(client, "/accounts/login/", HTTP_COOKIE=f"{name}={value}")
    ask(client, "/my/", HTTP_COOKIE=f"{name}={value}")
