"""Run nginx with docs/how-to/scale-out/nginx.conf, changed to local ports, folders and names."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ..config import ROOT

CONFIGURATION = ROOT / "docs" / "how-to" / "scale-out" / "nginx.conf"
#: Host name in the documented configuration.
NAME = "dialog.kommun.se"
#: Folders with the program; Debian's is only on the path of root.
PLACES = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
#: IPv6 addresses in the documented configuration.
LISTENS_TOO = (
    ("80", ""),
    ("80", " default_server"),
    ("443", " ssl http2"),
    ("443", " ssl http2 default_server"),
)
_WORKERS = re.compile(r"(?:^ +server 127\.0\.0\.1:\d+ (?P<how>.*);\n)+", re.MULTILINE)


def find_nginx() -> str | None:
    """Return the path of nginx; None when it is not installed."""
    return shutil.which("nginx", path=PLACES)


@dataclass(frozen=True)
class NginxPorts:
    """Ports on the loopback address: without TLS, with TLS, and the redirect to it."""

    plain: int
    tls: int
    redirecting: int


def write_configuration(folder: Path, workers: list[int], ports: NginxPorts) -> list[str]:
    """Write nginx.conf and its certificate into *folder*; return the command that starts nginx with them.

    Raises ``ValueError`` when a line to change is missing, as another configuration would be tested.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = CONFIGURATION.read_text()
    for before, after in _changes(folder, ports):
        if before not in text:
            raise ValueError(f"not in the configuration any more: {before}")
        text = text.replace(before, after)
    listed = _WORKERS.search(text)
    if listed is None:
        raise ValueError("no list of workers in the configuration")
    lines = "".join(f"        server 127.0.0.1:{port} {listed['how']};\n" for port in workers)
    text = text[: listed.start()] + lines + text[listed.end() :]
    (folder / "nginx.conf").write_text(text)
    _certificate(folder)
    program = find_nginx()
    if program is None:
        raise FileNotFoundError("no nginx here: install the package nginx")
    paths = ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    return [program, *paths, "-g", "daemon off;"]


def _changes(folder: Path, ports: NginxPorts) -> list[tuple[str, str]]:
    user = pwd.getpwuid(os.geteuid()).pw_name
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    scratch = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    plain, tls = f"127.0.0.1:{ports.plain}", f"127.0.0.1:{ports.tls}"
    redirecting = f"127.0.0.1:{ports.redirecting}"
    default = f"listen {tls} ssl http2 default_server; listen {plain} default_server;"
    return [
        # Only root may change the user.
        ("user www-data;", f"user {user} {user};" if os.geteuid() == 0 else ""),
        ("worker_processes auto;", "worker_processes 2;"),
        ("/run/nginx.pid", f"{folder}/nginx.pid"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/var/lib/nginx/", f"{folder}/"),
        (" buffer=32k flush=1s", ""),
        (f"/etc/letsencrypt/live/{NAME}/", f"{folder}/"),
        # Some machines have no IPv6.
        *((f"        listen [::]:{port}{how};\n", "") for port, how in LISTENS_TOO),
        ("listen 80;", f"listen {redirecting};"),
        ("listen 80 default_server;", f"listen {redirecting} default_server;"),
        ("listen 443 ssl http2;", f"listen {tls} ssl http2; listen {plain};"),
        ("listen 443 ssl http2 default_server;", default),
        (f"server_name {NAME};", "server_name 127.0.0.1;"),
        ("http {\n", f"http {{\n{scratch}"),
    ]


def _certificate(folder: Path) -> None:
    """Create a self-signed certificate for the loopback address, and its key."""
    program = shutil.which("openssl")
    if program is None:
        raise FileNotFoundError("no openssl here: install the package openssl")
    command = [program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subject = ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-out", str(folder / "fullchain.pem"), "-keyout", str(folder / "privkey.pem")]
    subprocess.run([*command, *subject, *files], check=True, capture_output=True)  # noqa: S603  our own words
