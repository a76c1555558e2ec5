"""What every test needs: a cache, a configuration and a data folder of its own, time to be slow, children that run this
checkout and can be interrupted; for those that ask, an aligned episode and a real browser. Modules that are nightly as
a whole are not even imported unless nightly tests are asked for."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, sync_playwright
from werkzeug.routing import Rule

from tests.paths import CHROMIUM, ROOT

Builder = Callable[..., tuple[str, str]]
_OWN = "QUOTECAST_CACHE", "QUOTECAST_CONFIG", "QUOTECAST_DATA"  # folders of a user

_SLOW_FIXTURES = {"browser", "read_by_node"}
"""A test with a browser, or with npm's readers, is nightly unless it is marked ``walk`` (the test line) or ``ci``."""
_WITHOUT_NIGHTLY = {"not ci and not nightly", "ci", "walk"}  # what -m asks for in the test line and in CI

# How long an example takes says more of what else the machine does than of the code.
settings.register_profile("quotecast", deadline=None)
settings.load_profile("quotecast")


def _compile_once(compile_builder: Callable[..., Builder]) -> Callable[..., Builder]:
    """Cache the URL builders that werkzeug compiles for each route of each app: an app of its own for each test would
    otherwise compile all of them again."""
    built: dict[tuple[object, ...], Builder] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Builder:
        key = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults), append_unknown)
        if key not in built:
            built[key] = compile_builder(rule, append_unknown)
        return built[key]

    return compile_once


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if config.option.markexpr not in _WITHOUT_NIGHTLY or collection_path.suffix != ".py":
        return None
    return "\npytestmark = pytest.mark.nightly\n" in collection_path.read_text(encoding="utf-8") or None


@pytest.hookimpl(tryfirst=True)  # before those that are not asked for are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        tiers = {mark.name for mark in item.iter_markers()} & {"walk", "ci", "nightly"}
        if len(tiers) > 1:
            raise pytest.UsageError(f"{item.nodeid} is marked {' and '.join(sorted(tiers))}: a test has one tier")
        if _SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ())) and not tiers:
            item.add_marker(pytest.mark.nightly)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and terminalreporter.stats.get("deselected"):
        terminalreporter.write_line("These tests are ci or nightly: add -m '' to run them (CONTRIBUTING.md).")


@pytest.fixture(autouse=True, scope="session")
def _surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in _OWN:
            patch.setenv(name, str(tmp_path_factory.mktemp("own")))
        # Each app would compile templates and routes anew, which takes longer than the request that a test is about.
        compiled = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
        patch.setitem(Flask.jinja_options, "bytecode_cache", compiled)
        patch.setattr(Rule, "_compile_builder", _compile_once(Rule._compile_builder))
        patch.setenv("PYTHONPATH", str(ROOT))
        # A shell that runs the tests in the background has interruptions ignored, by them and by all that they start.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        yield


@pytest.fixture(autouse=True)
def _children_of_one_user(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """If a test changed one of the user's folders, end the child that it started: that one takes its locks in the old
    folders, and could write a history that another process is writing."""
    before = {name: os.environ.get(name) for name in _OWN}
    yield
    if "web.worker_pool" in sys.modules and before != {name: os.environ.get(name) for name in _OWN}:
        sys.modules["web.worker_pool"].end()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo's episode with an alignment from its truth, its waveform measured: made once for all processes of a run.
    Tests read it or copy it; if one changed it, the run fails at its end."""
    from tests.web.planting import plant_sample
    from web.page.preparation import prepare

    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "sample" / "roue-libre"
    with FileLock(f"{folder.parent}.lock"):
        if not folder.exists():
            made = plant_sample(folder.with_name("in-the-making"))
            prepare(made / "episode.mp3", made, lambda *_: None)
            made.rename(folder)
    before = _states(folder)
    yield folder
    assert _states(folder) == before


def _states(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium, once for a process: playwright cannot run twice in one. Without Chromium the tests that need it
    are skipped; with QUOTECAST_BROWSER_TESTS=required they fail."""
    if not Path(CHROMIUM).exists():
        reason = f"{CHROMIUM} is not there; the browser tests need Debian's chromium-headless-shell"
        if os.environ.get("QUOTECAST_BROWSER_TESTS") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    sound = ["--autoplay-policy=no-user-gesture-required", "--mute-audio"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*quiet, *sound])
        yield browser
        browser.close()
