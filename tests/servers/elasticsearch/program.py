"""Lays an Elasticsearch out from its published Maven artifacts, once, for any number of nodes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).parent
POM = HERE / "pom.xml"
PINS = HERE / "artifacts.sha256"
ROOT = HERE.parents[2]
RUNNING_NEEDS, FETCHING_NEEDS = ("java",), ("mvn", "java", "javac", "jar")
TRANSPORT = ("*netty*.jar", "elasticsearch-ssl-config-*.jar")  # live in a module of their own
SLOWEST_FETCH = 900
HEAP = "512m"
ARCHIVE = "classes.jsa"


class ServerProblem(Exception):
    """A server cannot be had; the text says why, in one line."""


class ServerMissing(ServerProblem):
    """This machine lacks what the server is made of; with that, it could be had."""


def version() -> str:
    """The version of Elasticsearch that this project is tested with."""
    return str(ElementTree.parse(POM).findtext(".//{*}elasticsearch.version"))


def var_folder() -> Path:
    """Where everything that is not the project's own is written."""
    return Path(os.environ.get("HUB_VAR_DIR") or ROOT / "var").resolve()


def _need(programs: tuple[str, ...]) -> None:
    """Raise ServerProblem where this machine lacks one of `programs`."""
    absent = [name for name in programs if shutil.which(name) is None]
    if absent:
        raise ServerMissing(
            f"Elasticsearch needs {' and '.join(absent)}: "
            "on Debian, install maven and default-jdk-headless"
        )


def installed() -> Path:
    """The home folder of the program, fetched if it is not there. Raises ServerProblem."""
    folder = var_folder() / "elasticsearch" / "program"
    home = folder / _state()
    if home.exists():
        _need(RUNNING_NEEDS)
        return home
    _need(FETCHING_NEEDS)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / "lock"):
        if not home.exists():
            _lay_out(home)
    return home


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one process at a time, for as long as the block lasts."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def command(home: Path, settings: dict[str, object], *options: str) -> list[str]:
    """What runs one node in the foreground, with these settings of Elasticsearch."""
    java = ["java", f"-Xms{HEAP}", f"-Xmx{HEAP}", f"-XX:SharedArchiveFile={home / ARCHIVE}"]
    java += ["-XX:+ExitOnOutOfMemoryError", *options, "-cp", _class_path(home)]
    given = [f"{name}={value}" for name, value in settings.items()]
    return [*java, "hub.ElasticsearchNode", str(home), *given]


def _class_path(home: Path) -> str:
    return f"{home / 'lib'}/*"


def _state() -> str:
    """A name that changes with whatever the program is made of."""
    digest = hashlib.sha256()
    for path in (POM, PINS, *sorted(HERE.glob("*.java")), Path(__file__)):
        digest.update(path.read_bytes())
    return f"{version()}-{digest.hexdigest()[:12]}"


def _lay_out(home: Path) -> None:
    """Make `home` whole or not at all; an older one stays, as its nodes may still run."""
    building = Path(tempfile.mkdtemp(dir=home.parent, prefix="building-"))
    try:
        _say(f"Fetching Elasticsearch {version()} with Maven (once, 41 MB)")
        fetch(building / "lib")
        _say("Checking what arrived")
        _check(building / "lib")
        _say("Compiling")
        _compile(building)
        building.rename(home)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    _say("Rehearsing")
    _rehearse(home)


def _rehearse(home: Path) -> None:
    """Start a node once and keep its classes as Java has read them, which halves later starts."""
    with tempfile.TemporaryDirectory() as data:
        settings = {
            "node.name": "rehearsal",
            "network.host": "127.0.0.1",
            "http.port": 0,
            "transport.port": 0,
            "discovery.type": "single-node",
            "path.data": data,
        }
        made = Path(data) / ARCHIVE  # moved when whole: others may start nodes meanwhile
        whole = command(home, settings, f"-XX:ArchiveClassesAtExit={made}", "-Dhub.rehearses=true")
        _java(*[part for part in whole if "SharedArchiveFile" not in part])
        shutil.copy(made, home / "copying")
        (home / "copying").rename(home / ARCHIVE)


def fetch(folder: Path) -> None:
    """Copy every artifact into `folder`. Raises ServerProblem."""
    goal = "dependency:copy-dependencies"
    maven = ["mvn", "-B", "-q", "-f", str(POM), goal, f"-DoutputDirectory={folder}"]
    try:
        done = subprocess.run(
            maven, capture_output=True, text=True, check=False, timeout=SLOWEST_FETCH
        )
    except subprocess.TimeoutExpired:
        raise ServerMissing(f"Maven did not finish within {SLOWEST_FETCH} seconds") from None
    if done.returncode:
        raise ServerMissing(f"Maven cannot fetch Elasticsearch: {_first_error(done.stdout)}")


def _first_error(printed: str) -> str:
    errors = [line for line in printed.splitlines() if "ERROR" in line]
    return (errors or printed.splitlines() or ["it printed nothing"])[0][:300].strip()


def sums(folder: Path) -> str:
    """The artifacts of a folder with their digests, as `sha256sum` writes them."""
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.glob("*.jar"))
    )


def _check(folder: Path) -> None:
    wanted, arrived = set(PINS.read_text().splitlines()), set(sums(folder).splitlines())
    if wanted != arrived:
        names = sorted({line.split()[-1] for line in wanted ^ arrived})
        raise ServerProblem(f"Maven brought other artifacts than are pinned: {', '.join(names)}")


def _compile(home: Path) -> None:
    """Our two classes: the node, in the program's own folder, and the plugin, in a module."""
    transport, root = home / "modules" / "transport-netty4", home / "modules" / "root"
    for folder in (transport, root, home / "config", home / "plugins"):
        folder.mkdir(parents=True)
    classes = Path(tempfile.mkdtemp(dir=home))
    libraries = _class_path(home)
    _java("javac", "-nowarn", "-cp", libraries, "-d", classes, *sorted(HERE.glob("*.java")))
    _jar(root / "root.jar", classes, "RootPlugin")
    _jar(home / "lib" / "node.jar", classes, "ElasticsearchNode")
    shutil.rmtree(classes)
    for path in [path for pattern in TRANSPORT for path in (home / "lib").glob(pattern)]:
        path.rename(transport / path.name)
    _describe(transport, "org.elasticsearch.transport.netty4.Netty4Plugin")
    _describe(root, "hub.RootPlugin")


def _jar(path: Path, classes: Path, name: str) -> None:
    words: list[str | Path] = ["jar", "--create", "--file", path]
    for file in sorted(classes.glob(f"hub/{name}*.class")):
        words += ["-C", classes, file.relative_to(classes)]
    _java(*words)


def _java(*words: str | Path) -> None:
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServerProblem(f"{words[0]} fails: {' '.join(done.stderr.split())[:300]}")


def _describe(module: Path, class_name: str) -> None:
    """The file by which the server knows a module."""
    lines = {
        "name": module.name,
        "description": module.name,
        "classname": class_name,
        "version": version(),
        "elasticsearch.version": version(),
        "java.version": "17",
    }
    text = "".join(f"{key}={value}\n" for key, value in lines.items())
    (module / "plugin-descriptor.properties").write_text(text)


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def pin() -> None:
    """Write down the artifacts that the versions in pom.xml bring now."""
    with tempfile.TemporaryDirectory() as folder:
        fetch(Path(folder))
        PINS.write_text(sums(Path(folder)))


if __name__ == "__main__":
    pin()
