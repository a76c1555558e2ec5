"""``quotecast clip`` where it cannot be: one clear line, and nothing half-written."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.aligner.command import assert_refused, clip, clip_apart, posix_only, sentence


def test_bad_input_is_one_clear_line_and_nothing_is_written(alignment: Path) -> None:
    folder, said = alignment.parent, sentence(alignment)
    (folder / "other.mp3").write_bytes((folder / "roue.mp3").read_bytes() + b"\0")
    (folder / "blank.txt").write_text("\n# nothing\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for options, complaint in (
        (("--quote", "des mots que personne ne prononce jamais ici même"), "not in the transcript"),
        (("--from", "10", "--to", "5"), "after its start"),
        (("--from", "9999", "--to", "10005"), "outside the episode"),
        (("--from", "ten"), "no time"),
        (("--segment", "s999"), "no segment"),
        (("--words", "20-99999"), "not all there"),
        (("--words", "20-29", "--from", "1", "--to", "2", "--exact"), "none of the words is said between"),
        (("--quote", said, "--match", "7"), r"found \d times"),
        (("--quote", said, "-o", folder / "a.docx"), "no format"),
        (("--quote", said, "-o", folder / "roue.mp3"), "episode|replace"),
        (("--quote", said, "-o", folder / "heard.json" / "a.mp3"), "heard.json.*cannot be written"),
        (("--quote", said, "--audio", folder / "other.mp3"), "not the sound that was aligned"),
        (("--quote", said, "--audio", folder / "nowhere.mp3"), "nowhere.mp3"),
        (("--quotes", folder / "blank.txt"), "holds no quote"),
        (("--quotes", folder / "nowhere.txt"), "nowhere.txt"),
    ):
        assert_refused(clip(alignment, *options), complaint)
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_wrong_usage_is_status_2(alignment: Path) -> None:
    for options in (
        (),
        ("--quote", "a", "--segment", "s1"),
        ("--segment", "s1", "--match", "2"),
        ("--words", "9-3"),
        ("--words", "3-9", "--from", "1", "--to", "4"),
        ("--from", "3", "--exact"),
        ("--from", "3", "--to", "4", "--exact", "--pad", "1"),
        ("--quotes", "quotes.txt", "--words", "3-9"),
    ):
        assert clip(alignment, *options).returncode == 2


def test_a_sidecar_that_someone_edited_is_kept(alignment: Path) -> None:
    out = alignment.parent / "a.mp3"
    clip(alignment, "--quote", sentence(alignment), "-o", out)
    out.with_suffix(".txt").write_text("my own words", encoding="utf-8")
    result = clip(alignment, "--quote", sentence(alignment), "-o", out)
    assert "a.txt.bak" in result.stdout
    assert (alignment.parent / "a.txt.bak").read_text(encoding="utf-8") == "my own words"


@posix_only
def test_a_full_disk_leaves_nothing_half_written(alignment: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    import os
    import resource

    scratch = tmp_path_factory.mktemp("scratch")
    before = set(alignment.parent.iterdir())
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))  # noqa: E731
    environment = {**os.environ, "TMPDIR": str(scratch)}
    result = clip_apart(alignment, "--quote", sentence(alignment), preexec_fn=limit, env=environment)
    assert result.returncode == 3, result.stderr
    assert set(alignment.parent.iterdir()) == before
    assert list(scratch.iterdir()) == []


@posix_only
def test_ffmpeg_failing_half_way_is_told_by_its_last_line(alignment: Path, tmp_path: Path) -> None:
    import os

    tools = tmp_path / "tools"
    tools.mkdir()
    broken = tools / "ffmpeg"
    broken.write_text(
        "#!/bin/sh\nhead -c 1000 >/dev/null\necho 'the codec caught fire' >&2\nexit 7\n", encoding="utf-8"
    )
    broken.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    before = set(alignment.parent.iterdir())
    assert_refused(
        clip_apart(alignment, "--quote", sentence(alignment), env=environment), "ffmpeg failed: the codec caught fire"
    )
    assert set(alignment.parent.iterdir()) == before


@posix_only
def test_interrupted_it_leaves_nothing_behind(alignment: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    import os
    import time

    tools, scratch = tmp_path_factory.mktemp("tools"), tmp_path_factory.mktemp("scratch")
    slow = tools / "ffmpeg"
    slow.write_text(f"#!/bin/sh\ntouch {tools}/started\nexec sleep 60\n", encoding="utf-8")
    slow.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "TMPDIR": str(scratch)}
    before = set(alignment.parent.iterdir())
    command = [sys.executable, "-m", "aligner", "clip", str(alignment), "--no-listen", "--quote", sentence(alignment)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8", env=environment)
    deadline = time.monotonic() + 120
    while not (tools / "started").exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=120)[1].strip() == "quotecast: interrupted"
    assert process.returncode == 130
    assert set(alignment.parent.iterdir()) == before
    assert list(scratch.iterdir()) == []


def test_two_clips_made_at_the_same_time_do_not_disturb_each_other(alignment: Path) -> None:
    quotes = [sentence(alignment), sentence(alignment, 2)]
    with ThreadPoolExecutor(2) as pool:
        at_once = list(
            pool.map(
                lambda k: clip_apart(alignment, "--quote", quotes[k], "-o", alignment.parent / f"at-once-{k}.mp3"),
                range(2),
            )
        )
    assert [result.returncode for result in at_once] == [0, 0]
    for number, quote in enumerate(quotes):
        alone = alignment.parent / f"alone-{number}.mp3"
        assert clip(alignment, "--quote", quote, "-o", alone).returncode == 0
        assert alone.read_bytes() == (alignment.parent / f"at-once-{number}.mp3").read_bytes()
