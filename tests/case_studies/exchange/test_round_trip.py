"""Out and in again: what an export writes, an import reads back to the same studies."""

from __future__ import annotations

import csv
import datetime as dt
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from wagtail.models import Revision

from case_studies.exchange.exporting import EXAMPLE, published_studies
from case_studies.models import Adoption, CaseStudyPage, Outcome, Reach
from tests.factories.case_studies import make_case_study

FORMULAS = ["=1+1", "+44 20", "@sum", "-cmd", "'=quoted", "''=twice", "'apostrophe", "-3", "＝x"]
DOCS = Path(settings.PROJECT_DIR) / "docs"


@pytest.fixture
def studies(library):
    """Studies with everything that is hard to carry."""
    full = make_case_study(
        "Lists & “clinics”, =not a formula",
        one_line_result="=HYPERLINK(1)",
        organisation="  Two   spaces ",
        funding_source="-3",
        problem='<p data-block-key="a">One <b>bold</b> <a linktype="page" id="1">home</a></p>',
        why="<p>Plain &amp; simple, p &lt;0.05.</p><ul><li>first</li><li>second</li></ul>",
        lessons='<p>See <a href="https://example.org/a?b=1&amp;c=2">this</a></p>',
        procedures="<ol><li>1</li></ol>",
        body=json.dumps(
            [
                {"type": "heading", "value": "How"},
                {"type": "paragraph", "value": "<p>So.</p>"},
                {"type": "table", "value": {"caption": "c", "rows": "a | b\n1 | 2"}},
            ]
        ),
        set_up_cost=Decimal("1250.50"),
        cost_per_trainee=Decimal("100.00"),
        ended_on=dt.date(2022, 1, 1),
        specialties=["urology", "cardiology", "surgery"],
        external_id="x-1",
    )
    full.outcomes = [
        Outcome(measure="-m", unit="%", baseline=Decimal("-3"), follow_up=0, design="feedback"),
        Outcome(measure="n", design="records", higher_is_better=False),
    ]
    full.reach = [Reach(group="All", eligible=3, took_part=2, completed=1)]
    full.adoptions = [Adoption(organisation="Calder", what_changed="Line one\n\nLine two")]
    full.save()
    for first, second, third in zip(FORMULAS[::3], FORMULAS[1::3], FORMULAS[2::3], strict=True):
        make_case_study(
            f"{first} title", organisation=second, one_line_result=third, why=f"<p>{first}</p>"
        )
    make_case_study("بازیابی آموزش", body=json.dumps([{"type": "heading", "value": "H"}]))
    return CaseStudyPage.objects.all()


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_an_empty_library_gets_back_every_byte(importing, exported, studies, library, ending):
    path = exported(ending)
    before = path.read_bytes()
    library.get_children().delete()
    library.refresh_from_db()
    importing(path)
    assert exported(ending, "again").read_bytes() == before


def cells(path):
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).active]


def test_an_empty_library_gets_back_every_cell_of_a_workbook(importing, exported, studies, library):
    path = exported("xlsx")
    before = cells(path)
    library.get_children().delete()
    library.refresh_from_db()
    importing(path)
    assert cells(exported("xlsx", "again")) == before


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_the_same_library_is_not_changed_by_its_own_export(importing, exported, studies, ending):
    revisions = Revision.objects.count()
    said = importing(exported(ending))
    assert f"0 added, 0 changed, {studies.count()} unchanged" in said
    assert Revision.objects.count() == revisions


def test_no_cell_of_an_export_is_a_formula(exported, studies):
    with exported("csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [cell for line in csv.reader(file) for cell in line]
    for text in texts:
        assert not text.startswith(("=", "+", "@", "\t", "\r", "＝")), text
        assert not text.startswith("-") or text == "-3"
    assert "'=HYPERLINK(1)" in texts
    book = openpyxl.load_workbook(exported("xlsx"))
    assert not [cell for row in book.active for cell in row if cell.data_type == "f"]


def test_numbers_stay_numbers_in_a_workbook(exported, studies):
    header, line, *_ = cells(exported("xlsx"))
    study = dict(zip(header, line, strict=True))
    assert study["set_up_cost"] == 1250.5
    assert study["outcome_1_baseline"] == -3
    assert study["ended_on"] == dt.datetime(2022, 1, 1)
    assert study["adoption_1_what_changed"] == "Line one\n\nLine two"


def test_running_text_without_formatting_is_exported_as_it_would_be_typed(exported, studies):
    study = json.loads(exported("json").read_text())[0]
    assert study["why"] == "Plain & simple, p <0.05.\n\n• first\n• second"
    assert study["problem"] == "<p>One <b>bold</b> home</p>"
    assert study["specialties"] == ["cardiology", "surgery", "urology"]
    assert study["body"][0] == {"type": "heading", "value": "How"}


def test_only_published_studies_are_exported(exported, library):
    make_case_study("Here")
    make_case_study("Draft").unpublish()
    assert [study["title"] for study in json.loads(exported("json").read_text())] == ["Here"]


def test_an_empty_library_is_an_empty_export(exported, library):
    assert json.loads(exported("json").read_text()) == []
    assert len(exported("csv").read_text().splitlines()) == 1


def test_queries_of_an_export_do_not_grow_with_studies(
    studies, tmp_path, django_assert_max_num_queries
):
    with django_assert_max_num_queries(22):
        call_command("export_case_studies", str(tmp_path / "o.csv"), stdout=StringIO())
    assert published_studies().count() == 5


def test_a_failed_export_leaves_the_old_file(exported, studies, tmp_path):
    path = exported("xlsx")
    before = path.read_bytes()
    CaseStudyPage.objects.filter(external_id="x-1").update(why="<p>" + "long " * 10_000 + "</p>")
    with pytest.raises(CommandError, match=r"“x-1” has .* more than a cell of XLSX"):
        exported("xlsx")
    assert path.read_bytes() == before
    assert list(tmp_path.glob("*.partial")) == []


def test_an_export_can_go_to_the_screen(studies, capfdbinary):
    call_command("export_case_studies", format="json")
    assert json.loads(capfdbinary.readouterr().out)[0]["external_id"] == "x-1"


@pytest.mark.parametrize("name", ["o.txt", "o"])
def test_a_format_that_is_not_known_is_told(db, tmp_path, name):
    with pytest.raises(CommandError, match="Name a format"):
        call_command("export_case_studies", str(tmp_path / name))


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_the_shipped_template_is_the_one_that_is_read(importing, library, ending):
    shipped = DOCS / f"case-studies-template.{ending}"
    made = importing.folder / f"made.{ending}"
    call_command("export_case_studies", str(made), template=True, stdout=StringIO())
    assert shipped.read_bytes() == made.read_bytes()
    assert "1 added" in importing(shipped)


def test_the_page_about_the_template_shows_the_same_example():
    assert EXAMPLE.read_text() in (DOCS / "import-template.md").read_text()
