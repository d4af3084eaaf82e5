"""The library as visitors open it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from learning_hub.accounts.models import User


@pytest.fixture
def open_library(db: None, search_index: Any, client: Client) -> Callable[..., BeautifulSoup]:
    """Open the library with an address after its path, as someone without a session."""

    def open_page(address: str = "") -> BeautifulSoup:
        response = client.get(f"/case-studies/{address}")
        assert response.status_code == 200
        return BeautifulSoup(response.content, "html.parser")

    return open_page


@pytest.fixture
def ask_api(db: None, search_index: Any, client: Client) -> Callable[..., dict[str, Any]]:
    """The API's answer to an address after its path."""

    def ask(address: str = "") -> dict[str, Any]:
        response = client.get(f"/api/v1/case-studies/{address}")
        assert response.status_code == 200
        return response.json()

    return ask


@pytest.fixture
def editor(client: Client) -> Client:
    """A browser in which an editor has signed in."""
    user = User.objects.create_superuser(email="editor@example.org", password="kept-for-tests")
    client.force_login(user)
    return client
