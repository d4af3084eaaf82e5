"""The page of a study: what it shows, to whom, and at what price."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from django.core.files.storage import default_storage
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from case_studies.models import CaseStudyPage, Outcome, Reach, RelatedStudy
from learning_hub.media.models import HubDocument, HubImage
from learning_hub.taxonomy.models import Specialty
from tests.factories.case_studies import (
    NARRATIVES,
    make_case_study,
    make_document,
    make_full_case_study,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("search_index")]


def read(client, study, *, status=200):
    response = client.get(study.url)
    assert response.status_code == status
    return response.content.decode()


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_page_shows_every_part_of_a_full_study(client):
    html = read(client, make_full_case_study())
    text = text_of(html)
    for part in (
        "More cases for each trainee",
        "£100 to £499 for each trainee",
        "Level 2: preliminary evidence",
        "Preliminary evidence, cause not shown.",
        "Moderate improvement",
        "Wharfe Valley Teaching Hospitals (fictional)",
        "C3: redeployed, experience not gained",
        "September 2021 to August 2022",
        "Completed",
        "Higher trainees 30 24 22",
        "12 cases 18 cases Up 6 cases (better)",
        "n = 24",
        "£12,000",
        "£250.50",
        "Training recovery fund",
        "Session plan (TXT, 16 bytes)",
        "Open Government Licence v3.0",
        "Simulation lead",
        "Ouse Valley Hospitals (fictional) , London, February 2023",
        "They ran it at weekends.",
        "1 May 2025",
        "Illustrative",
        "Six trainees, two trainers.",
        "higher trainee",
        "Book early.",
        "Kit list",
    ):
        assert part in text, part
    for name in NARRATIVES:
        assert f"About {name.replace('_', ' ')}." in text
    assert 'href="mailto:recovery@wharfe.example.org"' in html


def test_the_description_follows_the_order_of_the_checklist(client):
    text = text_of(read(client, make_full_case_study()))
    fields = [name for name in NARRATIVES if name not in ("problem", "baseline", "lessons")]
    places = [text.index(f"About {name.replace('_', ' ')}.") for name in fields]
    assert places == sorted(places)


def test_only_filled_items_have_headings(client):
    html = read(client, make_case_study(why="<p>Because.</p>"))
    assert "<h3>Why</h3>" in html
    for heading in ("What was used", "Where</h3>", "Lessons", "What changed", "Who it reached"):
        assert heading not in html


def test_each_term_leads_to_the_library_narrowed_to_it(client):
    html = read(client, make_full_case_study())
    for query in (
        "region=north-west",
        "specialty=urology",
        "setting=acute",
        "stage=higher-specialty",
        "intervention=simulation",
        "capability=professional-skills",
        "impact=collaborative-working",
        "evidence=level-2",
        "cost=100-to-499",
    ):
        assert f'href="/case-studies/?{query}"' in html


def test_the_number_of_queries_does_not_grow_with_rows_and_terms(
    client, django_assert_max_num_queries
):
    study = make_full_case_study()
    others = [make_case_study(f"Study {number}") for number in range(6)]
    read(client, study)
    with django_assert_max_num_queries(MOST_QUERIES):
        read(client, study)

    study.specialties = list(Specialty.objects.all())
    study.outcomes = [
        Outcome(measure=f"Measure {n}", baseline=n, follow_up=n + 1, design="records")
        for n in range(30)
    ]
    study.reach = [Reach(group=f"Group {n}", eligible=n) for n in range(20)]
    study.chosen_related = [RelatedStudy(related=other) for other in others]
    study.save()
    read(client, study)  # the index takes in the change
    with django_assert_max_num_queries(MOST_QUERIES):
        read(client, study)


# Wagtail's own way to a page takes eight of them, the frame two; a row or a term adds none.
MOST_QUERIES = 21


def test_a_bar_chart_has_a_text_equivalent_and_no_inline_style(client):
    html = read(client, make_full_case_study())
    assert "Cases for each trainee: 12 cases before, 18 cases afterwards" in html
    assert html.count('<svg class="hub-bars"') == 2
    assert " style=" not in html
    assert "<script>" not in html


def test_outcomes_that_nobody_measured_are_in_the_table_only(client):
    study = make_case_study()
    study.outcomes = [Outcome(measure="Confidence", design="feedback")]
    study.save()
    html = read(client, study)
    assert "hub-bars" not in html
    assert "not measured not measured –" in text_of(html)


def test_a_due_review_is_said(client):
    study = make_case_study(next_review_on=dt.date(2020, 1, 1))
    assert "Review due" in read(client, study)


def test_a_review_to_come_is_not_called_due(client):
    study = make_case_study(next_review_on=dt.date(2099, 1, 1))
    html = read(client, study)
    assert "1 January 2099" in html
    assert "Review due" not in html


def test_only_an_illustrative_study_is_marked_so(client):
    assert "Illustrative" not in read(client, make_case_study())


def test_a_file_that_is_gone_from_the_disk_is_said_and_not_linked(client):
    study = make_full_case_study()
    default_storage.delete(HubDocument.objects.get().file.name)
    html = read(client, study)
    assert "Session plan" in html
    assert "cannot be downloaded at the moment" in html
    assert "/documents/" not in html


def test_a_download_block_shows_type_and_size(client):
    document = make_document("Rota", "rota.csv")
    study = make_case_study(
        body=[
            {"type": "download", "value": {"document": document.pk, "description": "Eight weeks"}}
        ]
    )
    text = text_of(read(client, study))
    assert "Rota (CSV, 16 bytes)" in text
    assert "Eight weeks" in text


def test_a_picture_has_its_alternative_text(client):
    html = read(client, make_case_study(image=make_picture(), image_alt_text="Two at a <table>"))
    assert 'alt="Two at a &lt;table&gt;"' in html


def test_a_decorative_picture_has_an_empty_alternative(client):
    study = make_case_study(
        image=make_picture(), image_alt_text="Leftover words", image_is_decorative=True
    )
    html = read(client, study)
    assert 'alt=""' in html
    assert "Leftover words" not in html


def make_picture():
    return HubImage.objects.create(title="Simulator", file=get_test_image_file())


def test_the_editors_choice_comes_first_with_what_is_in_common(client):
    study, other = make_case_study(), make_case_study("Lists at weekends")
    study.chosen_related = [RelatedStudy(related=other)]
    study.save()
    html = read(client, study)
    assert other.url in html
    assert "Has Simulation, Urology and Higher specialty in common" in text_of(html)


def test_similar_studies_follow_by_themselves_the_most_alike_first(client):
    study = make_case_study("Urology lists")
    make_case_study("Cardiology clinics", specialties=["cardiology"], stages=["core"],
                    intervention_types=["fellowships"], regions=["london"])  # fmt: skip
    make_case_study("More urology lists")
    related = read(client, study).partition('id="related"')[2]
    assert related.index("More urology lists") < related.index("Cardiology clinics")
    assert "Urology lists</a>" not in related.replace("More urology lists</a>", "")


def test_a_study_is_named_once_however_it_is_related(client):
    study, other = make_case_study(), make_case_study("Lists at weekends")
    study.chosen_related = [RelatedStudy(related=other)]
    study.save()
    assert read(client, study).count("Lists at weekends") == 1


@pytest.mark.parametrize("kind", [PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD])
def test_a_related_study_that_the_visitor_may_not_see_is_not_named(client, kind):
    study, private = make_case_study(), make_case_study("Secret plans")
    study.chosen_related = [RelatedStudy(related=private)]
    study.save()
    PageViewRestriction.objects.create(page=private, restriction_type=kind, password="open")
    assert "Secret plans" not in read(client, study)


def test_a_related_draft_is_not_named(client):
    study, draft = make_case_study(), make_case_study("Secret plans", live=False)
    study.chosen_related = [RelatedStudy(related=draft)]
    study.save()
    assert "Secret plans" not in read(client, study)


def test_the_citation_names_author_title_year_and_address(client):
    study = make_case_study("Saturday lists")
    study.save_revision().publish()
    study.refresh_from_db()
    year = study.first_published_at.year
    text = text_of(read(client, study))
    assert (
        "Wharfe Valley Teaching Hospitals (fictional). Saturday lists [case study]. "
        f"Learning Hub; {year} [cited "
    ) in text
    assert f"Available from: http://testserver{study.url}" in text


def test_a_draft_is_not_found(client):
    study = make_case_study(live=False)
    assert client.get("/case-studies/" + study.slug + "/").status_code == 404


def test_an_expired_study_is_not_found(client):
    expired = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    study = make_case_study(expire_at=expired)
    read(client, study, status=404)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script><p>Text</p>",
        '<p onclick="alert(1)">Text</p>',
        '<img src=x onerror="alert(1)"><p>Text</p>',
        '<a href="javascript:alert(1)">Text</a>',
        '<a href=" jAvAsCrIpT:alert(1)">Text</a>',
        '<a href="data:text/html,<script>alert(1)</script>">Text</a>',
        "<svg><script>alert(1)</script></svg><p>Text</p>",
        '<iframe srcdoc="<script>alert(1)</script>"></iframe><p>Text</p>',
        '<p style="background:url(javascript:alert(1))">Text</p>',
        '<embed embedtype="media" url="https://evil.example/x"/><p>Text</p>',
    ],
)
def test_stored_rich_text_is_shown_without_anything_that_runs(client, hostile):
    study = make_case_study(
        problem=hostile,
        lessons=hostile,
        body=[
            {"type": "paragraph", "value": hostile},
            {"type": "callout", "value": {"heading": hostile[:80], "text": hostile}},
            {"type": "details", "value": {"summary": hostile[:120], "text": hostile}},
            {"type": "quote", "value": {"quote": hostile, "role": hostile}},
            {"type": "table", "value": {"caption": hostile, "rows": hostile}},
        ],
    )
    # What a save would have cleaned, put there past it.
    CaseStudyPage.objects.filter(pk=study.pk).update(problem=hostile, lessons=hostile)
    article = read(client, study).partition("<article")[2].partition("</article>")[0]
    assert "Text" in article
    parts = Parts()
    parts.feed(article)
    assert parts.tags.isdisjoint({"script", "iframe", "embed", "object", "style"})
    assert not [name for name in parts.attributes if name.startswith("on") or name == "style"]
    assert not [link for link in parts.links if link.startswith(("javascript:", "data:"))]


class Parts(HTMLParser):
    """The tags, attributes and links of a page, as a browser would read them."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.links = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value.strip().lower() for name, value in attrs if name in ("href", "src")]


def test_links_that_editors_make_still_work(client):
    other = make_case_study("Other study")
    document = make_document()
    study = make_case_study(
        problem=(
            f'<p><a linktype="page" id="{other.pk}">study</a> '
            f'<a linktype="document" id="{document.pk}">file</a> '
            '<a href="https://www.gov.uk/">outside</a> <a href="mailto:a@example.org">mail</a></p>'
        )
    )
    html = read(client, study)
    for address in (other.url, document.url, "https://www.gov.uk/", "mailto:a@example.org"):
        assert f'href="{address}"' in html


def test_markup_in_plain_fields_is_shown_as_text(client):
    study = make_case_study(
        "<b>Bold</b> title", one_line_result="5 < 6 & <i>7</i>", organisation="<script>x</script>"
    )
    html = read(client, study)
    assert "&lt;b&gt;Bold&lt;/b&gt; title" in html
    assert "5 &lt; 6 &amp; &lt;i&gt;7&lt;/i&gt;" in html
    assert "<script>x" not in html


def test_the_page_is_light(client):
    assert len(read(client, make_full_case_study()).encode()) < 60_000


def test_the_study_is_read_from_the_database_as_it_was_saved():
    study = make_full_case_study()
    assert CaseStudyPage.objects.with_everything_shown().get(pk=study.pk).outcomes.count() == 2
