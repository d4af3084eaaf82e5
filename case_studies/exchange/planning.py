"""Compares checked rows with the library: which add a study, which change one, which do nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q
from django.utils.text import slugify

from case_studies.exchange.cells import Vocabularies, empty
from case_studies.exchange.checks import (
    Checked,
    CheckedRow,
    Problem,
    contradictions,
    lacking_to_publish,
)
from case_studies.exchange.columns import STUDY_COLUMNS, study_field
from case_studies.exchange.progress import Progress
from case_studies.exchange.records import Record, describe, identity, own_keys
from case_studies.models import CaseStudyIndexPage, CaseStudyPage
from learning_hub.blocks.outside_html import UncleanableHtml

BATCH = 100
ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"
TERM_COLUMNS = tuple(name for name in STUDY_COLUMNS if study_field(name).is_relation)


@dataclass(frozen=True)
class Step:
    """What is to be done for one row. `study_id` is None for a new study.

    `kept_offline`: somebody unpublished the study, so its change stays a draft.
    """

    row: CheckedRow
    outcome: str
    study_id: int | None = None
    publish: bool = False
    kept_offline: bool = False


class _Refused(Exception):
    """The row cannot be imported for these reasons."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems


class Planner:
    """Plans an import into `library`. Queries grow with batches of rows, not with rows."""

    def __init__(
        self, library: CaseStudyIndexPage, vocabularies: Vocabularies, *, draft: bool
    ) -> None:
        self.library = library
        self.vocabularies = vocabularies
        self.draft = draft

    def plan(self, checked: Checked, progress: Progress) -> list[Step]:
        """A step for every good row; rows that disagree with the library are refused."""
        self._reserve_slugs(checked.rows)
        steps: list[Step] = []
        problems: list[Problem] = []
        total = len(checked.rows)
        for done, batch in _batches(checked.rows):
            studies = _studies([row.record["external_id"] for row in batch])
            for row in batch:
                try:
                    steps.append(self._step(row, studies.get(row.record["external_id"])))
                except _Refused as refusal:
                    problems += refusal.problems
            progress("Compared", done, total)
        checked.refuse(problems)
        return steps

    def _step(self, row: CheckedRow, study: CaseStudyPage | None) -> Step:
        slug = row.record.get("slug")
        if slug and self._slugs.get(slug, "") not in ("", row.record["external_id"]):
            message = f"Another study has the address “{slug[:80]}”. Give another, or none."
            raise _Refused(Problem(row.number, "slug", message))
        if not slug:
            row.record.pop("slug", None)
        return self._change(row, study) if study else self._addition(row)

    def _addition(self, row: CheckedRow) -> Step:
        blank = {name: empty(study_field(name)) for name in STUDY_COLUMNS}
        wanted = {**blank, **row.record}
        self._refuse_contradictions(row, wanted, publish=not self.draft)
        self._refuse_retired(row, {})
        if not row.record.get("slug"):
            row.record["slug"] = self._new_slug(row.record)
        return Step(row, ADDED, publish=not self.draft)

    def _change(self, row: CheckedRow, study: CaseStudyPage) -> Step:
        try:
            before = describe(study)
            if study.live and _says(before, row.record):
                return Step(row, UNCHANGED, study.pk)
            if study.has_unpublished_changes:
                before = describe(study.get_latest_revision_as_object())
        except UncleanableHtml as error:
            message = f"What the study says now cannot be compared: {error}"
            raise _Refused(Problem(row.number, "", message)) from None
        withdrawn = not study.live and study.first_published_at is not None
        publish = not (self.draft or withdrawn)
        if not publish and _says(before, row.record):
            return Step(row, UNCHANGED, study.pk, kept_offline=withdrawn)
        self._refuse_what_an_editor_does(row, study)
        self._refuse_contradictions(row, {**before, **row.record}, publish=publish)
        self._refuse_retired(row, before)
        return Step(row, CHANGED, study.pk, publish=publish, kept_offline=withdrawn)

    def _refuse_what_an_editor_does(self, row: CheckedRow, study: CaseStudyPage) -> None:
        revision = study.latest_revision
        if study.locked:
            message = "The study is locked in the editor. Unlock it first."
            raise _Refused(Problem(row.number, "", message))
        if study.live and study.has_unpublished_changes and revision and revision.user_id:
            message = "An editor has changes that are not published. Publish or discard them first."
            raise _Refused(Problem(row.number, "", message))

    def _refuse_contradictions(self, row: CheckedRow, wanted: Record, *, publish: bool) -> None:
        problems = list(contradictions(row.number, wanted))
        if publish:
            problems += lacking_to_publish(row.number, wanted)
        if problems:
            raise _Refused(*problems)

    def _refuse_retired(self, row: CheckedRow, before: Record) -> None:
        """Refuse retired terms for a study that does not have them already."""
        problems = []
        for name in TERM_COLUMNS:
            names = self.vocabularies.of(study_field(name))
            had = _slugs(before.get(name))
            for slug in _slugs(row.record.get(name)):
                if slug not in had and names.is_retired(slug):
                    message = (
                        f"“{slug}” is retired and no longer offered. Choose another {names.of_one}."
                    )
                    problems.append(Problem(row.number, name, message))
        if problems:
            raise _Refused(*problems)

    def _reserve_slugs(self, rows: Sequence[CheckedRow]) -> None:
        """Learn which addresses are taken, by the library (two queries) and by rows of the file."""
        self._slugs: dict[str, str] = dict.fromkeys(
            self.library.get_children().values_list("slug", flat=True), "?"
        )
        studies = CaseStudyPage.objects.child_of(self.library)
        for study in studies.only("slug", "external_id", "translation_key").iterator():
            self._slugs[study.slug] = identity(study)
        for row in rows:
            if slug := row.record.get("slug"):
                self._slugs.setdefault(slug, row.record["external_id"])

    def _new_slug(self, record: Record) -> str:
        base = slugify(record["title"], allow_unicode=True)[:200].strip("-") or "case-study"
        slug, number = base, 1
        while slug in self._slugs:
            number += 1
            slug = f"{base}-{number}"
        self._slugs[slug] = record["external_id"]
        return slug


def _says(before: Record, record: Record) -> bool:
    """Whether a study with `before` says everything that `record` says."""
    return all(before[name] == value for name, value in record.items())


def _slugs(value: tuple[str, ...] | str | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value or ()


def _batches(rows: Sequence[CheckedRow]) -> Iterator[tuple[int, list[CheckedRow]]]:
    """Batches of rows, each with the number of rows up to its end."""
    remaining, done = iter(rows), 0
    while batch := list(islice(remaining, BATCH)):
        done += len(batch)
        yield done, batch


def _studies(external_ids: list[str]) -> dict[str, CaseStudyPage]:
    """The studies that have these ids, with all that a record needs, in so many queries."""
    known = Q(external_id__in=external_ids) | Q(
        external_id__isnull=True, translation_key__in=own_keys(external_ids)
    )
    studies = CaseStudyPage.objects.filter(known, alias_of__isnull=True)
    studies = studies.select_related("latest_revision").with_everything_shown()
    return {identity(study): study for study in studies}
