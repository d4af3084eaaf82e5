"""Runs a real PostgreSQL server on this machine, for tests and for `make postgres`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.durability.site import Site
from tests.plugins.migrated_database import keep_statements, kept_file

# What a test writes need not survive a power cut.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
ADMIN = "hub"  # may do everything on this server, without a password, from this machine
UNPRIVILEGED = ("postgres", "nobody")  # who runs the server where we are root, which it refuses


class ServerProblem(Exception):
    """The server cannot be started; the text says why."""


@dataclass(frozen=True)
class PostgresServer:
    """A server whose data is in `folder`/data. Nothing is kept anywhere else."""

    folder: Path

    @property
    def data(self) -> Path:
        """The server's own data folder."""
        return self.folder / "data"

    @property
    def port(self) -> int:
        """The port that it listens on, chosen when it was first started."""
        return int((self.folder / "port").read_text())

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases, as DATABASE_URL takes it."""
        return f"postgres://{ADMIN}@127.0.0.1:{self.port}/{database}"

    def start(self, *options: str) -> None:
        """Start it, with `options` such as fsync=off. Raises ServerProblem."""
        self._prepare()
        if _run("pg_ctl", "status", "-D", self.data).returncode == 0:
            return
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", *options]
        settings.append("unix_socket_directories=")  # nobody needs one, and long paths break it
        given = " ".join(f"-c {setting}" for setting in settings)
        log = self.folder / "log"
        start = _run("pg_ctl", "start", "-w", "-D", self.data, "-l", log, "-o", given)
        if start.returncode:
            raise ServerProblem(f"PostgreSQL does not start; see {log}")

    def stop(self) -> None:
        """Stop it, if it runs."""
        if (self.data / "postmaster.pid").exists():
            _run("pg_ctl", "stop", "-w", "-m", "fast", "-D", self.data)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """What psql prints for `statement`, bare: a line a row. Raises ServerProblem."""
        return _printed("psql", "-X", "-A", "-t", "-c", statement, self.url(database)).strip()

    def dump(self, database: str) -> str:
        """The statements that make this database. Raises ServerProblem."""
        return _printed("pg_dump", self.url(database))

    def execute(self, statements: str, database: str) -> None:
        """Make of an empty database what `dump` made them of. Raises ServerProblem."""
        strict = ("-X", "-q", "-1", "-v", "ON_ERROR_STOP=1")
        _printed("psql", *strict, self.url(database), given=statements)

    def _prepare(self) -> None:
        """Make the data folder, once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "port").exists():
            (self.folder / "port").write_text(str(_spare_port()))
        if (self.data / "PG_VERSION").exists():
            return
        if _is_root():
            shutil.chown(self.folder, _unprivileged())
        given = ["-U", ADMIN, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        made = _run("initdb", "-D", self.data, *given)
        if made.returncode:
            raise ServerProblem(f"PostgreSQL cannot make its folder: {made.stderr.strip()}")


def programs() -> Path:
    """The folder of the newest PostgreSQL of this machine. Raises ServerProblem."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise ServerProblem("PostgreSQL is not installed: on Debian, install postgresql")
    return (found[-1] if found else Path(str(on_path))).parent


def _printed(program: str, *arguments: str, given: str = "") -> str:
    done = _run(program, *arguments, given=given)
    if done.returncode:
        raise ServerProblem(done.stderr)
    return done.stdout


def _run(program: str, *arguments: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [str(programs() / program), *map(str, arguments)]
    if _is_root():
        command = ["setpriv", f"--reuid={_unprivileged()}", "--clear-groups", *command]
    # The server outlives pg_ctl and would keep a pipe open, so what is printed goes to files.
    with (
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
        tempfile.TemporaryFile("w+") as put,
    ):
        put.write(given)
        put.seek(0)
        done = subprocess.run(command, stdin=put, stdout=out, stderr=err, check=False, cwd="/")
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, out.read(), err.read())


def _is_root() -> bool:
    return os.geteuid() == 0


def _unprivileged() -> str:
    known = {line.split(":")[0] for line in Path("/etc/passwd").read_text().splitlines()}
    return next(name for name in UNPRIVILEGED if name in known)


def _spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server for this run, in a temporary folder; skips, or fails where services are required."""
    folder = Path(tempfile.mkdtemp(prefix="hub-postgres-"))
    server = PostgresServer(folder)
    try:
        programs()
        server.start(*FAST)
        yield server
    except ServerProblem as problem:
        if os.environ.get("HUB_REQUIRE_SERVICES") == "1":
            pytest.fail(str(problem))
        pytest.skip(str(problem))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_on_postgres(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a database with all tables of the site, to copy as a template.

    What an earlier run migrated is written here as it is; migrating finds nothing to do then.
    """
    postgres_server.sql("CREATE DATABASE migrated")
    kept = kept_file("sql")
    if kept.exists():
        postgres_server.execute(kept.read_text(), "migrated")
    site = Site(tmp_path_factory.mktemp("postgres"), postgres_server.url("migrated"))
    site.migrate()
    if not kept.exists():
        keep_statements(postgres_server.dump("migrated"))
    return "migrated"


@pytest.fixture
def site_on_postgres(
    postgres_server: PostgresServer, migrated_on_postgres: str, tmp_path: Path
) -> Site:
    """A site with an empty record, on PostgreSQL."""
    name = f"site_{uuid.uuid4().hex}"
    postgres_server.sql(f"CREATE DATABASE {name} TEMPLATE {migrated_on_postgres}")
    return Site(tmp_path, postgres_server.url(name))


def main(verb: str, folder: str, *command: str) -> None:
    """`start` or `stop` the server in `folder`; or `run` a command on one that ends with it."""
    server = PostgresServer(Path(folder).resolve())
    try:
        if verb == "stop":
            server.stop()
            return
        if verb == "run":
            raise SystemExit(_run_on(server, command))
        server.start()
        if not server.sql("SELECT 1 FROM pg_database WHERE datname = 'learning_hub'"):
            server.sql("CREATE DATABASE learning_hub")
    except ServerProblem as problem:
        raise SystemExit(str(problem)) from None
    print(f"DATABASE_URL={server.url('learning_hub')}")


def _run_on(server: PostgresServer, command: Sequence[str]) -> int:
    """What `command` returns. Its databases stay in the folder: migrating them takes a while."""
    server.start(*FAST)
    try:
        environment = {**os.environ, "DATABASE_URL": server.url("learning_hub")}
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        server.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
