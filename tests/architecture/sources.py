"""The project's own files, as the architecture tests read them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("learning_hub", "case_studies", "syllabus", "search")


def python_files(*folders: str) -> Iterator[Path]:
    """Every module below `folders` that people write; migrations are made by a command."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method in a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name(path: Path) -> str:
    """The path as someone in the project would write it."""
    return str(path.relative_to(ROOT))


def lines_like(pattern: re.Pattern[str], paths: Iterable[Path]) -> list[str]:
    """Each line in which the pattern is found, after its place: `folder/file.py:3 the line`."""
    return [
        f"{name(path)}:{number} {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]
