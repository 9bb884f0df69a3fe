"""Ports: a layer calls a function of a layer above it only through a port, which the factory sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

from flask import Flask, current_app

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Port(Generic[Arguments, Result]):
    """A function that the layer below declares and calls, and that a layer above provides.

    Each application has its own: ``create_app`` sets all ports, and a call finds the function of the current
    application. A port that is not set raises ``RuntimeError`` with its name.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def set(self, app: Flask, function: Callable[Arguments, Result]) -> None:
        """Provide *function* in *app*; a later call replaces it."""
        app.extensions.setdefault("dialog_ports", {})[self] = function

    def is_set(self, app: Flask) -> bool:
        return self in app.extensions.get("dialog_ports", {})

    def __call__(self, *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        function: Callable[Arguments, Result] | None
        function = current_app.extensions.get("dialog_ports", {}).get(self)
        if function is None:
            raise RuntimeError(f"the port {self.name} is not set: dialog.create_app sets all of them")
        return function(*arguments, **named)
