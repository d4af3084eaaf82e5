"""The shape of an answer to each kind of question, and whether it is right."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from syllabus.models.questions import QuestionKind
from syllabus.refusals import ResponseNotUnderstood

# A question on a paper, as `syllabus.drawing` makes it; a response is one of
#   {"chosen": [option key, …]}       single, multiple, true or false
#   {"order": [option key, …]}        ordering: every option once
#   {"pairs": {option key: match key}} matching: every option once
#   {"number": "12.5"}                numeric, as it was typed, with a full stop
Question = dict[str, Any]
Response = dict[str, Any]

MAX_DIGITS = 20
# No exponents: “1e-999999” is short, and a million digits long when written out.
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", re.ASCII)


def checked(question: Question, response: Any) -> Response:
    """`response` in its one way of writing. Raises ResponseNotUnderstood where it does not fit."""
    if not isinstance(response, dict):
        raise ResponseNotUnderstood("Answer the question.")
    keys = {option["key"] for option in question["options"]}
    kind = question["kind"]
    if kind == QuestionKind.NUMERIC:
        return {"number": _number(response.get("number"))}
    if kind == QuestionKind.ORDERING:
        return {"order": _order(response.get("order"), keys)}
    if kind == QuestionKind.MATCHING:
        return {"pairs": _pairs(response.get("pairs"), keys, question["matches"])}
    return {"chosen": _chosen(response.get("chosen"), question, kind)}


def is_correct(question: Question, response: Response | None) -> bool:
    """Whether a checked response is right. All or nothing: half an answer is a wrong one."""
    if response is None:
        return False
    answer = question["answer"]
    if question["kind"] == QuestionKind.NUMERIC:
        distance = abs(Decimal(response["number"]) - Decimal(answer["number"]))
        return distance <= Decimal(answer["tolerance"])
    return bool(response == answer)


def _chosen(value: Any, question: Question, kind: str) -> list[str]:
    keys = [option["key"] for option in question["options"]]
    if not isinstance(value, list) or not value or not all(key in keys for key in value):
        raise ResponseNotUnderstood("Choose one of the answers.")
    if kind != QuestionKind.MULTIPLE and len(value) != 1:
        raise ResponseNotUnderstood("Choose only one answer.")
    return sorted(set(value))


def _order(value: Any, keys: set[str]) -> list[str]:
    if not isinstance(value, list) or sorted(map(str, value)) != sorted(keys):
        raise ResponseNotUnderstood("Give each item a different place.")
    return [str(key) for key in value]


def _pairs(value: Any, keys: set[str], matches: list[dict[str, str]]) -> dict[str, str]:
    allowed = {match["key"] for match in matches}
    fits = isinstance(value, dict) and set(value) == keys
    if not fits or not all(isinstance(m, str) and m in allowed for m in value.values()):
        raise ResponseNotUnderstood("Choose a match for every item.")
    return dict(sorted(value.items()))


def _number(value: Any) -> str:
    """The number in plain digits: “1,000” is a thousand, “0,5” a half, “.50” too."""
    text = str(value or "").strip().replace("−", "-")
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not _PLAIN_NUMBER.fullmatch(text) or len(text) > MAX_DIGITS:
        raise ResponseNotUnderstood("Enter a number, such as 12.5.")
    number = Decimal(text.replace(",", ".")).normalize()
    if abs(number) >= Decimal(10) ** 12:
        raise ResponseNotUnderstood("Enter a number, such as 12.5.")
    return format(number, "f") if number else "0"
