"""Output suits the terminal, and names from outside cannot control it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.aligner.command import assert_refused, on_a_terminal, posix_only, quotecast


@pytest.mark.nightly
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_output_that_cannot_be_printed_is_one_line_and_messages_that_cannot_are_nothing(
    episode: tuple[Path, Path, Path],
) -> None:
    audio, transcript, hypothesis = episode
    command = [sys.executable, "-m", "aligner", "align", str(audio), str(transcript), "--asr-output", str(hypothesis)]
    with Path("/dev/full").open("w") as full:
        for arguments in (command, [*command[:3], "--help"]):
            result = subprocess.run(arguments, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
            assert_refused(result, "standard output: cannot be used .*space")
        assert subprocess.run(command, stdout=subprocess.PIPE, stderr=full, check=False).returncode == 0


@posix_only
def test_a_terminal_that_cannot_move_its_cursor_gets_lines(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    command = ("align", audio, transcript, "--asr-output", hypothesis)
    dumb = on_a_terminal(*command, kind="dumb")
    assert "Reading the ASR output: 2:" in dumb
    assert "\x1b" not in dumb
    assert "\x1b[" in on_a_terminal(*command, kind="xterm")


@pytest.mark.nightly
@posix_only
def test_a_name_cannot_steer_the_terminal_or_break_the_line(episode: tuple[Path, Path, Path], tmp_path: Path) -> None:
    audio, transcript, hypothesis = episode
    odd = audio.rename(tmp_path / "a\n\x1b[31mred\x9b\u202egnp.mp3")
    result = quotecast("align", odd, tmp_path / "gone\x1b[2J\n.txt")
    assert_refused(result, r"gone\\x1b\[2J\\n\.txt")
    assert len(result.stderr.splitlines()) == 1
    assert "\x1b" not in quotecast("align", odd, transcript, "--formats", "\x1b[31m").stderr
    done = quotecast("align", odd, transcript, "--asr-output", hypothesis)
    assert done.returncode == 0
    assert not set("\x1b\x9b\u202e") & set(done.stdout + done.stderr)
    assert len(done.stdout.splitlines()) == 5
