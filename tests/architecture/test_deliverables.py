"""What the project hands to a stranger: locks, read-me, templates and assets."""

from __future__ import annotations

import re
import tomllib

from tests.architecture.sources import ROOT, name

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ADDRESS = re.compile(r"https?://|//[a-z0-9.-]+\.[a-z]{2,}/")


def test_locks_pin_every_package_with_a_hash_and_no_address() -> None:
    assert [lock.name for lock in LOCKS] == ["base.lock", "dev.lock", "object-storage.lock"]
    for lock in LOCKS:
        text = lock.read_text()
        assert not ADDRESS.search(text), name(lock)
        packages = re.findall(r"^([A-Za-z0-9._-]+)==", text, flags=re.MULTILINE)
        blocks = re.split(r"^(?=[A-Za-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
        assert len(packages) == len(blocks) > 10
        assert all("--hash=sha256:" in block for block in blocks), name(lock)


def test_locks_agree_with_each_other() -> None:
    pins = [
        dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock.read_text(), flags=re.MULTILINE))
        for lock in LOCKS
    ]
    assert {package: pins[1].get(package) for package in pins[0]} == pins[0]


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    reasons = (ROOT / "docs/decisions/0006-dependencies.md").read_text().lower()
    names = [re.split(r"[\[><=~]", requirement)[0].lower() for requirement in wanted]
    assert [package for package in names if f"`{package}`" not in reasons] == []


def test_the_readme_starts_with_the_two_commands_and_stays_short() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) <= 120
    opening = "\n".join(lines[:12])
    assert "make demo" in opening
    assert "make test" in opening


def test_no_template_carries_script_or_style_of_its_own() -> None:
    """The content security policy would refuse it: behaviour and looks live in static files."""
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)", re.IGNORECASE)
    found = [
        f"{name(path)}: {match.group()}"
        for path in TEMPLATES
        for match in inline.finditer(path.read_text())
    ]
    assert found == []


def test_no_template_or_asset_calls_another_origin() -> None:
    loads = re.compile(
        r"(?:src|srcset)=\"(?:https?:)?//|url\(['\"]?(?:https?:)?//|@import|import\("
    )
    assets = [*TEMPLATES, *(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.js")]
    assert [name(path) for path in assets if loads.search(path.read_text())] == []


def test_no_address_of_a_package_registry_is_named() -> None:
    hosts = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|repo1?\.maven", re.IGNORECASE)
    this_file = "test_deliverables.py"
    named = [
        name(path)
        for pattern in ("*.md", "*.toml", "*.lock", "Makefile", "*.py", ".ci/*")
        for path in ROOT.glob(f"**/{pattern}" if pattern.startswith("*") else pattern)
        if not {".venv", "var", ".git"} & set(path.parts)
        and path.name != this_file
        and hosts.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert named == []
