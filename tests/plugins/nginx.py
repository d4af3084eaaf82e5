"""Puts a real nginx in front of a server, for what the server itself lacks: TLS and passwords."""

from __future__ import annotations

import base64
import os
import shutil
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.plugins.elasticsearch import (
    ElasticsearchAddress,
    ServerMissing,
    ServerProblem,
    cannot,
)
from tests.servers import processes
from tests.servers.certificates import HERE, Authority
from tests.servers.ports import spare_port

STARTS_WITHIN = 20
CONFIGURATION = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ }}
http {{
    access_log off;
    client_max_body_size 0;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream servers {{ {servers} keepalive 16; }}
    map_hash_bucket_size 512;
    map $http_authorization $is_known {{
        default 0;
        "Basic {basic}" 1;
        "ApiKey {api_key}" 1;
    }}
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        location / {{
            error_page 401 @unknown;
            if ($is_known = 0) {{ return 401; }}
            proxy_pass http://servers;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Authorization "";
        }}
        location @unknown {{
            default_type application/json;
            add_header X-elastic-product Elasticsearch always;
            add_header WWW-Authenticate 'Basic realm="security", ApiKey' always;
            return 401 '{{"error":{{"type":"security_exception","reason":"who?"}},"status":401}}';
        }}
    }}
}}
"""


@dataclass
class NginxProxy:
    """nginx in front of `upstreams`, with a certificate of `authority`.

    It knows one user and one API key, and answers others as Elasticsearch does. What it writes is
    in `folder`.
    """

    folder: Path
    upstreams: list[str]
    username: str = "hub"
    password: str = "correct horse: battery/staple"
    api_key: str = field(default=base64.b64encode(b"id:key").decode())
    port: int = field(default_factory=spare_port)

    def __post_init__(self) -> None:
        self.authority = Authority(self.folder / "authority")

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def ca(self) -> Path:
        """The file of the authority that those who call it must trust."""
        return self.authority.file

    def start(self, hosts: tuple[str, ...] = HERE, *, expired: bool = False) -> None:
        """Start it, and wait until it listens. Raises ServerProblem."""
        until = datetime.now(UTC) - timedelta(hours=1) if expired else None
        certificate, key = self.authority.issue("server", hosts, until)
        settings = self.folder / "nginx.conf"
        settings.write_text(self._configuration(certificate, key))
        command = [_program(), "-p", str(self.folder), "-c", str(settings), "-e", "stderr"]
        if ends_with_us := shutil.which("setpriv"):
            command = [ends_with_us, "--pdeathsig", "TERM", *command]
        processes.start(command, self.folder)
        self._wait()

    def stop(self) -> None:
        """Stop it, if it runs."""
        processes.end(self.folder)

    def _configuration(self, certificate: Path, key: Path) -> str:
        pair = f"{self.username}:{self.password}".encode()
        return CONFIGURATION.format(
            folder=self.folder,
            port=self.port,
            user="user root;" if os.geteuid() == 0 else "",
            servers=" ".join(f"server {urlsplit(url).netloc};" for url in self.upstreams),
            basic=base64.b64encode(pair).decode(),
            api_key=self.api_key,
            certificate=certificate,
            key=key,
        )

    def _wait(self) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and processes.runs(self.folder):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise ServerProblem(f"nginx does not start: {(self.folder / 'log').read_text()[-500:]}")


def _program() -> str:
    """Where nginx is; Debian keeps it where only root looks. Raises ServerProblem."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise ServerMissing("nginx is not installed: on Debian, install nginx-light")
    return found


@pytest.fixture
def nginx_proxy(elasticsearch_server: ElasticsearchAddress, tmp_path: Path) -> Iterator[NginxProxy]:
    """Elasticsearch as it is with security on: behind TLS, for those who prove who they are."""
    proxy = NginxProxy(tmp_path / "nginx", elasticsearch_server.urls)
    try:
        proxy.start()
    except ServerProblem as problem:
        cannot(problem)
    yield proxy
    proxy.stop()
