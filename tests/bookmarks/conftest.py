"""Two people: Alice, whose bookmarks these are, and Bob, who has none."""

from __future__ import annotations

import pytest
from django.test import Client

from learning_hub.accounts.models import User
from tests.factories.accounts import make_person

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def alice(db: None) -> User:
    user = make_person("alice@example.org")
    user.first_name, user.last_name = "Alice", "Adams"
    user.save()
    return user


@pytest.fixture
def bob(db: None) -> User:
    return make_person("bob@example.org")


@pytest.fixture
def hers(client: Client, alice: User) -> Client:
    """Alice's browser."""
    client.force_login(alice, backend=BACKEND)
    return client


@pytest.fixture
def his(bob: User) -> Client:
    """Bob's browser."""
    browser = Client()
    browser.force_login(bob, backend=BACKEND)
    return browser
