"""The power fails: what was acknowledged is in the database file, once, wherever the cut falls."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.durability.disk import Disk, Record, records
from tests.durability.ledger import Balance, balance, fact
from tests.durability.site import new_site

CUTS = 500
TRAINEES = 24
DAMAGED = Balance(acknowledged=0, lost=[("database", "damaged")], doubled=[])


@dataclass
class Cuts:
    """What the cuts of one trace left."""

    made: int = 0
    acknowledged: int = 0
    damaged: int = 0
    losing: int = 0
    doubling: int = 0
    examples: list[object] = field(default_factory=list)

    def count(self, found: Balance) -> None:
        """Add what one cut left."""
        self.made += 1
        self.acknowledged = max(self.acknowledged, found.acknowledged)
        self.damaged += found is DAMAGED
        self.losing += bool(found.lost)
        self.doubling += bool(found.doubled)
        self.examples += found.lost[:1] if len(self.examples) < 5 else []

    def __str__(self) -> str:
        return (
            f"{self.made} power cuts, {self.acknowledged} acknowledged, "
            f"{self.losing} lost something ({self.damaged} of them all), "
            f"{self.doubling} doubled something"
        )


@pytest.fixture(scope="session")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that writes the trace; skips, or fails where services are required."""
    compiler = shutil.which("cc")
    if compiler is None:
        reason = "no C compiler: cc is not installed"
        if os.environ.get("HUB_REQUIRE_SERVICES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    library = tmp_path_factory.mktemp("recorder") / "power_cut.so"
    source = Path(__file__).with_name("power_cut.c")
    command = [compiler, "-O1", "-Wall", "-shared", "-fPIC", "-o", str(library), str(source)]
    subprocess.run([*command, "-ldl", "-lpthread"], check=True)
    return library


@dataclass(frozen=True)
class Traced:
    """A run of the workload: its disk as it was at first, and all that was done to it."""

    disk: Disk
    trace: list[Record]


def traced(folder: Path, migrated: Path, recorder: Path, **extra: str) -> Traced:
    """Take all trainees through the module, with every step to the disk written down."""
    site = new_site(folder, migrated, **extra)
    site.set_stage(TRAINEES)
    for left in folder.iterdir():
        if left.is_file() and left != site.database:
            left.unlink()  # the log is empty: nobody has the database open
    notes, trace = folder / "notes", folder.parent / f"{folder.name}.trace"
    disk = Disk(folder, notes)
    site.extra.update(
        LD_PRELOAD=str(recorder), POWER_CUT_FOLDER=str(folder), POWER_CUT_TRACE=str(trace)
    )
    site.run_from_the_start("tests.durability.workload", str(notes))
    return Traced(disk, list(records(trace)))


def cut_off(run: Traced, into: Path, cuts: int) -> Cuts:
    """Cut the power at `cuts` moments, each once with nothing more and once with some more."""
    result, chance = Cuts(), random.Random(1)
    into.mkdir()
    moments = set(chance.sample(range(len(run.trace)), min(cuts, len(run.trace))))
    for number, record in enumerate(run.trace):
        run.disk.go_on(record)
        if number in moments:
            for torn in (None, chance):
                run.disk.after_power_cut(into, torn)
                result.count(left_in(into / "hub.sqlite3", run.disk.acknowledged))
    return result


def left_in(database: Path, acknowledged: list[tuple[str, str]]) -> Balance:
    """What a database file holds after it has recovered."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return DAMAGED
            facts = [fact(kind, key) for kind, key in acknowledged]
            return balance(facts, lambda query: connection.execute(query).fetchall())
    except sqlite3.DatabaseError:
        return DAMAGED


def test_a_power_cut_loses_nothing_that_was_acknowledged(
    tmp_path: Path, migrated: Path, recorder: Path
) -> None:
    run = traced(tmp_path / "site", migrated, recorder)
    cuts = cut_off(run, tmp_path / "after", CUTS)
    print(f"\n{len(run.trace)} steps to the disk; {cuts}")
    assert cuts.made == 2 * CUTS
    assert cuts.acknowledged > 8 * TRAINEES * 0.9
    assert (cuts.losing, cuts.doubling) == (0, 0), cuts.examples


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
def test_the_harness_sees_what_a_database_loses_that_does_not_wait_for_the_disk(
    tmp_path: Path, migrated: Path, recorder: Path, synchronous: str
) -> None:
    run = traced(tmp_path / "site", migrated, recorder, HUB_TEST_SYNCHRONOUS=synchronous)
    cuts = cut_off(run, tmp_path / "after", CUTS // 10)
    print(f"\nsynchronous={synchronous}: {cuts}")
    assert cuts.losing > 0
