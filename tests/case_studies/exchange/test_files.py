"""Files as they come: three formats, and everything that can be wrong with one."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from case_studies.exchange import sheets
from case_studies.exchange.sheets import UnreadableFile, read_file
from case_studies.models import CaseStudyPage
from learning_hub.blocks.outside_html import MAX_CHARACTERS, MAX_TAGS

HEADER = "external_id,title,one_line_result,organisation,regions,started_on,cost_per_trainee"
LINE = 'a-1,Lists,Result,Trust,north-west; london,01/09/2021,"£1,250.50"'


@pytest.fixture
def write(tmp_path):
    def file(content, name):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return file


@pytest.fixture
def workbook(tmp_path):
    def file(*rows):
        book = openpyxl.Workbook()
        for line in rows:
            book.active.append(line)
        path = tmp_path / "studies.xlsx"
        book.save(path)
        return path

    return file


def reason(path):
    with pytest.raises(UnreadableFile) as refusal:
        read_file(path)
    return str(refusal.value)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("divider", [",", ";"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_csv_is_read_however_a_spreadsheet_saved_it(write, mark, divider, line_end):
    line = f'a-1{divider}Lists{divider}Result{divider}"Trust, North; and West"'
    header = HEADER.replace(",", divider).split(divider + "regions")[0]
    rows = read_file(write(mark + (header + line_end + line + line_end).encode(), "s.csv"))
    assert rows[0].values["organisation"] == "Trust, North; and West"
    assert rows[0].number == 2


def test_column_names_may_be_written_loosely_and_stand_in_any_order(write):
    text = "Title, one-line result ,ORGANISATION,External ID\nLists,R,T,a-1\n"
    assert read_file(write(text, "s.csv"))[0].values["external_id"] == "a-1"


def test_empty_lines_are_passed_over_and_rows_keep_their_numbers(write):
    text = f"{HEADER}\n\n,,,,,,\n{LINE}\n"
    assert [row.number for row in read_file(write(text, "s.csv"))] == [4]


def test_spreadsheet_dates_numbers_and_texts_are_read(importing, workbook):
    importing(
        workbook(
            [*HEADER.split(","), "set_up_cost", "is_illustrative", "outcome_1_measure"],
            [
                101,
                "Lists",
                "R",
                "T",
                "London",
                dt.datetime(2021, 9, 1),
                1250.5,
                "1,000",
                True,
                None,
            ],
        ),
        draft=True,
    )
    page = CaseStudyPage.objects.get(external_id="101").get_latest_revision_as_object()
    assert page.started_on == dt.date(2021, 9, 1)
    assert (page.cost_per_trainee, page.set_up_cost) == (Decimal("1250.5"), 1000)
    assert page.is_illustrative
    assert not page.outcomes.all()


def test_numbered_columns_are_rows_and_empty_ones_are_none(importing, workbook):
    importing(
        workbook(
            [*HEADER.split(",")[:4], "reach_1_group", "reach_3_group", "reach_3_eligible"],
            ["a", "Lists", "R", "T", None, "Core trainees", 12],
        ),
        draft=True,
    )
    page = CaseStudyPage.objects.get().get_latest_revision_as_object()
    assert [(reach.group, reach.eligible) for reach in page.reach.all()] == [("Core trainees", 12)]


def test_formulas_and_errors_are_refused_by_cell(importing, workbook):
    path = workbook(HEADER.split(",")[:5], ["a", "=1+1", "R", "T", "#N/A"])
    said = importing.refused(path, draft=True)
    assert "Row 2, title: The cell holds a formula. Put its value there." in said
    assert "Row 2, regions: The cell holds an error (#N/A)." in said


def test_a_text_that_excel_made_a_date_of_is_told(importing, workbook):
    path = workbook(HEADER.split(",")[:4], ["a", dt.date(2021, 4, 3), "R", "T"])
    assert "made a date of this text" in importing.refused(path, draft=True)


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        ("", "s.csv", "The file is empty"),
        (HEADER, "s.csv", "no rows of studies"),
        ("title,organisation\nx,y", "s.csv", "missing: external_id, one_line_result"),
        (HEADER + ",specialtys\n" + LINE + ",x", "s.csv", "Did you mean “specialties”?"),
        (HEADER + ",title\n" + LINE + ",x", "s.csv", "“title” is there twice"),
        (HEADER.replace("title", "Título"), "s.csv", "is not a column"),
        ((HEADER + "\nTr\xfcst").encode("latin-1"), "s.csv", "not UTF-8 (line 2)"),
        ((HEADER + "\n" + LINE).encode("utf-16"), "s.csv", "not UTF-8"),
        (HEADER + "\n" + "x" * 10_000_000, "s.csv", "huge cell"),
        (",".join(f"c{n}" for n in range(100_000)) + "\nx", "s.csv", "100,000 columns"),
        ("", "s.json", "broken at line 1"),
        ('[{"title": "x"', "s.json", "broken at line 1"),
        ('{"title": "x"}', "s.json", "not a list of objects"),
        ("[]", "s.json", "no rows of studies"),
        ("null", "s.json", "not a list of objects"),
        ("[" * 200_000, "s.json", "nests too deep"),
        ('[{"title": 1, "title": 2}]', "s.json", "the key “title” twice"),
        ('[{"set_up_cost": NaN}]', "s.json", "NaN is not a number"),
        ("[" + "9" * 5_000 + "]", "s.json", "cannot be read"),
        ("not a workbook", "s.xlsx", "not an XLSX workbook"),
        ("PK\x03\x04 nor this", "s.xlsx", "not an XLSX workbook"),
        ("x", "s.xls", "not a .csv, .xlsx or .json file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_why(write, content, name, expected):
    assert expected in reason(write(content, name))


def test_a_file_that_is_not_there_is_told(tmp_path):
    assert "cannot be opened: No such file" in reason(tmp_path / "gone.csv")


def test_nothing_changes_where_the_file_cannot_be_read(importing):
    assert "Nothing was changed." in importing.refused("[", "s.json")
    assert not CaseStudyPage.objects.exists()


def zipped(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(write, monkeypatch):
    monkeypatch.setattr(sheets, "MAX_UNPACKED_BYTES", 5_000_000)
    parts = {f"xl/part{n}.xml": b"\0" * 2_000_000 for n in range(3)}
    assert "unpacks to more" in reason(write(zipped(parts), "s.xlsx"))


def test_a_zip_that_is_no_workbook_is_refused(write):
    assert "broken" in reason(write(zipped({"hello.txt": "x"}), "s.xlsx"))


def test_entities_in_a_workbook_are_not_expanded(write, workbook):
    good = zipfile.ZipFile(workbook(HEADER.split(","), ["a"]))
    parts = {name: good.read(name) for name in good.namelist()}
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
    )
    parts["xl/workbook.xml"] = (bomb + "]><workbook>&j;</workbook>").encode()
    assert reason(write(zipped(parts), "s.xlsx"))


def test_a_workbook_that_claims_a_million_columns_is_read_as_it_is(write, workbook):
    good = zipfile.ZipFile(workbook(HEADER.split(","), ["a", "Lists", "R", "T"]))
    parts = {name: good.read(name) for name in good.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b'ref="A1:G2"', b'ref="A1:XFD1048576"')
    assert sheet != parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet
    assert len(read_file(write(zipped(parts), "s.xlsx"))) == 1


@pytest.mark.parametrize(
    ("study", "expected"),
    [
        ("text", "not an object with the fields"),
        ({"titel": "x"}, "“titel” is not a column. Did you mean “title”?"),
        ({"outcomes": "x"}, "“outcomes” is not a list of objects"),
        ({"outcomes": ["x"]}, "“outcomes” holds something that is no object"),
        ({"reach": [{"grop": "x"}]}, "Did you mean “group”?"),
    ],
)
def test_a_wrong_shape_in_json_is_told_by_study(importing, row, study, expected):
    said = importing.refused([row, study])
    assert "Row 2: " in said
    assert expected in said


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": ""}, "title: It is empty. Give a text of up to 255 characters."),
        ({"title": "x" * 256}, "title: Ensure this value has at most 255 characters"),
        ({"title": "nul\x00"}, "title: The text holds a control character."),
        ({"title": "lone \ud800"}, "title: The text holds a control character."),
        ({"title": {"a": 1}}, "title: This is not a single value."),
        ({"title": ["x"]}, "title: This is not a single value."),
        ({"started_on": "2021-02-30"}, "started_on: “2021-02-30” is not a date. Write 2021-09-30"),
        ({"started_on": 44440}, "started_on: “44440” is not a date."),
        ({"ended_on": "2020-01-01"}, "ended_on: It cannot end before it started."),
        ({"set_up_cost": "-5"}, "set_up_cost: Ensure this value is greater than or equal to 0"),
        ({"set_up_cost": "1.234"}, "set_up_cost: Ensure that there are no more than 2 decimal"),
        ({"set_up_cost": "1,25"}, "set_up_cost: “1,25” is not a number."),
        ({"set_up_cost": "1e400"}, "set_up_cost: “1e400” is not a number."),
        ({"set_up_cost": "9" * 14}, "set_up_cost: Ensure that there are no more than 11 digits"),
        ({"is_illustrative": "perhaps"}, "is_illustrative: “perhaps” is neither yes nor no."),
        ({"contact_mailbox": "nobody"}, "contact_mailbox: Enter a valid email address."),
        ({"slug": "not a slug!"}, "slug: Enter a valid"),
        ({"evidence_level": "level-9"}, "evidence_level: “level-9” is not a term"),
        ({"specialties": ["x"] * 101}, "specialties: There are 101 terms; at most 100"),
        (
            {"problem": "x" * (MAX_CHARACTERS + 1)},
            f"problem: The text is longer than {MAX_CHARACTERS:,} characters.",
        ),
        (
            {"problem": "<p>" * 5_000 + "</p>"},
            f"problem: The text has more than {MAX_TAGS:,} tags.",
        ),
        ({"body": '[{"type": "heading"'}, "body: The body starts with “[” but is not a JSON list"),
        ({"body": [{"type": "figure", "value": {}}]}, "“type” out of: heading, paragraph, quote"),
        ({"body": [{"type": "quote", "value": {"quote": ""}}]}, "Block 1 (quote): quote: This"),
        ({"body": [{"type": "quote", "value": {"who": ""}}]}, "has no part “who”; its parts are"),
        ({"reach": [{"eligible": 5}]}, "reach_1_group: It is empty"),
        ({"reach": [{"group": "a", "eligible": 1, "took_part": 2}]}, "reach_1_took_part: More"),
        ({"reach": [{"group": "a", "eligible": 1.5}]}, "reach_1_eligible: “1.5” is not a whole"),
        ({"reach": [{"group": "a"}] * 31}, "reach: There are more than 30 reach"),
        ({"outcomes": [{"measure": "a"}]}, "outcome_1_design: It is empty. Use one of: feedback"),
        ({"outcomes": [{"measure": "a", "design": "guess"}]}, "outcome_1_design: “guess” is not"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_with_what_would_be_accepted(
    importing, row, change, expected
):
    content = json.dumps([row | change])
    said = importing.refused(content)
    assert f"Row 1, {expected}" in said or (expected in said and "Row 1, body" in said)
    assert not CaseStudyPage.objects.exists()


def test_a_row_with_more_cells_than_the_header_is_told(importing):
    said = importing.refused(f"{HEADER}\n{LINE},x,y\n", "s.csv", draft=True)
    assert "Row 2: The row has 9 cells, the header 7. Is a quotation mark missing?" in said


def test_a_row_that_was_cut_off_empties_nothing(importing):
    importing(f"{HEADER}\n{LINE}\n", "s.csv", draft=True)
    importing(f"{HEADER}\na-1,New title,Result,Trust", "s.csv", draft=True)
    page = CaseStudyPage.objects.get().get_latest_revision_as_object()
    assert page.title == "New title"
    assert page.regions.count() == 2


def test_a_workbook_empties_the_cells_at_the_end_of_a_row(importing, workbook):
    header = HEADER.split(",")
    importing(workbook(header, ["a-1", "L", "R", "T", "London", None, 5]), draft=True)
    importing(workbook(header, ["a-1", "L", "R", "T", "London"]), draft=True)
    page = CaseStudyPage.objects.get().get_latest_revision_as_object()
    assert page.cost_per_trainee is None


def test_every_problem_of_every_row_is_told_in_order(importing, row):
    bad = row | {"status": "x", "licence": "y", "external_id": ""}
    said = importing.refused([bad, bad])
    lines = [line.split(":")[0] for line in said.splitlines() if line.startswith("Row")]
    assert lines == [
        f"Row {number}, {column}"
        for number in (1, 2)
        for column in ("external_id", "licence", "status")
    ]
