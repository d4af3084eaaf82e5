"""Imports rows as studies: new ones, new revisions, or nothing where nothing changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published

from case_studies.exchange.cells import Vocabularies
from case_studies.exchange.checks import Checked, Problem, check_rows
from case_studies.exchange.planning import UNCHANGED, Planner, Step
from case_studies.exchange.progress import Progress, silent
from case_studies.exchange.records import put
from case_studies.exchange.sheets import SheetRow
from case_studies.models import CaseStudyIndexPage, CaseStudyPage
from learning_hub.accounts.models import User


@dataclass(frozen=True)
class Options:
    """How an import behaves: `draft` publishes nothing, `dry_run` changes nothing at all."""

    draft: bool = False
    keep_good_rows: bool = False
    dry_run: bool = False


@dataclass
class Report:
    """What an import did, or would have done: rows by what became of them, and every problem.

    `imported` says whether anything was allowed to change; `kept_offline` counts studies that
    stay unpublished because somebody unpublished them.
    """

    rows: int
    problems: list[Problem] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    kept_offline: int = 0
    imported: bool = False


def import_studies(
    *,
    library: CaseStudyIndexPage,
    rows: Sequence[SheetRow],
    options: Options | None = None,
    user: User | None = None,
    progress: Progress = silent,
) -> Report:
    """Import `rows` into `library` in one transaction: all of them, or none where one is wrong.

    With `keep_good_rows` the good ones are imported and the others are only reported.
    """
    options = options or Options()
    vocabularies = Vocabularies()
    checked = check_rows(rows, vocabularies)
    with transaction.atomic():
        steps = Planner(library, vocabularies, draft=options.draft).plan(checked, progress)
        if not options.dry_run and (options.keep_good_rows or not checked.problems):
            steps = _write(_Writer(library, vocabularies, user), steps, checked, progress)
            if checked.problems and not options.keep_good_rows:
                transaction.set_rollback(True)
    return Report(
        rows=len(rows),
        problems=checked.problems,
        outcomes=Counter(step.outcome for step in steps),
        kept_offline=sum(step.kept_offline for step in steps),
        imported=not options.dry_run and (options.keep_good_rows or not checked.problems),
    )


def _write(writer: _Writer, steps: list[Step], checked: Checked, progress: Progress) -> list[Step]:
    """Carry out the steps; what the models still refuse is noted. Returns the steps that held."""
    held = []
    for done, step in enumerate(steps, start=1):
        try:
            if step.outcome != UNCHANGED:
                with transaction.atomic():
                    writer.carry_out(step)
            held.append(step)
        except ValidationError as refusal:
            checked.refuse(_problems(step, refusal))
        progress("Imported", done, len(steps))
    return held


def _problems(step: Step, refusal: ValidationError) -> list[Problem]:
    by_field = getattr(refusal, "error_dict", None) and refusal.message_dict
    return [
        Problem(step.row.number, "" if column == NON_FIELD_ERRORS else column, " ".join(messages))
        for column, messages in (by_field or {NON_FIELD_ERRORS: refusal.messages}).items()
    ]


class _Writer:
    """Writes studies so that revisions, history and signals are as if an editor had done it.

    What refers to what is noted once a study rather than at each of its many saves.
    """

    def __init__(
        self, library: CaseStudyIndexPage, vocabularies: Vocabularies, user: User | None
    ) -> None:
        self.library = library
        self.vocabularies = vocabularies
        self.user = user

    def carry_out(self, step: Step) -> None:
        """Add or change a study. Raises ValidationError where the models refuse."""
        with disable_reference_index_auto_update():
            study = self._change(step) if step.study_id else self._add(step)
        ReferenceIndex.create_or_update_for_object(study)

    def _change(self, step: Step) -> CaseStudyPage:
        study = CaseStudyPage.objects.get(pk=step.study_id)
        if study.has_unpublished_changes:
            study = study.get_latest_revision_as_object()
        put(step.row.record, study, self.vocabularies)
        revision = study.save_revision(user=self.user, log_action=True, clean=step.publish)
        if step.publish:
            study.publish(revision, user=self.user)
        return study

    def _add(self, step: Step) -> CaseStudyPage:
        """Make the study as it will be, live or not, and then its first revision.

        Publishing the revision of a draft would write all of it a second time; Wagtail's own
        copying of pages takes this shorter way too.
        """
        now = timezone.now() if step.publish else None
        study = CaseStudyPage(
            owner=self.user,
            live=step.publish,
            has_unpublished_changes=not step.publish,
            first_published_at=now,
            last_published_at=now,
        )
        put(step.row.record, study, self.vocabularies)
        self.library.add_child(instance=study)
        revision = self._first_revision(study, published=step.publish)
        if step.publish:
            page_published.send(sender=CaseStudyPage, instance=study, revision=revision)
            log(instance=study, action="wagtail.publish", user=self.user, revision=revision)
        return study

    def _first_revision(self, study: CaseStudyPage, *, published: bool) -> Revision:
        """Give a study that was just saved its revision, without saving and checking it again."""
        revision = Revision.objects.create(
            content_object=study,
            base_content_type=study.get_base_content_type(),
            user=self.user,
            content=study.serializable_data(),
            object_str=str(study),
        )
        study.latest_revision = revision
        study.latest_revision_created_at = revision.created_at
        study.live_revision = revision if published else None
        Page.objects.filter(pk=study.pk).update(
            latest_revision=revision,
            latest_revision_created_at=revision.created_at,
            live_revision=study.live_revision,
        )
        return revision
