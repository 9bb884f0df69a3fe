"""nginx as docs/how-to/scale-out/nginx.conf has it, with other ports, folders and names."""

from __future__ import annotations

import functools
import os
import pwd
import re
import signal
import subprocess
from pathlib import Path

from scripts import nginx
from tests.live_server import ROOT
from tests.processes import accepts, end, free_port, wait_until

CONFIGURATION = ROOT / "docs" / "how-to" / "scale-out" / "nginx.conf"
#: The name of the municipality's site in the document.
NAME = "dialog.kommun.se"


def program() -> str:
    found = nginx.find()
    assert found, nginx.MISSING
    return found


@functools.cache
def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for loopback that nobody has signed, and its key."""
    made, key = folder / "fullchain.pem", folder / "privkey.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    subject = ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [*command, "-nodes", *subject, "-out", made, "-keyout", key], check=True, capture_output=True
    )
    return made, key


class Nginx:
    """The documented configuration, on loopback. ``port`` speaks plainly, ``tls_port`` with a certificate."""

    def __init__(self, folder: Path, workers: list[int]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.workers = folder, workers
        self.port, self.tls_port, self.redirecting_port = free_port(), free_port(), free_port()
        self.log_file = folder / "dialog.log"
        self.errors = folder / "error.log"
        (folder / "nginx.conf").write_text(self.configuration())
        self.process: subprocess.Popen[bytes] | None = None

    def configuration(self) -> str:
        """The document's text. What is changed in it has to be there, or the tests would try another file."""
        text = CONFIGURATION.read_text()
        servers = re.compile(r"(?:^ +server 127\.0\.0\.1:\d+ (?P<how>.*);\n)+", re.MULTILINE)
        how = servers.search(text)
        assert how, "no list of workers in the configuration"
        lines = "".join(f"        server 127.0.0.1:{port} {how['how']};\n" for port in self.workers)
        text = servers.sub(lines, text, count=1)
        made, key = certificate(self.folder)
        user = pwd.getpwuid(os.geteuid()).pw_name
        tls, plain = f"127.0.0.1:{self.tls_port}", f"127.0.0.1:{self.port}"
        scratch = "".join(
            f"    {name}_temp_path {self.folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        for before, after in (
            ("user www-data;", f"user {user} {user};" if os.geteuid() == 0 else ""),
            ("worker_processes auto;", "worker_processes 2;"),
            ("/run/nginx.pid", f"{self.folder}/nginx.pid"),
            ("/var/log/nginx/error.log", str(self.errors)),
            ("/var/log/nginx/dialog.log", str(self.log_file)),
            ("buffer=32k flush=1s", ""),
            ("/var/lib/nginx/dialog", f"{self.folder}/files"),
            (f"/etc/letsencrypt/live/{NAME}/fullchain.pem", str(made)),
            (f"/etc/letsencrypt/live/{NAME}/privkey.pem", str(key)),
            ("listen 80;", f"listen 127.0.0.1:{self.redirecting_port};"),
            ("listen 80 default_server;", f"listen 127.0.0.1:{self.redirecting_port} default_server;"),
            ("listen 443 ssl http2;", f"listen {tls} ssl http2; listen {plain};"),
            (
                "listen 443 ssl http2 default_server;",
                f"listen {tls} ssl http2 default_server; listen {plain} default_server;",
            ),
            (f"server_name {NAME};", "server_name 127.0.0.1;"),
            ("http {\n", f"http {{\n{scratch}"),
        ):
            assert before in text, f"not in the configuration any more: {before}"
            text = text.replace(before, after)
        return text

    @property
    def log(self) -> str:
        return self.log_file.read_text() if self.log_file.exists() else ""

    def lines(self, count: int) -> list[str]:
        """The log, once it has so many lines."""
        wait_until(lambda: len(self.log.splitlines()) >= count, f"{count} lines in nginx's log")
        return self.log.splitlines()

    def start(self) -> Nginx:
        self.process = subprocess.Popen([*self._command(), "-g", "daemon off;"])
        wait_until(lambda: accepts(self.port), f"nginx to start: {self._complaint()}")
        return self

    def reload(self) -> None:
        """Read the configuration again, as ``systemctl reload nginx`` does."""
        assert self.process
        self.process.send_signal(signal.SIGHUP)

    def kill(self) -> None:
        """The master and what it has started: as when the machine loses its power."""
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        self.process.kill()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process:
            end(self.process)

    def _command(self) -> list[str]:
        paths = ["-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e", str(self.errors)]
        return [program(), *paths]

    def _complaint(self) -> str:
        return subprocess.run([*self._command(), "-t"], capture_output=True, text=True).stderr
