"""Networks that block, delay or cut connections, for tests in browsers."""

from __future__ import annotations

import contextlib
import re
import socket
import threading

from playwright.sync_api import BrowserContext, Page, WebSocketRoute

from tests.processes import free_port

#: The messages that the server sends on its own, as opposed to acknowledgements.
NEWS = re.compile(r"42\[\"(changes|chat|head|stage|place|acts|presence)\"")

#: A script that makes every websocket fail, as a strict proxy does.
NO_WEBSOCKETS = """
  window.WebSocket = class extends EventTarget {
    constructor() { super(); setTimeout(() => { this.onerror?.(new Event("error")); this.onclose?.({}); }); }
    close() {}
    send() {}
  };
"""


def is_polling(page: Page) -> None:
    """Wait until the page's connection stands by long polling."""
    with page.expect_response(lambda answer: "transport=polling&" in answer.url and "sid=" in answer.url):
        pass


def only_plain_http(context: BrowserContext) -> None:
    """Block every socket from the next page on, both websockets and polling."""
    context.add_init_script(NO_WEBSOCKETS)
    context.route("**/socket.io/**", lambda route: route.abort())


class HeldSocket:
    """The websocket of one page. It can hold back news while acknowledgements come."""

    def __init__(self, page: Page) -> None:
        self._held: list[tuple[WebSocketRoute, str | bytes]] | None = None
        page.route_web_socket(re.compile("socket.io"), self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def to_page(message: str | bytes) -> None:
            if self._held is not None and NEWS.match(str(message)):
                self._held.append((route, message))
            else:
                route.send(message)

        server.on_message(to_page)

    def hold_news(self) -> None:
        """Hold back the messages about what others do."""
        self._held = []

    def release_news(self) -> None:
        """Send the messages that were held back, in their order."""
        held, self._held = self._held or [], None
        for route, message in held:
            route.send(message)


class CuttableProxy:
    """A proxy between one device and the server, on a port of its own. ``cut`` ends all its connections."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", free_port()))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """End all connections. New ones may be opened at once."""
        ends, self._ends = self._ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed
            while True:
                near, _address = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._port))
                self._ends += near, far
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):  # cut, or hung up
        while some := one.recv(65536):
            other.sendall(some)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_WR)
