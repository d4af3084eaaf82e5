"""Runs one command of a site after another: starting a process takes longer than most of them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import django
from django.core.management import CommandError, call_command
from django.db import connections

if __name__ == "__main__":
    django.setup()

from tests.upkeep import bucket
from tests.upkeep.furnish import furnish
from tests.upkeep.testimony import testimony, values


def manage(*arguments: str) -> dict[str, str]:
    """What a command prints, or the error that it ends with."""
    with redirect_stdout(StringIO()) as said:
        try:
            call_command(*arguments)
        except CommandError as problem:
            return {"refused": str(problem)}
    return {"done": said.getvalue()}


def begin(*arguments: str) -> int:
    """Run a command in a process of its own; its number."""
    connections.close_all()
    if number := os.fork():
        return number
    try:
        manage(*arguments)
    finally:
        os._exit(0)


def ended(number: str) -> int:
    """How a process of ours ended, once it has."""
    return os.waitpid(int(number), 0)[1]


VERBS: dict[str, Callable[..., Any]] = {
    "manage": manage,
    "begin": begin,
    "ended": ended,
    "furnish": lambda: str(furnish()),
    "testimony": testimony,
    "values": values,
    "stored": bucket.stored,
    "spoil": bucket.spoil,
}


def obey() -> None:
    """Answer each line of standard input: a verb and its words."""
    answers = sys.stdout
    for line in sys.stdin:
        verb, *words = json.loads(line)
        print(json.dumps(VERBS[verb](*words)), file=answers, flush=True)


if __name__ == "__main__":
    bucket.open_where_named()
    obey()
