"""A trainee's browser in a test: sends forms, and sends them again until it gets an answer."""

from __future__ import annotations

import http.client
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.durability.ledger import Fact, fact

CSRF = "a" * 32
PATIENCE = 90
QUESTION = re.compile(r"/learning/attempts/([0-9a-f-]{36})/(\d+)/")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: str


@dataclass
class Visitor:
    """One signed-in trainee. `acknowledged` grows with every form that got its answer."""

    port: int
    session: str
    acknowledged: list[Fact] = field(default_factory=list)
    unanswered: int = 0

    def get(self, path: str) -> Answer:
        """A page. Asks until there is an answer."""
        return self._until_answered("GET", path, "")

    def post(self, path: str, **fields: Any) -> Answer:
        """Send a form, the same one until there is an answer: with the same key."""
        return self._until_answered("POST", path, urlencode(fields, doseq=True))

    def step(self, path: str, *kinds: str, **fields: Any) -> Answer:
        """Send a form that makes a record of each of `kinds`, and note its acknowledgement."""
        key = uuid.uuid4()
        answer = self.post(path, key=key, **fields)
        assert answer.status == 302, (path, answer)
        self.acknowledged += [fact(kind, key) for kind in kinds]
        return answer

    def begin(self, module: str, lessons: list[str]) -> str:
        """Start the module, read it, begin the assessment: the attempt's id."""
        self.step(f"/learning/modules/{module}/start/", "enrolment")
        for lesson in lessons:
            assert self.post(f"/learning/lessons/{lesson}/read/").status == 302
        begun = self.step(f"/learning/modules/{module}/assessment/", "attempt")
        found = QUESTION.search(begun.location)
        assert found, begun
        return found[1]

    def answer_all(self, attempt: str) -> None:
        """Answer every question rightly: the first option of true and false."""
        path: str | None = f"/learning/attempts/{attempt}/1/"
        while path and QUESTION.search(path):
            page = self.get(path)
            option = re.search(r'<input[^>]*name="chosen"[^>]*value="([^"]+)"', page.body)
            assert option, page
            path = self.step(path, "answer", chosen=option[1]).location

    def submit(self, attempt: str) -> Answer:
        """Hand in, passing."""
        path = f"/learning/attempts/{attempt}/submit/"
        return self.step(path, "submission", "completion", "certificate")

    def _until_answered(self, method: str, path: str, body: str) -> Answer:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                return self._once(method, path, body)
            except (OSError, http.client.HTTPException):
                self.unanswered += 1
                time.sleep(0.02)
        raise AssertionError(f"no answer to {method} {path}")

    def _once(self, method: str, path: str, body: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(
                method,
                path,
                body,
                {
                    "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
                    "X-CSRFToken": CSRF,
                    "Content-Type": "application/x-www-form-urlencoded",
                },
            )
            answer = connection.getresponse()
            text = answer.read().decode()
            return Answer(answer.status, answer.getheader("Location", ""), text)
        finally:
            connection.close()
