"""Import everything that the live process imports, and fork live processes.

Starting Python and importing everything takes seconds of processor time, and a run of the tests starts
hundreds of servers. ``tests/prepared.py`` controls this process: it writes one JSON command a line to stdin
and reads one JSON answer a line from stdout. When stdin ends, all remaining processes are killed.
"""

import wsgi  # must be first: it patches the standard library

# ruff: noqa: I001
import contextlib
import importlib
import json
import os
import signal
import sys
import tempfile
import traceback
from typing import Any, NoReturn

from sqlalchemy.orm import configure_mappers

from dialog import create_app
from dialog.config import Settings

#: Modules that are imported only after the application is made.
LATER = ("eventlet.wsgi", "eventlet.websocket", "psycopg2", "sqlalchemy.dialects.sqlite", "sqlite3")


def import_everything() -> None:
    """Import what making an application imports. A child makes it, because that starts more than imports."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with tempfile.TemporaryDirectory() as folder, os.fdopen(writing, "w") as names:
            create_app(Settings.from_env({"DIALOG_ENV": "test", "DATA_DIR": folder}))
            names.write("\n".join(sys.modules))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as names:
        wanted = names.read().split("\n")
    os.waitpid(child, 0)
    for name in (*wanted, *LATER):
        with contextlib.suppress(ImportError):  # some names are not modules that can be imported
            importlib.import_module(name)
    configure_mappers()


def serve(module: str, environment: dict[str, str], log: str) -> NoReturn:
    """Become a live process with this environment and log, and run *module* as its program."""
    os.environ.clear()
    os.environ.update(environment)
    files = (os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644))
    for target, source in enumerate((files[0], files[1], files[1])):
        os.dup2(source, target)
    code: Any = 0
    try:
        if module == "wsgi":
            wsgi.serve()
        else:
            importlib.import_module(module)
    except SystemExit as ended:
        code = ended.code or 0
        if not isinstance(code, int):
            sys.stderr.write(f"{code}\n")
            code = 1
    except BaseException:
        traceback.print_exc()
        code = 1
    os._exit(code)


def main() -> None:
    children: set[int] = set()
    sys.stdout.write(json.dumps({"ready": True}) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        command = json.loads(line)
        if "reap" in command:
            pid, status = os.waitpid(command["reap"], 0)
            children.discard(pid)
            answer = {"code": os.waitstatus_to_exitcode(status)}
        else:
            pid = os.fork()
            if not pid:
                serve(**command)
            children.add(pid)
            answer = {"pid": pid}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    import_everything()
    main()
