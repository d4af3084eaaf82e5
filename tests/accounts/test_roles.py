"""What each role may and may not do, tried through the real admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page, Site, Workflow
from wagtail.test.utils.form_data import nested_form_data, streamfield

from learning_hub.accounts.roles import (
    ADMINISTRATORS,
    EDITORS,
    MODERATORS,
    ROLES,
    TRAINEES,
    TRAINERS,
)
from learning_hub.pages.models import InformationPage
from learning_hub.taxonomy.vocabulary import FACET_VOCABULARIES
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
REFUSED, OPEN = 302, 200


@pytest.fixture
def home() -> Page:
    return Site.objects.get(is_default_site=True).root_page


@pytest.fixture
def page(home: Page) -> Page:
    return home.add_child(instance=InformationPage(title="About", slug="about"))


def as_(client: Client, *roles: str) -> Client:
    client.force_login(
        make_person("alice@example.org", *roles),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def form(title: str, **more: str) -> dict[str, str]:
    fields = {"title": title, "slug": "a-page", "introduction": "", "body": streamfield([])}
    return nested_form_data({**fields, "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}, **more})


def add(client: Client, home: Page, **more: str) -> int:
    address = f"/admin/pages/add/pages/informationpage/{home.pk}/"
    return client.post(address, form("A page", **more)).status_code


def test_the_five_roles_are_there() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)


@pytest.mark.parametrize("role", [TRAINEES, TRAINERS])
def test_trainees_and_trainers_do_not_reach_the_admin(client: Client, role: str) -> None:
    response = as_(client, role).get("/admin/")
    assert response.status_code == REFUSED
    assert not Group.objects.get(name=role).permissions.exists()


WHO_MAY = [
    # address, who is let in
    ("/admin/", {EDITORS, MODERATORS, ADMINISTRATORS}),
    ("/admin/images/chooser/", {EDITORS, MODERATORS, ADMINISTRATORS}),
    ("/admin/images/", {EDITORS, ADMINISTRATORS}),
    ("/admin/images/add/", {EDITORS, ADMINISTRATORS}),
    ("/admin/documents/multiple/add/", {EDITORS, ADMINISTRATORS}),
    ("/admin/users/", {ADMINISTRATORS}),
    ("/admin/users/new/", {ADMINISTRATORS}),
    ("/admin/groups/", {ADMINISTRATORS}),
    ("/admin/sites/", {ADMINISTRATORS}),
    ("/admin/workflows/list/", {ADMINISTRATORS}),
    ("/admin/redirects/", {ADMINISTRATORS}),
    ("/admin/collections/", {ADMINISTRATORS}),
]


@pytest.mark.parametrize("role", [EDITORS, MODERATORS, ADMINISTRATORS])
@pytest.mark.parametrize(("address", "roles"), WHO_MAY)
def test_each_desk_opens_to_its_roles_only(
    client: Client, address: str, roles: set[str], role: str
) -> None:
    expected = OPEN if role in roles else REFUSED
    assert as_(client, role).get(address).status_code == expected


@pytest.mark.parametrize(
    ("role", "added"), [(EDITORS, True), (MODERATORS, False), (ADMINISTRATORS, True)]
)
def test_who_adds_and_publishes_a_page(client: Client, home: Page, role: str, added: bool) -> None:
    assert add(as_(client, role), home, **{"action-publish": "1"}) == REFUSED  # both redirect
    assert InformationPage.objects.live().filter(title="A page").exists() is added


@pytest.mark.parametrize("role", [EDITORS, MODERATORS, ADMINISTRATORS])
def test_who_changes_and_publishes_what_others_wrote(client: Client, page: Page, role: str) -> None:
    response = as_(client, role).post(
        f"/admin/pages/{page.pk}/edit/", form("About us", **{"action-publish": "1"})
    )
    assert response.status_code == 302
    page.refresh_from_db()
    assert page.title == "About us"


@pytest.mark.parametrize(
    ("role", "locks"), [(EDITORS, False), (MODERATORS, True), (ADMINISTRATORS, True)]
)
def test_who_locks_and_unlocks(client: Client, page: Page, role: str, locks: bool) -> None:
    as_(client, role).post(f"/admin/pages/{page.pk}/lock/")
    page.refresh_from_db()
    assert page.locked is locks

    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=make_person("eve@example.org"))
    client.post(f"/admin/pages/{page.pk}/unlock/")
    page.refresh_from_db()
    assert page.locked is not locks


@pytest.mark.parametrize(("role", "deleted"), [(EDITORS, False), (ADMINISTRATORS, True)])
def test_only_administrators_delete_a_page_with_all_below_it(
    client: Client, page: Page, role: str, deleted: bool
) -> None:
    page.add_child(instance=InformationPage(title="Below", slug="below"))
    as_(client, role).post(f"/admin/pages/{page.pk}/delete/")
    assert Page.objects.filter(pk=page.pk).exists() is not deleted


@pytest.mark.parametrize("role", [EDITORS, MODERATORS, ADMINISTRATORS])
def test_nobody_makes_pages_beside_the_site(client: Client, role: str) -> None:
    root = Page.objects.get(depth=1)
    assert add(as_(client, role), root) == REFUSED
    assert root.get_children().count() == 1


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        (EDITORS, {"add", "change"}),
        (MODERATORS, set()),
        (ADMINISTRATORS, {"add", "change", "delete"}),
    ],
)
@pytest.mark.parametrize("model", ["taxonomy.{}_specialty", "search.{}_synonym"])
def test_who_keeps_the_vocabularies(role: str, actions: set[str], model: str) -> None:
    person = make_person("alice@example.org", role)
    held = {a for a in ("add", "change", "delete") if person.has_perm(model.format(a))}
    assert held == actions


def test_every_vocabulary_is_kept_by_editors_and_every_permission_is_real() -> None:
    """A model that was renamed or forgotten would leave its terms to superusers."""
    editor = make_person("alice@example.org", EDITORS)
    for model in FACET_VOCABULARIES.values():
        assert editor.has_perm(f"taxonomy.add_{model._meta.model_name}"), model
    for group in Group.objects.all():
        for permission in group.permissions.select_related("content_type"):
            assert permission.content_type.model_class() is not None, permission


def test_moderators_approve_what_is_sent_to_them(client: Client, page: Page) -> None:
    editor = make_person("eve@example.org", EDITORS)
    page.title = "About, rewritten"
    page.save_revision(user=editor)
    workflow = Workflow.objects.get()
    state = workflow.start(page, editor)
    task = state.current_task_state
    assert task.task.specific.groups.filter(name=MODERATORS).exists()
    response = as_(client, MODERATORS).post(
        f"/admin/pages/workflow/action/{page.pk}/approve/{task.pk}/"
    )
    assert response.status_code == 302
    page.refresh_from_db()
    assert page.title == "About, rewritten"
    assert page.live
