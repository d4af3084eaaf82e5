"""A link in a block leads to exactly one place, on this site or with https."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from wagtail.blocks import StructBlockValidationError
from wagtail.models import Page, Site

from learning_hub.blocks.links import LinkBlock
from learning_hub.pages.models import InformationPage

pytestmark = pytest.mark.django_db


def cleaned(**parts: Any) -> Any:
    block = LinkBlock()
    return block.clean(block.to_python({"text": "Go", "page": None, "address": "", **parts}))


@pytest.mark.parametrize(
    "address", ["/", "/my/", "/search/?sort=newest&q=a", "https://example.org", "https://a.org/b?c"]
)
def test_an_address_of_this_site_or_with_https_is_taken(address: str) -> None:
    assert cleaned(address=address)["address"] == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "my/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "http://example.org",
        "javascript:alert(1)",
        "https://",
        "/a b",
        "data:text/html,x",
    ],
)
def test_an_address_that_leads_astray_is_refused(address: str) -> None:
    with pytest.raises(StructBlockValidationError):
        cleaned(address=address)


def test_a_page_and_an_address_at_once_are_refused() -> None:
    with pytest.raises(StructBlockValidationError):
        cleaned(page=Page.objects.get(depth=2).pk, address="/my/")


def test_a_link_follows_its_page_and_disappears_with_it() -> None:
    home = Site.objects.get(is_default_site=True).root_page
    page = home.add_child(instance=InformationPage(title="About", slug="about"))
    value = cleaned(page=page.pk)
    assert 'href="/about/"' in render_to_string("blocks/link.html", {"value": value})
    page.unpublish()
    value = cleaned(page=page.pk)
    assert "href" not in render_to_string("blocks/link.html", {"value": value})
