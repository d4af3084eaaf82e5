"""Plants the demo's case studies through the same import that anybody's file goes through."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from case_studies.exchange.importing import Report, import_studies
from case_studies.exchange.sheets import read_file
from case_studies.models import CaseStudyIndexPage
from learning_hub.home.demo.stages import Stage

FOLDER = Path(__file__).parent / "content" / "studies"


class ContentRefused(Exception):
    """The import refused a file of the demo; the message names each row and column."""

    def __init__(self, file: Path, report: Report) -> None:
        reasons = [f"row {p.row}, {p.column or 'whole row'}: {p.message}" for p in report.problems]
        super().__init__(f"{file.name} was refused.\n" + "\n".join(reasons))


def stages() -> list[Stage]:
    """A stage for each file of studies."""
    return [
        Stage(f"studies/{file.stem}", f"Case studies, {_words(file)}", partial(_import, file))
        for file in sorted(FOLDER.glob("*.json"))
    ]


def _import(file: Path) -> str:
    library = CaseStudyIndexPage.objects.get()
    report = import_studies(library=library, rows=read_file(file))
    if report.problems:
        raise ContentRefused(file, report)
    return f"{report.rows} published"


def _words(file: Path) -> str:
    return file.stem.replace("-", " ")
