"""The live process: patch first, then make the application and serve it.

The only file that knows eventlet and gevent. ``DIALOG_ASYNC_MODE`` picks; nothing is detected.
"""

import os

MODE = os.environ.get("DIALOG_ASYNC_MODE") or "eventlet"
if MODE == "eventlet":
    import warnings

    warnings.filterwarnings("ignore", message=r"(?s).*eventlet")  # that it is only maintained is known
    import eventlet

    eventlet.monkey_patch()
elif MODE == "gevent":
    from gevent import monkey

    monkey.patch_all()

import gc
import signal
import socket
import sys
from typing import Any

from flask import Flask

from dialog import create_app, live
from dialog.config import Settings
from dialog.errors import ConfigurationError
from dialog.live.limits import RateLimiter
from dialog.people import passwords

#: A whole hall scans the code in the same second; the listener must hold them all.
BACKLOG = 4096
#: Seconds after which a connection that says or takes nothing is closed; live ones are pinged oftener.
IDLE_SECONDS = 60
#: Threads that verify passwords: each verification takes 64 MiB and one processor.
HASHING_THREADS = 2
#: Messages that one socket may send at once, and the seconds in which it earns another: beyond any hand.
FLOOD = {"burst": 1000, "seconds": 0.01}
#: Reads of one connection after which the others get their turn.
READS_IN_A_ROW = 64
#: Seconds that requests have to finish when the process is told to stop.
GOODBYE_SECONDS = 1.0


def listener(host: str, port: int) -> socket.socket:
    """A listening socket with room for a wave of joins, and no delay for small messages."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Accepted connections inherit it: without, an acknowledgement waits for the next packet.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.bind((host, port))
    sock.listen(BACKLOG)
    return sock


def spare_the_collector() -> None:
    """Look for garbage in cycles seldom, a little at a time, and never among what stays for good.

    Python's default looks through everything that lives again and again, which with a thousand sockets stops
    all of them for a tenth of a second at a time; and what came with such a wave, looked through in one go,
    for most of a second. What goes away by counting references goes at once as ever.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 2, 1000)


def without_deflate(application: Any) -> Any:
    """Hide the offer of permessage-deflate: compressing every message costs a third of the processor."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return application(environ, start_response)

    return answer


def with_chunked_bodies(application: Any) -> Any:
    """Say that a chunked body ends by itself, as eventlet sees to; unsaid, it would be taken for empty."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
            environ["wsgi.input_terminated"] = True
        return application(environ, start_response)

    return answer


def pages_take_turns(application: Any, turn: Any, let_others: Any) -> Any:
    """Start one page at a time, and let every socket that has something have its say in between.

    Green threads run in rounds, and a card needs several of them from frame to acknowledgement. If a round
    held a hundred pages of ten milliseconds each, a card, or the last small file of a page, would wait for
    all of them again and again: half a minute in a hall where everybody opens the page. Who has begun holds
    nobody up: the turn is over before the page is made.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "")
        # What is sent to the API is quick, and a burst of it is done together: in turns it would not be one.
        quick = path.startswith("/api/") and environ.get("REQUEST_METHOD") == "POST"
        if not quick and not path.startswith("/socket.io"):
            with turn:
                let_others()
        return application(environ, start_response)

    return answer


def hash_passwords_in_threads(app: Flask) -> None:
    """Verify passwords in real threads: hashing is slow on purpose, and no card may wait for it."""
    if MODE == "eventlet":
        from eventlet import tpool

        tpool.set_num_threads(HASHING_THREADS)
        passwords.run_verification.set(app, tpool.execute)
    elif MODE == "gevent":
        from gevent.threadpool import ThreadPool

        pool = ThreadPool(HASHING_THREADS)
        passwords.run_verification.set(app, lambda function, *arguments: pool.apply(function, arguments))


def _hold_back_floods() -> None:
    """Let nobody who sends without a pause keep the others waiting.

    A green thread goes on reading while there is something to read: a hundred thousand small frames, or the
    thousands of fragments of one message, would be read to their end before anybody else is heard. And each
    message costs a green thread before it is judged, so whoever sends far too many is hung up on.
    """
    from eventlet.greenio import GreenSocket
    from eventlet.websocket import RFC6455WebSocket

    receive, wait = GreenSocket.recv, RFC6455WebSocket.wait

    def receive_in_turns(self: Any, *arguments: Any) -> Any:
        self.reads = getattr(self, "reads", 0) + 1
        if self.reads % READS_IN_A_ROW == 0:
            eventlet.sleep()
        return receive(self, *arguments)

    def wait_unless_flooded(self: Any) -> Any:
        message = wait(self)
        if not hasattr(self, "allowed"):
            self.allowed = RateLimiter(**FLOOD)
        return None if self.allowed.take("messages") else message

    GreenSocket.recv, RFC6455WebSocket.wait = receive_in_turns, wait_unless_flooded


def _serve_eventlet(application: Any, settings: Settings) -> None:
    import eventlet.wsgi
    from eventlet import hubs

    class Pool(eventlet.GreenPool):
        def waitall(self) -> None:
            """What is being answered may be finished; a websocket never ends by itself."""
            # Who comes now is told at once that nobody is here, and a proxy asks the next process. Left open,
            # the listener would take requests that nobody reads any more.
            sock.close()
            with eventlet.Timeout(GOODBYE_SECONDS, False):
                super().waitall()

    _hold_back_floods()
    main = eventlet.getcurrent()

    def stop(*_signal: Any) -> None:
        hub = hubs.get_hub()
        if eventlet.getcurrent() is hub.greenlet:
            raise SystemExit(0)
        # Raised in whichever green thread happens to run, a library's bare `except` would swallow it.
        hub.schedule_call_global(0, main.throw, SystemExit(0))

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    # Green already, as every socket after the patch: wrapped once more, it would never time out.
    sock = listener(settings.host, settings.port)
    try:
        eventlet.wsgi.server(
            sock,
            pages_take_turns(
                with_chunked_bodies(application), eventlet.semaphore.Semaphore(), eventlet.sleep
            ),
            custom_pool=Pool(65536),
            log_output=False,
            debug=False,  # else a visitor is sent the traceback of a failure outside of the application
            socket_timeout=IDLE_SECONDS,
            keepalive=True,
        )
    except SystemExit:
        sock.close()


def serve() -> None:
    """Serve until told to stop."""
    try:
        settings = Settings.from_env(os.environ)
    except ConfigurationError as error:
        sys.exit(f"Dialog cannot start: {error}")
    app = create_app(settings)
    spare_the_collector()
    hash_passwords_in_threads(app)
    live.start(app)
    wsgi = without_deflate(app.wsgi_app)

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        return wsgi(environ, start_response)

    if MODE == "eventlet":
        _serve_eventlet(application, settings)
    elif MODE == "gevent":
        import gevent.signal
        from gevent.pywsgi import WSGIServer
        from geventwebsocket.handler import WebSocketHandler

        server = WSGIServer(
            listener(settings.host, settings.port), application, handler_class=WebSocketHandler, log=None
        )
        gevent.signal_handler(signal.SIGTERM, server.stop)
        server.serve_forever()
    else:
        from werkzeug.serving import run_simple

        run_simple(settings.host, settings.port, application, threaded=True)


if __name__ == "__main__":
    serve()
