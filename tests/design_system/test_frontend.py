"""The design system's stylesheet, and what browsers are told a page may load."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from learning_hub.design_system.management.commands import build_frontend
from learning_hub.design_system.management.commands.build_frontend import without_outside_fonts


def test_the_stylesheet_is_taken_from_its_package_and_calls_nobody(
    settings: object, tmp_path: Path
) -> None:
    settings.FRONTEND_BUILD_DIR = tmp_path
    call_command("build_frontend", verbosity=0)
    styles = (tmp_path / "vendor" / "nhsuk-frontend.min.css").read_text()
    assert ".nhsuk-button{" in styles
    assert "@font-face" not in styles
    assert "Frutiger" not in styles
    assert "//" not in styles.replace("http://www.w3.org/2000/svg", "")


def test_a_stylesheet_that_still_calls_another_origin_is_refused() -> None:
    with pytest.raises(ValueError, match="another origin"):
        without_outside_fonts("a{background:url(https://assets.example/x.png)}")
    with pytest.raises(ValueError, match="another origin"):
        without_outside_fonts('@import "//assets.example/x.css";')


def test_a_package_without_its_stylesheet_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(build_frontend, "PACKAGE_STYLES", "static/wagtailnhsukfrontend/nothing")
    with pytest.raises(CommandError, match="Expected one"):
        call_command("build_frontend", verbosity=0)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/nothing-here/", "/case-studies/"])
def test_public_pages_allow_no_inline_script_or_style(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == (404 if "nothing" in address else 200)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    page = response.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert "<script>" not in page


@pytest.mark.django_db
def test_the_admin_allows_what_wagtail_needs(client: Client) -> None:
    response = client.get("/admin/")
    assert response.status_code == 302
    assert "'unsafe-inline'" in response.headers["Content-Security-Policy"]
    assert response.headers["Permissions-Policy"].startswith("camera=()")
