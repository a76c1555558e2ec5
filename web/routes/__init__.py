"""The routes of the app. Each route reads the request, calls one function and answers."""

from __future__ import annotations

from importlib import import_module

from flask import Blueprint

_ROOMS = (
    *("visitor", "library", "adding", "archive", "search", "page", "corrections", "review"),
    *("publish", "quotes", "clips", "versions", "retiming", "jobs"),
)


def blueprints() -> list[Blueprint]:
    return [import_module(f"web.routes.{room}").blueprint for room in _ROOMS]
