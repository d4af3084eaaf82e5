"""What search is told about a case study."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from case_studies import tidier
from case_studies.classification import Terms, facet_values, names, terms_of
from case_studies.facets import KIND
from case_studies.models import CaseStudyPage
from learning_hub.blocks.plain_text import body_text, plain
from learning_hub.pages.models import NEVER_PUBLISHED
from learning_hub.pages.visibility import all_restrictions, audience_of
from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.vocabulary import Vocabularies
from search.contract import SearchDocument
from search.excerpts import BETWEEN_NAMES
from search.page_source import PageSource

# In the order of the page, so that an excerpt starts with what was wrong.
NARRATIVES = ("problem", "baseline", *tidier.FIELDS, "lessons")


class CaseStudySource(PageSource[CaseStudyPage]):
    """Gives search the documents of case studies."""

    kind = KIND
    label = "Case studies"
    model = CaseStudyPage

    def documents(self, ids: Sequence[int]) -> Mapping[int, SearchDocument]:
        """The documents of those of `ids` that anyone may find; one query for all their terms."""
        restrictions = all_restrictions()
        studies = list(
            CaseStudyPage.objects.live()
            .filter(pk__in=ids)
            .select_related("evidence_level")
            .prefetch_related("needs", "outcomes", "reach", "kit_files__document", "adoptions")
        )
        vocabularies = vocabulary.current()
        terms = terms_of(studies, vocabularies)
        return {
            study.pk: _document(study, terms[study.pk], audience, vocabularies)
            for study in studies
            if (audience := audience_of(study, restrictions))
        }


def _document(
    study: CaseStudyPage, terms: Terms, audience: frozenset[str], vocabularies: Vocabularies
) -> SearchDocument:
    filed_under = BETWEEN_NAMES.join(("", *names(terms, vocabularies), ""))
    return SearchDocument(
        id=study.pk,
        kind=KIND,
        title=study.title,
        summary=study.one_line_result,
        body="\n".join(filter(None, (*_body(study), filed_under))),
        facets=facet_values(study, terms),
        audience=audience,
        published_at=study.first_published_at or study.last_published_at or NEVER_PUBLISHED,
        rank=study.evidence_level.strength if study.evidence_level else 0,
        expires_at=study.expire_at,
    )


def _body(study: CaseStudyPage) -> Iterator[str]:
    """Every text of the study but its title and result."""
    for narrative in NARRATIVES:
        yield plain(getattr(study, narrative))
    yield body_text(study.body)
    for adoption in study.adoptions.all():
        yield _sentence(adoption.organisation, adoption.what_changed)
    for file in study.kit_files.all():
        yield _sentence(file.document.title, file.description)
    yield _sentence(*(outcome.measure for outcome in study.outcomes.all()))
    yield _sentence(*(reach.group for reach in study.reach.all()))
    yield _sentence(study.organisation, study.funding_source, study.contact_role)
    yield _sentence(*(need.name for need in study.needs.all()))


def _sentence(*parts: str) -> str:
    """Short texts with a full stop after each, so that an excerpt of them can be read."""
    return " ".join(
        part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part
    )
