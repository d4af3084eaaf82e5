"""Editors at random: they publish, unpublish, move, restrict, rename and delete like real ones."""

from __future__ import annotations

import random
from collections import Counter

from django.contrib.auth.models import Group
from wagtail.models import Page, PageViewRestriction, Site

from case_studies.models import CaseStudyPage
from learning_hub.pages.models import InformationPage
from learning_hub.taxonomy.models import Region, Specialty
from tests.factories.case_studies import make_case_study

_WORDS = [
    "simulation",
    "theatre",
    "clinic",
    "airway",
    "ultrasound",
    "locum",
    "mentoring",
    "audit",
    "night",
    "portfolio",
]
_FEWEST, _MOST = 20, 60


class Editors:
    """Changes a small site, the same for the same seed; counts what it did."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self.done: Counter[str] = Counter()
        home = Site.objects.get(is_default_site=True).root_page
        self._group = Group.objects.create(name="Examiners")
        self._sections = [
            home.add_child(instance=InformationPage(title=title)) for title in ("Open", "Closed")
        ]
        self._restrict(self._sections[1])
        for _ in range(_FEWEST):
            self._add()

    def change_something(self) -> str:
        """Make one change, and return what was done."""
        changes = {
            "publish": self._publish,
            "unpublish": self._unpublish,
            "move": self._move,
            "restrict": self._restrict_or_open,
            "rename": self._rename,
            "rename a term": self._rename_term,
            "delete": self._delete,
        }
        name = self._dice.choice(sorted(changes))
        changes[name]()
        self.done[name] += 1
        return name

    def _add(self) -> None:
        kind = self._dice.random()
        if kind < 0.7:
            make_case_study(self._title(), regions=[self._slug(Region)])
        else:
            page = InformationPage(title=self._title(), introduction=" ".join(_WORDS[:3]))
            self._dice.choice(self._sections).add_child(instance=page)

    def _publish(self) -> None:
        drafts = [page for page in self._pages() if not page.live]
        if drafts and self._dice.random() < 0.6:
            self._dice.choice(drafts).save_revision().publish()
        elif len(self._pages()) < _MOST:
            self._add()
        else:
            self._rename()

    def _unpublish(self) -> None:
        self._one().unpublish()

    def _move(self) -> None:
        articles = list(InformationPage.objects.descendant_of(self._sections[0]))
        articles += list(InformationPage.objects.descendant_of(self._sections[1]))
        if articles:
            moved = self._dice.choice(articles)
            target = self._dice.choice(self._sections)
            moved.move(Page.objects.get(pk=target.pk), pos="last-child")

    def _restrict_or_open(self) -> None:
        page = self._dice.choice([*self._pages(), *self._sections])
        standing = PageViewRestriction.objects.filter(page_id=page.pk)
        if standing.exists():
            for restriction in standing:
                restriction.delete()
        else:
            self._restrict(page)

    def _restrict(self, page: Page) -> None:
        kind = self._dice.choice(
            [PageViewRestriction.LOGIN, PageViewRestriction.GROUPS, PageViewRestriction.PASSWORD]
        )
        restriction = PageViewRestriction(page_id=page.pk, restriction_type=kind, password="open")
        restriction.save()
        if kind == PageViewRestriction.GROUPS:
            restriction.groups.add(self._group)

    def _rename(self) -> None:
        page = self._one()
        page.title = self._title()
        page.save_revision().publish()

    def _rename_term(self) -> None:
        term = Specialty.objects.get(slug=self._dice.choice(["urology", "surgery"]))
        term.name = f"{self._dice.choice(_WORDS).title()} {self._dice.randint(1, 10_000)}"
        term.save()

    def _delete(self) -> None:
        if len(self._pages()) > _FEWEST:
            self._one().delete()
        else:
            self._add()

    def _pages(self) -> list[Page]:
        below = InformationPage.objects.filter(depth__gt=self._sections[0].depth)
        return [*CaseStudyPage.objects.order_by("pk"), *below.order_by("pk")]

    def _one(self) -> Page:
        return self._dice.choice(self._pages())

    def _title(self) -> str:
        return " ".join(self._dice.choices(_WORDS, k=3)).title()

    def _slug(self, model: type[Region]) -> str:
        return self._dice.choice(list(model.objects.values_list("slug", flat=True)))
