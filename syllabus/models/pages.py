"""What is taught: the syllabus, its modules, their lessons."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.url_routing import RouteResult

from learning_hub.blocks.body import BodyBlock
from learning_hub.pages.models import HubPage
from learning_hub.pages.refused_publication import NotReadyToPublish
from learning_hub.taxonomy.models import SafetyDomain
from syllabus.blocks import LessonBodyBlock
from syllabus.editing.module_form import ModuleForm
from syllabus.editing.publishing import refusal_of


class SyllabusPage(HubPage):
    """The list of modules."""

    introduction = models.TextField(blank=True, help_text="One or two sentences under the title.")
    body = StreamField(BodyBlock(), blank=True)

    content_panels = [*HubPage.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    promote_panels = [*HubPage.promote_panels, HubPage.review_panel]
    subpage_types = ["syllabus.ModulePage"]
    max_count = 1
    template = "pages/syllabus/syllabus.html"

    class Meta:
        verbose_name = "syllabus"
        verbose_name_plural = "syllabuses"

    def structured_data(self) -> dict[str, Any]:
        """A collection of courses."""
        described = self.search_description or self.introduction
        return {"@type": "CollectionPage", "description": described, "about": "Patient safety"}

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Lead to a module or its lessons in one query a step, as what they are."""
        if path_components:
            modules = ModulePage.objects.child_of(self).filter(slug=path_components[0])
            if module := modules.first():
                module._cached_parent_obj = self  # as Wagtail keeps the way it came
                return module.route(request, path_components[1:])
        return super().route(request, path_components)


class Level(models.TextChoices):
    """The levels of the NHS patient safety syllabus."""

    ONE = "1", "Level 1"
    TWO = "2", "Level 2"
    THREE_AND_FOUR = "3-4", "Levels 3 and 4"


class CompletionRule(models.TextChoices):
    """What a trainee must have done for a module to count. Each includes reading every lesson."""

    VIEWED = "viewed", "Read every lesson"
    ACKNOWLEDGED = "acknowledged", "Read every lesson, and confirm a statement"
    PASSED = "passed", "Read every lesson, and pass the assessment"


def _between(name: str, low: int, high: int) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(**{f"{name}__gte": low, f"{name}__lte": high}),
        name=f"module_{name}_in_range",
        violation_error_message=f"Give a number from {low} to {high}.",
    )


class ModulePage(HubPage):
    """A module: what it is for, what completes it, and how its assessment works.

    `translation_key` is what records know it by, since they outlive the page.
    """

    introduction = models.TextField(help_text="One or two sentences: what it is about.")
    level = models.CharField(max_length=3, choices=Level)
    domains = ParentalManyToManyField(SafetyDomain, blank=True, related_name="modules")
    audience = models.CharField(max_length=255, blank=True, help_text="Who it is meant for.")
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How long it takes. Leave empty where nobody knows."
    )
    body = StreamField(BodyBlock(), blank=True, help_text="Shown above the list of lessons.")
    version = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1)],
        help_text="Raise it when what a certificate says of this module changes.",
    )
    completion_rule = models.CharField(
        max_length=12, choices=CompletionRule, default=CompletionRule.PASSED
    )
    statement = models.TextField(
        "statement to confirm",
        blank=True,
        help_text="What the trainee confirms, where the rule asks for that.",
    )
    validity_months = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text="How long a completion counts. Leave empty where it does not expire.",
    )
    due_within_weeks = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(520)],
        help_text="For someone full time, from the start of training. Longer for others.",
    )
    questions_per_outcome = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    pass_percent = models.PositiveSmallIntegerField(
        "pass mark (%)", default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    cooling_off_hours = models.PositiveSmallIntegerField(
        default=24,
        validators=[MaxValueValidator(8760)],
        help_text="After the last attempt, before the module can be started again.",
    )
    time_limit_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(480)]
    )

    content_panels = [
        *HubPage.content_panels,
        FieldPanel("introduction"),
        FieldRowPanel([FieldPanel("level"), FieldPanel("minutes"), FieldPanel("version")]),
        FieldPanel("audience"),
        FieldPanel("domains"),
        InlinePanel("outcomes", heading="Learning outcomes", label="Outcome"),
        InlinePanel("prerequisites", heading="To complete first", label="Module"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("completion_rule"),
                FieldPanel("statement"),
                FieldRowPanel([FieldPanel("validity_months"), FieldPanel("due_within_weeks")]),
            ],
            heading="Completion",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("questions_per_outcome"), FieldPanel("pass_percent")]),
                FieldRowPanel([FieldPanel("attempts_allowed"), FieldPanel("cooling_off_hours")]),
                FieldPanel("time_limit_minutes"),
            ],
            heading="Assessment",
        ),
    ]
    promote_panels = [*HubPage.promote_panels, HubPage.review_panel]
    base_form_class = ModuleForm
    parent_page_types = ["syllabus.SyllabusPage"]
    subpage_types = ["syllabus.LessonPage"]
    template = "pages/syllabus/module.html"

    class Meta:
        verbose_name = "module"
        verbose_name_plural = "modules"
        constraints = [
            _between("pass_percent", 1, 100),
            _between("questions_per_outcome", 1, 20),
            _between("attempts_allowed", 1, 20),
        ]

    @property
    def key(self) -> str:
        """What records and addresses know this module by."""
        return str(self.translation_key)

    @property
    def lessons(self) -> models.QuerySet[LessonPage]:
        """Its published lessons, in order; none of a module that is not saved yet."""
        if self.pk is None:
            return LessonPage.objects.none()
        return LessonPage.objects.child_of(self).live().order_by("path")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Lead to a lesson in one query."""
        if len(path_components) == 1:
            lesson = self.lessons.filter(slug=path_components[0]).first()
            if lesson is not None:
                lesson._cached_parent_obj = self
                return RouteResult(lesson)
        return super().route(request, path_components)

    def structured_data(self) -> dict[str, Any]:
        """A course, taken online where it has lessons here."""
        described: dict[str, Any] = {
            "@type": "Course",
            "description": self.introduction,
            "educationalLevel": self.get_level_display(),
            # Kept on the page, whose body asks for them too.
            "teaches": [outcome.text for outcome in self.outcomes.get_object_list()],
            "provider": {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME},
        }
        if self.minutes:
            described["timeRequired"] = f"PT{self.minutes}M"
        return described

    def refusal_to_publish(self) -> NotReadyToPublish | None:
        """See HubPage."""
        return refusal_of(self)


class LearningOutcome(Orderable):
    """What someone can do after the module. Questions are kept per outcome."""

    page = ParentalKey(ModulePage, on_delete=models.CASCADE, related_name="outcomes")
    text = models.CharField(max_length=255, help_text="Starts with a verb: “Recognise …”")

    panels = [FieldPanel("text")]

    def __str__(self) -> str:
        return self.text


class Prerequisite(Orderable):
    """A module to complete first, or the one that does instead."""

    page = ParentalKey(ModulePage, on_delete=models.CASCADE, related_name="prerequisites")
    module = models.ForeignKey(ModulePage, on_delete=models.CASCADE, related_name="+")
    or_instead = models.ForeignKey(
        ModulePage, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("module"), PageChooserPanel("or_instead")]

    def __str__(self) -> str:
        return " or ".join(module.title for module in self.accepted)

    @property
    def accepted(self) -> list[ModulePage]:
        """The modules of which one must be complete."""
        return [self.module, *([self.or_instead] if self.or_instead else [])]


class LessonPage(HubPage):
    """A lesson, read by anyone and marked as read by those who are enrolled."""

    introduction = models.TextField(blank=True, help_text="One or two sentences under the title.")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    body = StreamField(LessonBodyBlock())

    content_panels = [
        *HubPage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("minutes"),
        FieldPanel("body"),
    ]
    promote_panels = [*HubPage.promote_panels, HubPage.review_panel]
    parent_page_types = ["syllabus.ModulePage"]
    subpage_types: list[str] = []
    template = "pages/syllabus/lesson.html"

    class Meta:
        verbose_name = "lesson"
        verbose_name_plural = "lessons"

    def structured_data(self) -> dict[str, Any]:
        """Something to learn from."""
        described = {
            "@type": "LearningResource",
            "description": self.introduction or self.title,
            "learningResourceType": "lesson",
        }
        return described | ({"timeRequired": f"PT{self.minutes}M"} if self.minutes else {})

    @property
    def key(self) -> str:
        """What records and addresses know this lesson by."""
        return str(self.translation_key)
