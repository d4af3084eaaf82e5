"""Case studies: the library page and the study itself."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Revision
from wagtail.url_routing import RouteResult

from case_studies.editor import CASE_STUDY_TABS, CaseStudyForm, index_panels
from case_studies.library import listing_context
from case_studies.money import cost_band_for
from case_studies.old_revisions import without_what_was_deleted
from case_studies.publishing import refusal_of
from case_studies.reading import read_study
from case_studies.rows import Adoption, Design, KitFile, Outcome, Reach, RelatedStudy
from learning_hub.blocks.body import RUNNING_TEXT_FEATURES, BodyBlock
from learning_hub.blocks.outside_html import storable_running_text
from learning_hub.pages.models import HubPage, HubPageManager, HubPageQuerySet
from learning_hub.pages.refused_publication import NotReadyToPublish
from learning_hub.taxonomy.current_terms import replace_merged_terms

__all__ = [
    "Adoption",
    "CaseStudyIndexPage",
    "CaseStudyPage",
    "Design",
    "KitFile",
    "Outcome",
    "Reach",
    "RelatedStudy",
]


class Status(models.TextChoices):
    """Where the initiative stands."""

    RUNNING = "running", "Running now"
    COMPLETED = "completed", "Completed"
    STOPPED = "stopped", "Stopped early"


class DeliveryMethod(models.TextChoices):
    """How the training reached people."""

    VIRTUAL = "virtual", "Virtual"
    PHYSICAL = "physical", "Physical"
    HYBRID = "hybrid", "Hybrid"


class EffectSize(models.TextChoices):
    """How much changed; says nothing of how sure we can be, which is the evidence level."""

    LARGE = "large", "Large improvement"
    MODERATE = "moderate", "Moderate improvement"
    SMALL = "small", "Small improvement"
    NONE = "none", "No difference found"
    WORSE = "worse", "Worse than before"
    UNKNOWN = "unknown", "Not measured"


class Licence(models.TextChoices):
    """How others may use the study and its files."""

    OGL = "ogl-3.0", "Open Government Licence v3.0"
    CC_BY = "cc-by-4.0", "Creative Commons Attribution 4.0"
    CC_BY_NC = "cc-by-nc-4.0", "Creative Commons Attribution-NonCommercial 4.0"
    RESERVED = "reserved", "All rights reserved: ask before you use it"


def _narrative(label: str, help_text: str) -> RichTextField:
    return RichTextField(label, blank=True, features=RUNNING_TEXT_FEATURES, help_text=help_text)


class CaseStudyIndexPage(HubPage):
    """The library: every case study, found by words and facets."""

    introduction = models.TextField(
        blank=True, help_text="One or two sentences above the search box."
    )

    content_panels = index_panels(HubPage)
    promote_panels = [*HubPage.promote_panels, HubPage.review_panel]
    subpage_types = ["case_studies.CaseStudyPage"]
    max_count_per_parent = 1
    template = "pages/case_studies/case_study_index.html"

    class Meta:
        verbose_name = "case study library"
        verbose_name_plural = "case study libraries"

    def structured_data(self) -> dict[str, Any]:
        """A collection of studies."""
        described = self.search_description or self.introduction
        return {"@type": "CollectionPage", "description": described, "about": "Medical training"}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the visitor's search finds."""
        context = super().get_context(request, *args, **kwargs)
        return {**context, **listing_context(request, CaseStudyPage.objects.all())}

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Lead to a study in one query, with what its page shows of other tables."""
        if len(path_components) == 1:
            studies = CaseStudyPage.objects.child_of(self).live().filter(slug=path_components[0])
            if study := studies.select_related("evidence_level", "image").first():
                study._cached_parent_obj = self  # as Wagtail keeps the way it came
                return RouteResult(study)
        return super().route(request, path_components)


class CaseStudyQuerySet(HubPageQuerySet):
    """Questions about case studies."""

    def with_everything_shown(self) -> CaseStudyQuerySet:
        """Read every relation that a study's page, document or export shows."""
        return self.select_related("evidence_level", "cost_band", "image").prefetch_related(
            "specialties__parent",
            "regions__former_offices",
            "intervention_types__parent",
            "stages",
            "capabilities__parent",
            "impact_types",
            "settings",
            "needs",
            "recommendations__page",
            "outcomes",
            "reach",
            "kit_files__document",
            "adoptions__region",
        )


class CaseStudyPage(HubPage):
    """One initiative: what was wrong, what was done, for whom, and what came of it."""

    # The result first, as the what-works toolkits do.
    one_line_result = models.CharField(
        "result in one line",
        max_length=200,
        help_text="What came of it, with a number if there is one. Shown in lists and searches.",
    )
    organisation = models.CharField(max_length=200, help_text="The organisation that ran it.")
    regions = ParentalManyToManyField("taxonomy.Region", related_name="case_studies")
    settings = ParentalManyToManyField("taxonomy.Setting", related_name="case_studies")
    delivery_method = models.CharField(
        max_length=10, choices=DeliveryMethod, default=DeliveryMethod.PHYSICAL
    )
    started_on = models.DateField("started", null=True)
    ended_on = models.DateField(
        "ended", null=True, blank=True, help_text="Leave empty while it runs."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)

    image = models.ForeignKey(
        "media.HubImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    image_alt_text = models.CharField(
        "alternative text",
        max_length=255,
        blank=True,
        help_text="What the picture shows, for people who cannot see it.",
    )
    image_is_decorative = models.BooleanField(
        "the picture is decorative", default=False, help_text="It adds nothing to the text."
    )

    problem = _narrative("problem", "What training was lost or at risk, and for whom.")
    baseline = _narrative("baseline", "How things stood before, in numbers where you have them.")
    specialties = ParentalManyToManyField("taxonomy.Specialty", related_name="case_studies")
    stages = ParentalManyToManyField("taxonomy.TraineeStage", related_name="case_studies")
    needs = ParentalManyToManyField(
        "taxonomy.TrainingNeed", related_name="case_studies", blank=True
    )
    intervention_types = ParentalManyToManyField(
        "taxonomy.InterventionType", related_name="case_studies"
    )
    capabilities = ParentalManyToManyField("taxonomy.Capability", related_name="case_studies")
    impact_types = ParentalManyToManyField("taxonomy.ImpactType", related_name="case_studies")
    recommendations = ParentalManyToManyField(
        "guidance.Recommendation", related_name="case_studies", blank=True
    )

    # What was done, in the order of the TIDieR checklist (doi:10.1136/bmj.g1687).
    why = _narrative("why", "The reasoning: why should this work?")
    materials = _narrative("what: materials", "What was used: equipment, rooms, documents.")
    procedures = _narrative("what: procedures", "What was done, step by step.")
    who_provided = _narrative("who provided", "Who taught or supervised, and their training.")
    how_delivered = _narrative("how", "Face to face or online; one to one or in groups.")
    where_delivered = _narrative("where", "The kind of place, and what it needs to have.")
    when_and_how_much = _narrative("when and how much", "How often, how long, over what time.")
    tailoring = _narrative("tailoring", "What was fitted to each person, and how.")
    modifications = _narrative("modifications", "What changed along the way, and why.")
    how_well_planned = _narrative("how well: planned", "How keeping to the plan was checked.")
    how_well_actual = _narrative("how well: actual", "How far the plan was kept to.")
    body = StreamField(
        BodyBlock(), blank=True, help_text="Anything else that helps others to repeat it."
    )

    set_up_cost = models.DecimalField(
        "set-up cost (£)",
        max_digits=11,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="What it cost to start, in pounds.",
    )
    cost_per_trainee = models.DecimalField(
        "cost for each trainee (£)",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="What one more trainee costs, in pounds. Sets the cost band.",
    )
    funding_source = models.CharField(max_length=200, blank=True)
    cost_band = models.ForeignKey(
        "taxonomy.CostBand",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="case_studies",
    )

    evidence_level = models.ForeignKey(
        "taxonomy.EvidenceLevel",
        null=True,
        on_delete=models.PROTECT,
        related_name="case_studies",
        help_text="How sure we can be that it worked. Kept apart from how much changed.",
    )
    effect_size = models.CharField(
        "size of effect", max_length=10, choices=EffectSize, default=EffectSize.UNKNOWN
    )
    lessons = _narrative("lessons", "What you would do again, and what you would not.")

    licence = models.CharField(max_length=20, choices=Licence, default=Licence.OGL)
    contact_role = models.CharField(
        max_length=120, blank=True, help_text="Who answers, such as “simulation lead”."
    )
    contact_mailbox = models.EmailField(
        blank=True, help_text="A shared mailbox; people move on, roles stay."
    )
    external_id = models.CharField(
        max_length=100,
        unique=True,
        null=True,
        blank=True,
        help_text="The study's name in the system it came from; an import finds it again by this.",
    )
    is_illustrative = models.BooleanField(
        "illustrative",
        default=False,
        help_text="Written to show the service; the organisation and figures are not real.",
    )

    objects = HubPageManager.from_queryset(CaseStudyQuerySet)()

    base_form_class = CaseStudyForm
    edit_handler = CASE_STUDY_TABS
    # A copy is another study; only the original is the one that an import knows.
    exclude_fields_in_copy = ["external_id"]
    parent_page_types = ["case_studies.CaseStudyIndexPage"]
    subpage_types: list[str] = []
    template = "pages/case_studies/case_study.html"

    class Meta:
        verbose_name = "case study"
        verbose_name_plural = "case studies"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="case_study_ends_after_it_starts",
            ),
        ]

    def clean(self) -> None:
        """Refuse reversed dates, in drafts too: the database does."""
        super().clean()
        if self.ended_on and self.started_on and self.ended_on < self.started_on:
            raise ValidationError({"ended_on": "It cannot end before it started."})

    @classmethod
    def from_serializable_data(cls, data: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Read a revision, even one that names what has been deleted since."""
        content = without_what_was_deleted(cls, data)
        return super().from_serializable_data(content, *args, **kwargs)

    def settle(self) -> None:
        """Bring what follows from other values up to date, and texts to what may be stored."""
        for field in self._meta.get_fields():
            if isinstance(field, RichTextField):
                setattr(self, field.name, storable_running_text(getattr(self, field.name)))
        self.cost_band = cost_band_for(self.cost_per_trainee)
        replace_merged_terms(self)
        if self.alias_of_id:
            self.external_id = None  # unique, and the original has it

    def save(self, clean: bool = True, **kwargs: Any) -> None:
        """Save, settled. Raises NotReadyToPublish where visitors would see an incomplete study."""
        if kwargs.get("update_fields") is None:
            self.settle()
        if clean and self.live and (refusal := refusal_of(self)):
            raise refusal
        super().save(clean=clean, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the study as its readers see it."""
        context = super().get_context(request, *args, **kwargs)
        return {**context, "view": read_study(self, request)}

    def structured_data(self) -> dict[str, Any]:
        """An article about an initiative."""
        return {
            "@type": "Article",
            "headline": self.title,
            "description": self.one_line_result,
            "author": {"@type": "Organization", "name": self.organisation},
        }

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the study as it would be once saved."""
        self.settle()
        return super().serve_preview(request, mode_name)

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Save a revision, settled. It may be incomplete: that is what a draft is."""
        self.settle()
        return super().save_revision(*args, **kwargs)

    def refusal_to_publish(self) -> NotReadyToPublish | None:
        """See HubPage."""
        return refusal_of(self)
