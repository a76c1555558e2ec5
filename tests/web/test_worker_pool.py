"""Calls in child processes return results or one sentence, and leave no process."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import psutil
import pytest
from flask import Flask

from media.errors import DecodeError
from tests.paths import ROOT, SAMPLE
from tests.tables import over_rows
from tests.web import excesses
from tests.web.asking import Asker
from web import worker_pool
from web.errors import Busy, Unusable
from web.languages import catalogue
from web.worker_pool import call


@contextlib.contextmanager
def little_time_and_memory() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        call(excesses.who)  # so that the parent has started, which takes its time
        patch.setattr(worker_pool, "CPU_SECONDS", 1)
        patch.setattr(worker_pool, "CLOCK_SECONDS", 2.0)
        patch.setattr(worker_pool, "MEMORY_BYTES", 300_000_000)
        yield


def test_a_call_is_the_function_itself_in_a_process_of_its_own() -> None:
    assert call(excesses.add, 2, other=3) == 5
    pids = {call(excesses.who)[0] for _ in range(3)}
    assert len(pids - {os.getpid()}) == 3


def test_a_process_steps_back_and_has_no_input_and_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    worker_pool.end()
    _, niceness, read = call(excesses.who)
    assert (niceness > os.nice(0), read) == (True, b"")
    assert capfd.readouterr() == ("", "")


def test_without_fork_a_process_that_waits_does_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worker_pool.end()
    with monkeypatch.context() as patch:
        patch.delattr(os, "fork")
        assert [call(excesses.add, 2, other=k) for k in range(2)] == [2, 3]
        with pytest.raises(DecodeError):
            call(excesses.no_sound, tmp_path / "a.mp3")
        patch.setattr(worker_pool, "CLOCK_SECONDS", 0.5)
        with pytest.raises(Unusable):
            call(excesses.asleep)
        worker_pool.end()


def test_errors_with_words_for_a_reader_come_back_as_themselves(tmp_path: Path) -> None:
    with pytest.raises(DecodeError) as decoding:
        call(excesses.no_sound, tmp_path / "a.mp3")
    assert decoding.value.message.template == "{path}: has no audio from {start:.1f} s on"
    assert decoding.value.message.values == {"path": str(tmp_path / "a.mp3"), "start": 2.5}
    with pytest.raises(Unusable) as unusable:
        call(excesses.no_words)
    assert (unusable.value.key, unusable.value.field) == ("quote.no_words", "field")
    assert unusable.value.values == {"first": 1, "last": 2, "n": 3}
    with pytest.raises(FileNotFoundError, match="nowhere"):
        call(excesses.absent, tmp_path / "nowhere")
    with pytest.raises(RuntimeError, match="a mistake of ours"):
        call(excesses.mistaken)


@over_rows(
    "function, sentence",
    [
        (excesses.for_ever, "worker_pool.time"),
        (excesses.asleep, "worker_pool.time"),
        (excesses.without_end, "worker_pool.memory"),
        (excesses.killed, "worker_pool.fell"),
    ],
)
def test_what_goes_beyond_all_bounds_is_one_sentence(function: object, sentence: str) -> None:
    with little_time_and_memory(), pytest.raises(Unusable) as refusal:
        call(function)
    assert refusal.value.key == sentence
    assert call(excesses.add, 2) == 3


def test_what_a_process_has_started_ends_with_it(tmp_path: Path) -> None:
    with little_time_and_memory(), pytest.raises(Unusable):
        call(excesses.asleep_with_another, tmp_path / "told")
    wait_until_gone(map(int, (tmp_path / "told").read_text().split()))


def test_no_process_outlives_the_server_however_that_ends(tmp_path: Path) -> None:
    told = tmp_path / "told"
    code = f"""if True:
        from pathlib import Path
        from tests.web import excesses
        from web import worker_pool
        worker_pool.call(excesses.asleep_with_another, Path({str(told)!r}))
    """
    server = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    wait_until(lambda: told.exists() and told.read_text())
    [parent] = psutil.Process(server.pid).children()
    pids = [parent.pid, *map(int, told.read_text().split())]
    server.kill()
    server.wait()
    wait_until_gone(pids)


def wait_until_gone(pids: Iterable[int]) -> None:
    for pid in pids:
        wait_until(lambda pid=pid: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def wait_until(condition: Callable[[], object]) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("waited in vain")


def test_who_waits_too_long_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "_slots", threading.Semaphore(0))
    monkeypatch.setattr(worker_pool, "MAX_WAIT", 0.05)
    with pytest.raises(Busy):
        call(excesses.add, 1)


EPISODE, CLIP = "/api/episodes/roue-libre", {"first": 0, "last": 9, "listen": False}
UPLOAD = "/api/incoming/{token}"


def test_what_no_child_reads_is_not_searched_and_that_is_said(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "_slots", threading.Semaphore(0))
    monkeypatch.setattr(worker_pool, "MAX_WAIT", 0.01)
    answer = app.test_client().get("/search?q=rendez", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert "1 episode has changed and is not searched yet" in answer.text
    assert "<mark" not in answer.text


@pytest.mark.nightly
@over_rows(
    "method, path, body, language",
    [
        ("GET", f"{UPLOAD}/preview", None, "en"),
        ("PUT", f"{UPLOAD}/audio", None, "fr"),
        ("POST", f"{UPLOAD}/create", {"fields": {"title": "T"}}, "en"),
        ("POST", f"{EPISODE}/details", {"fields": {"title": "T"}}, "en"),
        ("POST", f"{EPISODE}/transcript/{{token}}", None, "en"),
        ("GET", "/episodes/roue-libre", None, "en"),
        ("GET", "/episodes/roue-libre/details", None, "fr"),
        ("GET", f"{EPISODE}/cues", None, "en"),
        ("POST", f"{EPISODE}/clips/preview", CLIP, "en"),
        ("POST", f"{EPISODE}/clips/sound", CLIP, "en"),
        ("POST", f"{EPISODE}/clips/still", CLIP | {"shape": "square"}, "en"),
        ("GET", f"{EPISODE}/stretch?from=0&to=9&columns=9", None, "en"),
    ],
)
def test_the_server_reads_nothing_that_was_sent_itself(
    app: Flask, monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: object, language: str
) -> None:
    ask = Asker(app.test_client(), language)
    files = {name: (name, (SAMPLE / name).read_bytes()) for name in ("episode.mp3", "transcript.txt")}
    token = ask.upload(audio=files["episode.mp3"], transcript=files["transcript.txt"])
    monkeypatch.setattr(worker_pool, "_slots", threading.Semaphore(0))
    monkeypatch.setattr(worker_pool, "MAX_WAIT", 0.01)
    path = path.format(token=token)
    if method == "PUT":
        answer = ask.put(path, b"ID3")
    else:
        answer = (
            ask.post(path, body) if method == "POST" else ask.client.get(path, headers={"Accept-Language": language})
        )
    assert answer.status_code == 503
    assert catalogue(language)["worker_pool.busy"] in (answer.json["error"] if answer.is_json else answer.text)
