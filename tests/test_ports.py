"""Every port is set by the factory, and each application has its own functions."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

import dialog
from dialog.ports import Port


def declared_ports() -> Iterator[Port[..., object]]:
    for module in pkgutil.walk_packages(dialog.__path__, "dialog."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Port):
                yield value


def test_factory_sets_every_declared_port(app: Flask) -> None:
    ports = set(declared_ports())
    assert len(ports) >= 10
    assert [port.name for port in ports if not port.is_set(app)] == []
    assert len({port.name for port in ports}) == len(ports)


def test_port_that_is_not_set_is_named_in_the_error(app: Flask) -> None:
    forgotten: Port[[], None] = Port("somewhere.forgotten")
    with app.app_context(), pytest.raises(RuntimeError, match=r"somewhere\.forgotten is not set"):
        forgotten()


def test_each_application_has_its_own_function(make_app: Callable[..., Flask]) -> None:
    answer: Port[[], str] = Port("somewhere.answer")
    apps = {name: make_app() for name in ("one", "other")}
    for name, app in apps.items():
        answer.set(app, lambda name=name: name)
    for name, app in apps.items():
        with app.app_context():
            assert answer() == name
