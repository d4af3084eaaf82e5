"""Prepares the styles and scripts of a site, as an upgrade does."""

from __future__ import annotations

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    call_command("build_frontend")
    call_command("collectstatic", interactive=False, verbosity=0)
