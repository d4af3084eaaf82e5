"""`pytest --without-axe`: what axe says of a page depends on no database and no search server."""

from __future__ import annotations

import pytest

OPTION = "--without-axe"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option; it takes most of the time from the tests in a browser."""
    parser.addoption(OPTION, action="store_true", help="do not show pages to axe")
