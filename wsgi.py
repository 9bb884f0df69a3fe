"""The live process: patch the standard library, then make the application and serve it.

Beside ``dialog/live/direct.py`` this is the only file that knows eventlet and gevent. ``DIALOG_ASYNC_MODE``
chooses between them; nothing is detected.
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
import logging
import signal
import socket
import sys
from typing import Any

from flask import Flask

from dialog import create_app, live
from dialog.config import Settings
from dialog.errors import ConfigurationError
from dialog.live.library_guard import find_mismatch
from dialog.live.limits import RateLimiter
from dialog.people import passwords

#: Connections that may wait to be accepted: a full venue scans the code in the same second.
BACKLOG = 4096
#: Seconds after which a connection that neither sends nor receives is closed; sockets are pinged more often.
IDLE_SECONDS = 60
#: Threads that verify passwords: each verification takes 64 MiB and one processor.
HASHING_THREADS = 2
#: Messages that one socket may send at once, and the seconds in which it earns another: beyond any hand.
MESSAGE_LIMIT = {"burst": 1000, "seconds": 0.01}
#: Reads of one connection in a row, after which all others get their turn.
MAX_READS_IN_A_ROW = 64
#: Seconds that running requests get to finish when the process is told to stop.
SHUTDOWN_SECONDS = 1.0

log = logging.getLogger("dialog.wsgi")


def open_listener(host: str, port: int) -> socket.socket:
    """Return a listening socket with room for a wave of joins, and without delay for small messages."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Accepted connections inherit this. Without it, an acknowledgement waits for the next packet.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.bind((host, port))
    sock.listen(BACKLOG)
    return sock


def tune_garbage_collector() -> None:
    """Run the cyclic collector rarely and in small steps, and freeze the objects of the start.

    By default Python goes through all living objects again and again, which with a thousand sockets stops all
    of them for 0.1 s at a time. The objects of a wave of joins, collected in one go, took most of a second.
    Reference counting frees everything else at once, as ever.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 2, 1000)


def without_deflate(application: Any) -> Any:
    """Hide the client's offer of permessage-deflate: compressing costs a third of the processor."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return application(environ, start_response)

    return answer


def with_chunked_bodies(application: Any) -> Any:
    """Mark a chunked body as ending by itself, which eventlet ensures; unmarked, it would count as empty."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
            environ["wsgi.input_terminated"] = True
        return application(environ, start_response)

    return answer


def start_pages_in_turn(application: Any, lock: Any, yield_to_others: Any) -> Any:
    """Start one page at a time, and let every socket with something to do run in between.

    Green threads run in rounds, and a card needs several rounds from its frame to its acknowledgement. If
    each round held a hundred pages of ten milliseconds, a card, or the last small file of a page, would wait
    for all of them again and again: half a minute when a full venue opens the page. A page that has started
    delays nobody, for the lock is released before it is made.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "")
        # A POST to the API is quick, and a burst of them is done in one batch, which turns would break up.
        quick = path.startswith("/api/") and environ.get("REQUEST_METHOD") == "POST"
        if not quick and not path.startswith("/socket.io"):
            with lock:
                yield_to_others()
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


def find_eventlet_mismatch() -> str:
    """Return why ``limit_reading`` does not fit the eventlet that is installed; empty when it does."""
    from eventlet.greenio import GreenSocket
    from eventlet.websocket import RFC6455WebSocket

    return find_mismatch(("eventlet",), ((GreenSocket, ("recv",)), (RFC6455WebSocket, ("wait",))))


def limit_reading() -> None:
    """Limit how long one connection is read in a row, and how many messages it may send.

    eventlet keeps reading while data is available. A hundred thousand small frames, or the thousands of
    fragments of one message, would be read to their end and starve every other socket. And each message costs
    a green thread before it is checked, so a client that sends far too many is disconnected.
    """
    from eventlet.greenio import GreenSocket
    from eventlet.websocket import RFC6455WebSocket

    receive, wait = GreenSocket.recv, RFC6455WebSocket.wait

    def receive_in_turn(self: Any, *arguments: Any) -> Any:
        self.reads = getattr(self, "reads", 0) + 1
        if self.reads % MAX_READS_IN_A_ROW == 0:
            eventlet.sleep()
        return receive(self, *arguments)

    def wait_within_limit(self: Any) -> Any:
        message = wait(self)
        if not hasattr(self, "message_limit"):
            self.message_limit = RateLimiter(**MESSAGE_LIMIT)
        return None if self.message_limit.take("messages") else message

    GreenSocket.recv, RFC6455WebSocket.wait = receive_in_turn, wait_within_limit


def make_pool(listener: socket.socket) -> Any:
    """Return the pool of green threads that serve requests; when the server stops, it waits only briefly.

    The pool is public, so no guard stands before it: with an eventlet that did not call ``waitall``, the
    process would end without waiting.
    """

    class Pool(eventlet.GreenPool):
        def waitall(self) -> None:
            """Give running requests some time to finish; a websocket never ends by itself."""
            # New connections are refused at once, so that a proxy asks the next process. An open listener
            # would accept requests that nobody reads any more.
            listener.close()
            with eventlet.Timeout(SHUTDOWN_SECONDS, False):
                super().waitall()

    return Pool(65536)


def _serve_eventlet(application: Any, settings: Settings) -> None:
    import eventlet.wsgi
    from eventlet import hubs

    main = eventlet.getcurrent()

    def stop(*_signal: Any) -> None:
        hub = hubs.get_hub()
        if eventlet.getcurrent() is hub.greenlet:
            raise SystemExit(0)
        # Raised in whichever green thread happens to run, a library's bare `except` would swallow it.
        hub.schedule_call_global(0, main.throw, SystemExit(0))

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    # Every socket is green after the patch. Wrapped once more, this one would never time out.
    listener = open_listener(settings.host, settings.port)
    mismatch = find_eventlet_mismatch()
    if mismatch:
        log.warning("one client that sends without pause can delay the others: %s", mismatch)
    else:
        limit_reading()
    try:
        eventlet.wsgi.server(
            listener,
            start_pages_in_turn(
                with_chunked_bodies(application), eventlet.semaphore.Semaphore(), eventlet.sleep
            ),
            custom_pool=make_pool(listener),
            log_output=False,
            debug=False,  # in debug mode a client is sent the traceback of a failure outside the application
            socket_timeout=IDLE_SECONDS,
            keepalive=True,
        )
    except SystemExit:
        listener.close()


def serve() -> None:
    """Serve until the process is told to stop."""
    try:
        settings = Settings.from_env(os.environ)
    except ConfigurationError as error:
        sys.exit(f"Dialog cannot start: {error}")
    app = create_app(settings)
    tune_garbage_collector()
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
            open_listener(settings.host, settings.port), application, handler_class=WebSocketHandler, log=None
        )
        gevent.signal_handler(signal.SIGTERM, server.stop)
        server.serve_forever()
    else:
        from werkzeug.serving import run_simple

        run_simple(settings.host, settings.port, application, threaded=True)


if __name__ == "__main__":
    serve()
