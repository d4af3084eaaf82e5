"""The house rules: sizes, first lines, rooms, names."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.architecture.sources import PACKAGES, ROOT, functions, lines_like, name, python_files

LONGEST_FUNCTION = 40
LONGEST_FILE = 400
ROOMLESS_NAMES = {"utils.py", "helpers.py", "services.py", "common.py", "core.py", "misc.py"}
# What a page answers at once, even while the rest of it is still on its way.
HASTY = re.compile(
    r"^\s*assert .*\.(is_(visible|hidden|enabled|disabled|checked|editable)|title|input_value"
    r"|inner_text|inner_html|text_content|get_attribute|all_inner_texts|all_text_contents)\("
    r"|^\s*assert .*\b(locator|get_by_\w+)\(.*\.count\("
)


def test_no_function_is_longer_than_forty_lines() -> None:
    too_long = [
        f"{name(path)}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for path in python_files(*PACKAGES, "tests")
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    too_long = [
        f"{name(path)}: {lines} lines"
        for path in python_files(*PACKAGES, "tests")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    assert too_long == []


def test_every_module_says_in_its_first_line_why_it_exists() -> None:
    silent = [
        name(path)
        for path in python_files(*PACKAGES)
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_every_public_class_and_function_says_what_it_is_for() -> None:
    silent = []
    for path in python_files(*PACKAGES):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef)
            if named and not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{name(path)}:{node.lineno} {node.name}")
    assert silent == []


def test_no_file_has_a_name_that_could_hold_anything() -> None:
    assert [name(path) for path in python_files(*PACKAGES) if path.name in ROOMLESS_NAMES] == []


def test_nothing_is_left_unfinished() -> None:
    marker = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b|assert True\b")
    this_file = ROOT / "tests/architecture/test_house.py"
    others = (path for path in python_files(*PACKAGES, "tests") if path != this_file)
    assert lines_like(marker, others) == []


def test_no_test_in_a_browser_judges_a_page_that_is_still_on_its_way() -> None:
    """`expect` looks again until it is so; a plain assertion sees half a page, once in a while."""
    assert lines_like(HASTY, python_files("tests/browser")) == []


@pytest.mark.slow
def test_the_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
