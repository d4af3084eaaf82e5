"""A process that has the site loaded, and forks one that has it already for each that is asked for.

Started by `tests.durability.warm`, which says over a socket what to run, where, and for which site.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

import django
from asgiref.local import Local
from django.conf import Settings, settings
from django.core.signals import setting_changed
from django.db import connections
from django.test import signals

MOST_BYTES = 1 << 18
# Read anew in each process, as their site sets them.
_SETTINGS = ("learning_hub.settings", "tests.durability.site_settings", "tests.case_studies.alerts")
_ABSENT = object()


def load() -> None:
    """Import all that processes of a site import, without a look at the database."""
    assert signals  # has what Django keeps of its settings dropped when they change
    django.setup()
    import_module(settings.ROOT_URLCONF)
    for module in ("django.core.wsgi", "gunicorn.app.wsgiapp", "tests.factories.syllabus"):
        import_module(module)
    assert all(each.connection is None for each in connections.all(initialized_only=True))
    gc.collect()
    gc.freeze()


def next_order(asked: socket.socket) -> dict[str, Any]:
    """What to run, in a process of its own; the process that forks it ends with its `asked`."""
    while True:
        message, received, _, _ = socket.recv_fds(asked, MOST_BYTES, 4)
        if not message:
            raise SystemExit
        if not os.fork():  # one that waits for the other, so that this one never does
            asked.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            order: dict[str, Any] = json.loads(message)
            keep(received)
            return order
        for descriptor in received:
            os.close(descriptor)


def keep(received: list[int]) -> None:
    """Return in a new process with these files; say which it is and, in the end, how it ended."""
    answers, *files = received
    if number := os.fork():
        for file in files:
            os.close(file)
        with socket.socket(fileno=answers) as answering:
            answering.send(str(number).encode())
            _, status = os.waitpid(number, 0)
            with suppress(OSError):  # nobody may wait for it any more
                answering.send(str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    os.close(answers)
    for place, file in enumerate(files):
        os.dup2(file, place)
        os.close(file)


def become(environment: dict[str, str]) -> None:
    """Be a process of the site that this environment describes."""
    os.environ.clear()
    os.environ.update(environment)
    for name in [name for name in sys.modules if name.startswith(_SETTINGS)]:
        del sys.modules[name]
    # In place: packages add settings of their own as they are imported, which is not done again.
    after = Settings(os.environ["DJANGO_SETTINGS_MODULE"])
    assert after.INSTALLED_APPS == settings.INSTALLED_APPS
    for name in filter(str.isupper, dir(after)):
        value = getattr(after, name)
        if value != getattr(settings, name, _ABSENT):
            setattr(settings, name, value)
            if name != "DATABASES":
                setting_changed.send(Settings, setting=name, value=value, enter=True)
    connections.__dict__.pop("settings", None)
    connections._settings = None
    connections._connections = Local(connections.thread_critical)


def main() -> None:
    """Fork processes until nobody can ask for any more; in each of them, what it was asked for."""
    load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    order = next_order(socket.socket(fileno=int(sys.argv[1])))
    become(order["environment"])
    module, *arguments = order["command"]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
