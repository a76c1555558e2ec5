"""An icon starts the app where nobody sees a terminal, and a button in the page ends it."""

import os
import shlex
import shutil
import socket
import struct
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from aligner.storage.database import NAME
from tests.aligner.command import quotecast_here
from tests.paths import ROOT
from tests.web.asking import Asker
from tests.web.visiting import assert_accessible, new_tab
from tests.web.watching import until
from web.app import create_app
from web.desktop import shortcut_files
from web.settings import Settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's home, whose browser writes the address and the page that it opens to files."""
    script = tmp_path / "browser.py"
    script.write_text(
        "import os, sys, pathlib, urllib.request\n"
        "request = urllib.request.Request(sys.argv[1], headers={'Accept-Language': 'fr-CH, fr;q=0.9'})\n"
        "page = urllib.request.urlopen(request, timeout=60).read()\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "(folder / 'page').write_bytes(page)\n"
        "with (folder / 'opened').open('a') as opened: opened.write(sys.argv[1] + '\\n')\n"
    )
    for name, value in {
        "HOME": tmp_path,
        "XDG_DATA_HOME": tmp_path / 'it\'s 100% "$HOME"',
        "APPDATA": tmp_path / "AppData",
        "QUOTECAST_DATA": tmp_path / "data",
        "BROWSER": f"{sys.executable} {script} %s",
    }.items():
        monkeypatch.setenv(name, str(value))
    return tmp_path


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    processes = []

    def started(*command: str) -> subprocess.Popen[bytes]:
        processes.append(subprocess.Popen(command or [sys.executable, "-P", "-m", "aligner", "desktop"], cwd=home))
        return processes[-1]

    yield started
    for each in psutil.process_iter(["environ"]):  # an icon's server is nobody's child
        if each.pid != os.getpid() and (each.info["environ"] or {}).get("HOME") == str(home):
            each.terminate()
    for process in processes:
        process.wait(timeout=60)


def opened(home: Path, count: int = 1) -> list[str]:
    path = home / "opened"
    until(lambda: path.exists() and len(path.read_text().splitlines()) >= count)
    return path.read_text().splitlines()


@pytest.mark.nightly
def test_the_icon_of_linux_starts_a_server_that_its_button_ends(
    home: Path, start: Callable[..., subprocess.Popen[bytes]], browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = home / 'it\'s "$HOME" \\ `python`'  # GLib finds no program with a percent sign
    strange.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    strange.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(strange))
    entry, icon = shortcut_files("linux")
    assert quotecast_here("shortcut").returncode == 0
    assert icon.is_file()
    if validator := shutil.which("desktop-file-validate"):
        subprocess.run([validator, str(entry)], check=True)
    launcher = shutil.which("gio")
    server = start(launcher, "launch", str(entry)) if launcher else start(*_exec_of(entry))
    [address] = opened(home)
    assert (home / "quotecast").is_dir()
    with new_tab(browser, locale="en-GB") as page:
        page.goto(address)
        assert_accessible(page)
        page.get_by_role("button", name="Quit quotecast").click()
        expect(page.get_by_role("heading", name="quotecast has ended")).to_be_visible()
        assert_accessible(page)
    server.wait(timeout=60)
    until(lambda: not _answers(address))
    assert quotecast_here("shortcut", "--remove").returncode == 0
    assert not entry.exists()
    assert not icon.exists()


def _exec_of(entry: Path) -> list[str]:
    line = next(line for line in entry.read_text().splitlines() if line.startswith("Exec="))
    return shlex.split(line.removeprefix("Exec=").replace("%%", "%").replace("\\\\", "\\"))


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=10).close()
    except OSError:
        return False
    return True


def test_a_second_start_opens_the_page_of_the_first_even_on_another_port(
    home: Path, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    with socket.socket() as other:  # the usual port, if no other test has it
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", 8765))
        other.listen()
        first, second = start(), start()  # a double click
        addresses = opened(home, 2)
    assert len(set(addresses)) == 1
    assert ":8765/" not in addresses[0]
    until(lambda: None in (first.poll(), second.poll()) and 0 in (first.poll(), second.poll()))
    assert start().wait(timeout=60) == 0
    assert opened(home, 3) == [addresses[0]] * 3


def test_a_problem_at_start_is_shown_in_the_browser(home: Path, start: Callable[..., subprocess.Popen[bytes]]) -> None:
    (home / "data").mkdir()
    (home / "data" / NAME).write_bytes(b"<b>no database</b>" * 100)
    assert start().wait(timeout=60) == 3
    page = (home / "page").read_text()
    line = f"{home / 'data' / NAME}: cannot be used (file is not a database)"
    assert line in page
    assert "n’a pas pu démarrer" in page
    assert f"quotecast: {line}\n" in (home / "data" / "desktop.log").read_text()


def test_the_icon_of_macos_starts_the_app_and_leaves_the_terminal(
    home: Path, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    [(path, content)] = shortcut_files("darwin").items()
    assert path == home / "Applications" / "quotecast.command"
    path.parent.mkdir()
    path.write_bytes(content)
    path.chmod(0o755)
    assert start(str(path)).wait(timeout=60) == 0
    [address] = opened(home)
    assert _answers(address)


def test_the_icon_of_windows_names_a_program_without_a_console(home: Path) -> None:
    [(link, content)] = shortcut_files("win32").items()
    assert link.parts[-3:] == ("Start Menu", "Programs", "quotecast.lnk")
    size, identity, flags = struct.unpack_from("<I16sI", content)
    assert (size, identity.hex(), flags) == (0x4C, "0114020000000000c000000000000046", 0x2F0)
    assert struct.unpack_from("<i", content, 0x3C) == (1,)  # an ordinary window
    strings, offset = [], 0x4C
    for _ in range(3):
        [length] = struct.unpack_from("<H", content, offset)
        strings.append(content[offset + 2 : offset + 2 + 2 * length].decode("utf-16-le"))
        offset += 2 + 2 * length
    assert strings == [str(home), "-P -m aligner desktop", str(ROOT / "web" / "static" / "icon.ico")]
    size, signature, short, long = struct.unpack_from("<II260s520s", content, offset)
    assert (size, signature) == (0x314, 0xA0000001)
    target = str(Path(sys.executable).with_name("pythonw.exe"))
    assert {short.decode().rstrip("\0"), long.decode("utf-16-le").rstrip("\0")} == {target}
    assert content[offset + size :] == bytes(4)


def test_the_button_is_refused_unless_an_icon_started_the_server(app: Flask) -> None:
    asker = Asker(app.test_client())
    assert asker.post("/quit").status_code == 403


def test_quitting_says_that_jobs_will_be_interrupted(library: Path) -> None:
    app, ended = create_app(Settings(library, log=library / "log")), []
    app.extensions["stop"] = lambda: ended.append(True)
    asker = Asker(app.test_client())
    assert asker.post("/api/episodes/roue-libre/align").status_code == 202
    assert "A job is still running." in asker.post("/quit").text
    assert not ended
    app.extensions["jobs"].close()
