"""Asks the web server of this container whether it lives; ends with an error if it does not."""

import os
import urllib.request

PORT = os.environ.get("HUB_BIND", "0.0.0.0:8000").rpartition(":")[2]

with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=4) as answer:
    answer.read()
