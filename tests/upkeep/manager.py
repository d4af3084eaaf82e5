"""Has a process of a site run its commands, one after another."""

from __future__ import annotations

import json
from typing import Any

from tests.durability.site import Site
from tests.durability.warm import PIPE


class Manager:
    """Runs commands on a site, in one process; see `tests.upkeep.obeying`."""

    def __init__(self, site: Site) -> None:
        self._process = site.start("tests.upkeep.obeying", stdin=PIPE, stdout=PIPE)

    def done(self, *arguments: str) -> str:
        """What a command prints that must succeed."""
        answer = self.ask("manage", *arguments)
        assert list(answer) == ["done"], answer
        return str(answer["done"])

    def refused(self, *arguments: str) -> str:
        """The one line of a command that must not succeed."""
        answer = self.ask("manage", *arguments)
        assert list(answer) == ["refused"], answer
        [line] = str(answer["refused"]).splitlines()
        return line

    def ask(self, *words: str) -> Any:
        """Its answer to a verb and words."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the process in good order, whose file is then whole by itself."""
        self._process.communicate()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
