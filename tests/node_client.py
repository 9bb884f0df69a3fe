"""The official JavaScript client, controlled from a test through ``tests/node/client.mjs``."""

from __future__ import annotations

import itertools
import json
import queue
import subprocess
import threading
from collections.abc import Callable
from typing import Any

from scripts.node import find_node
from tests.live_server import ROOT
from tests.processes import PATIENCE, end


class Refused(Exception):
    """Raised when the server refused the connection; ``data`` is its answer (``data["code"]``)."""

    def __init__(self, message: str, data: Any) -> None:
        super().__init__(f"{message}: {data}")
        self.message = message
        self.data = data


class NoAck(Exception):
    """Raised when no acknowledgement came in time: the message may or may not be saved."""


class NodeClient:
    """One Node process that holds any number of connections."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        self._sockets: dict[str, NodeSocket] = {}
        self._ready = threading.Event()
        self._writing = threading.Lock()
        self._process = subprocess.Popen(
            [find_node(), "client.mjs"],
            cwd=ROOT / "tests" / "node",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        threading.Thread(target=self._read, daemon=True).start()
        assert self._ready.wait(PATIENCE), "Node did not start"

    def connect(
        self,
        url: str,
        auth: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        transports: tuple[str, ...] = ("websocket",),
        **options: Any,
    ) -> NodeSocket:
        """Open a connection, as ``io(url, options)`` does; raises ``Refused``."""
        socket = NodeSocket(self, f"socket {next(self._numbers)}")
        self._sockets[socket.name] = socket
        answer = self.ask(
            do="connect",
            name=socket.name,
            url=url,
            auth=auth,
            headers=headers,
            transports=transports,
            options=options,
        )
        if not answer["ok"]:
            raise Refused(answer["message"], answer["data"])
        return socket

    def ask(self, **command: Any) -> dict[str, Any]:
        """Send one command to the Node process and wait for its answer."""
        answer = self.start(**command)
        try:
            return answer.get(timeout=PATIENCE)
        except queue.Empty:
            raise TimeoutError(f"no answer from Node to {command}") from None

    def start(self, **command: Any) -> queue.Queue[dict[str, Any]]:
        """Send one command and do not wait; its answer will be put into the queue."""
        number = next(self._numbers)
        answer = self._answers[number] = queue.Queue()
        assert self._process.stdin
        with self._writing:  # several threads may each have a socket
            self._process.stdin.write(json.dumps({"n": number, **command}, default=_bytes) + "\n")
            self._process.stdin.flush()
        return answer  # not from the list: an answer that has come is removed from it

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        end(self._process)

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            message = json.loads(line)
            if "ready" in message:
                self._ready.set()
            elif "n" in message:
                self._answers.pop(message.pop("n")).put(message)
            else:
                self._sockets[message["name"]].arrived(message["event"], message["data"])


class NodeSocket:
    """One connection of the official client. ``events`` is everything that has come, oldest first."""

    def __init__(self, client: NodeClient, name: str) -> None:
        self.name = name
        #: (event, first argument). ``$connect``, ``$disconnect`` and ``$connect_error`` are the client's own.
        self.events: list[tuple[str, Any]] = []
        self._client = client
        self._news = threading.Condition()

    def emit(self, event: str, *data: Any, timeout: float = 10.0) -> Any:
        """Send and wait for the acknowledgement; raises ``NoAck`` after ``timeout`` seconds."""
        return self.emit_later(event, *data, timeout=timeout)()

    def emit_later(self, event: str, *data: Any, timeout: float = 10.0) -> Callable[[], Any]:
        """Send now; call what is returned to wait for the acknowledgement. For many at once."""
        answer = self._client.start(
            do="emit", name=self.name, event=event, data=data, timeout=int(timeout * 1000)
        )

        def acknowledgement() -> Any:
            message = answer.get(timeout=timeout + PATIENCE)
            if message.get("timeout"):
                raise NoAck(event)
            return message.get("reply")

        return acknowledgement

    def send(self, event: str, *data: Any) -> None:
        """Send without asking for an acknowledgement."""
        self._client.ask(do="send", name=self.name, event=event, data=data)

    def received(self, event: str) -> list[Any]:
        """Return the first arguments of the events of this name that have come."""
        with self._news:
            return [data for name, data in self.events if name == event]

    def wait_for(
        self, event: str, accept: Callable[[Any], Any] = lambda _data: True, seconds: float = PATIENCE
    ) -> Any:
        """Return the first event of this name that ``accept`` is true for, also among earlier ones."""

        def found() -> list[Any]:
            return [data for name, data in self.events if name == event and accept(data)]

        with self._news:
            if not self._news.wait_for(found, seconds):
                raise TimeoutError(f"waited {seconds:g} s for {event}; came: {self.events[-20:]}")
            return found()[0]

    def forget(self) -> None:
        """Forget the events that have come, so that ``wait_for`` waits for the next ones."""
        with self._news:
            self.events.clear()

    def cut(self) -> None:
        """Close the transport, as a lost network does; the client has noticed when this returns."""
        self._client.ask(do="cut", name=self.name)

    def reconnect(self) -> None:
        """Connect again after ``cut``; raises ``Refused``."""
        answer = self._client.ask(do="reconnect", name=self.name)
        if not answer["ok"]:
            raise Refused(answer["message"], answer["data"])

    def disconnect(self) -> None:
        self._client.ask(do="disconnect", name=self.name)

    def arrived(self, event: str, data: list[Any]) -> None:
        with self._news:
            self.events.append((event, data[0] if data else None))
            self._news.notify_all()


def _bytes(value: Any) -> Any:
    if isinstance(value, bytes):
        import base64

        return {"$bytes": base64.b64encode(value).decode()}
    raise TypeError(f"{value!r} cannot be sent")
