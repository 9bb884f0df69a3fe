"""Networks as they are: what they let through, and what they do not."""

from __future__ import annotations

from playwright.sync_api import BrowserContext

#: What a strict proxy makes of a websocket: it never opens.
NO_WEBSOCKETS = """
  window.WebSocket = class extends EventTarget {
    constructor() { super(); setTimeout(() => { this.onerror?.(new Event("error")); this.onclose?.({}); }); }
    close() {}
    send() {}
  };
"""


def only_plain_http(context: BrowserContext) -> None:
    """From the next page on nothing of a socket gets through, neither websocket nor polling."""
    context.add_init_script(NO_WEBSOCKETS)
    context.route("**/socket.io/**", lambda route: route.abort())
