"""The command line as a user meets it: one clear line for each bad input, the right status, nothing half-written."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import pytest

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals, terminals and names as POSIX has them")

SAMPLE = Path(__file__).parents[2] / "aligner" / "demo" / "sample"
TEXT = "Anna: Good evening, this is a test of the harbour radio, and nothing else.\n"


def quotecast(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aligner", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300, check=False, **options)


def write_silence(path: Path, seconds: float) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1), file.setsampwidth(2), file.setframerate(16_000)
        file.writeframes(bytes(2 * int(16_000 * seconds)))
    return path


@pytest.fixture
def episode(tmp_path: Path) -> tuple[Path, Path, Path]:
    """The sample's sound and transcript in a folder of their own, and what a perfect recogniser heard in it."""
    audio, transcript = tmp_path / "roue.mp3", tmp_path / "roue.txt"
    audio.write_bytes((SAMPLE / "episode.mp3").read_bytes())
    transcript.write_bytes((SAMPLE / "transcript.txt").read_bytes())
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    words = [
        {"word": w["text"], "start": w["start"], "end": w["end"], "probability": 0.9}
        for w in truth["words"]
        if w["start"] is not None
    ]
    segment = {"start": words[0]["start"], "end": words[-1]["end"], "text": "", "words": words}
    hypothesis = tmp_path / "heard.json"
    hypothesis.write_text(json.dumps({"language": "fr", "segments": [segment]}), encoding="utf-8")
    return audio, transcript, hypothesis


def assert_refused(result: subprocess.CompletedProcess[str], complaint: str) -> None:
    assert result.returncode == 3, result.stderr
    line = result.stderr.strip().splitlines()[-1]
    assert re.search(complaint, line), result.stderr
    assert line.startswith("quotecast: ")
    assert "Traceback" not in result.stderr


def test_an_episode_becomes_captions_and_an_alignment(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    result = quotecast("align", audio, transcript, "--hypothesis", hypothesis, "--show", "Roue libre")
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) <= 5
    alignment = json.loads(audio.with_suffix(".alignment.json").read_text(encoding="utf-8"))
    assert alignment["verdict"] == "good"
    assert alignment["language"] == "fr"
    assert alignment["episode"]["show"] == "Roue libre"
    assert alignment["transcript"]["text"] == transcript.read_text(encoding="utf-8")
    for ending in (".vtt", ".srt"):
        checked = quotecast("check", audio.with_suffix(ending))
        assert (checked.returncode, checked.stderr) == (0, "")
    assert {p.name for p in audio.parent.iterdir()} == {
        "roue.mp3", "roue.txt", "heard.json", "roue.vtt", "roue.srt", "roue.alignment.json",
    }  # fmt: skip


def test_captions_can_be_written_again_with_other_options(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    quotecast("align", audio, transcript, "--hypothesis", hypothesis, "--formats", "json")
    target = audio.with_name("named.vtt")
    options = ("--to", "vtt", "-o", target, "--speaker-names", "always", "--word-times")
    assert quotecast("export", audio.with_suffix(".alignment.json"), *options).returncode == 0
    text = target.read_text(encoding="utf-8")
    assert "Bastien" in re.sub("<[^>]*>", "", text)
    assert re.search(r"<(\d\d:)?\d\d:\d\d\.\d{3}>", text)


def test_a_transcript_of_another_episode_is_poor_and_says_so(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    transcript.write_text(TEXT * 20, encoding="utf-8")
    result = quotecast("align", audio, transcript, "--hypothesis", hypothesis)
    assert result.returncode == 4
    assert "poor" in result.stdout
    assert "poor" in audio.with_suffix(".vtt").read_text(encoding="utf-8").split("\n\n")[1]
    assert json.loads(audio.with_suffix(".alignment.json").read_text(encoding="utf-8"))["verdict"] == "poor"


def test_captions_that_someone_edited_are_kept(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    audio.with_suffix(".vtt").write_text("WEBVTT\n\nmade by hand", encoding="utf-8")
    assert quotecast("align", audio, transcript, "--hypothesis", hypothesis).returncode == 0
    assert "made by hand" in audio.with_name("roue.vtt.bak").read_text(encoding="utf-8")
    assert not audio.with_name("roue.srt.bak").exists()


def test_progress_for_programs_is_a_json_object_a_line(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    result = quotecast("align", audio, transcript, "--hypothesis", hypothesis, "--progress", "json")
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert all({"stage", "done", "total", "seconds_left"} == set(line) for line in lines)
    assert lines[-1]["done"] == lines[-1]["total"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "gone.mp3"), (b"", "empty"), (b"This is no sound at all. " * 100, "gone.mp3.*not sound")],
)
def test_audio_that_is_none_is_refused(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    audio, transcript = tmp_path / "gone.mp3", tmp_path / "text.txt"
    transcript.write_text(TEXT, encoding="utf-8")
    if content is not None:
        audio.write_bytes(content)
    assert_refused(quotecast("align", audio, transcript), complaint)
    assert not audio.with_suffix(".vtt").exists()


def test_silence_is_refused(tmp_path: Path) -> None:
    audio, transcript = write_silence(tmp_path / "still.wav", 5.0), tmp_path / "text.txt"
    transcript.write_text(TEXT, encoding="utf-8")
    assert_refused(quotecast("align", audio, transcript), "still.wav.*speech")


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("gone.txt", None, "gone.txt"),
        ("empty.txt", b"", "empty.txt.*empty"),
        ("blank.txt", b" \n\n ", "blank.txt"),
        ("binary.txt", bytes(range(256)) * 20, "binary.txt"),
        ("paper.pdf", b"%PDF-1.7 and so on", "paper.pdf.*PDF.*Markdown"),
    ],
)
def test_a_transcript_that_is_none_is_refused(tmp_path: Path, name: str, content: bytes | None, complaint: str) -> None:
    audio, transcript = write_silence(tmp_path / "still.wav", 5.0), tmp_path / name
    if content is not None:
        transcript.write_bytes(content)
    assert_refused(quotecast("align", audio, transcript), complaint)


def test_an_output_that_would_replace_the_transcript_is_refused(episode: tuple[Path, Path, Path]) -> None:
    audio, _transcript, hypothesis = episode
    captions = audio.with_suffix(".srt")
    captions.write_text("1\n00:00:01,000 --> 00:00:02,000\nUn vélo qui dort\n", encoding="utf-8")
    before = captions.read_bytes()
    assert_refused(quotecast("align", audio, captions, "--hypothesis", hypothesis), "roue.srt.*-o")
    assert captions.read_bytes() == before


def test_an_output_folder_that_is_a_file_is_refused(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    assert_refused(quotecast("align", audio, transcript, "--hypothesis", hypothesis, "-o", transcript), "roue.txt")


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on file size stands in for a full disk")
def test_a_full_disk_leaves_the_old_files_as_they_were(episode: tuple[Path, Path, Path]) -> None:
    import resource

    audio, transcript, hypothesis = episode
    out = audio.parent / "out"
    command = ("align", audio, transcript, "--hypothesis", hypothesis, "-o", out)
    assert quotecast(*command).returncode == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    transcript.write_text(transcript.read_text(encoding="utf-8") + "Et voilà.\n", encoding="utf-8")
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))  # noqa: E731
    assert_refused(quotecast(*command, preexec_fn=limit), "cannot be written")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def start(*arguments: object, cache: Path, cwd: Path | None = None) -> subprocess.Popen[str]:
    """A run with a cache of its own, so that it listens."""
    command = [sys.executable, "-m", "aligner", *map(str, arguments)]
    environment = {**os.environ, "QUOTECAST_CACHE": str(cache)}
    return subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8", env=environment, cwd=cwd)


def end_once(stage: str, process: subprocess.Popen[str], number: signal.Signals) -> str:
    """Send the signal when ``stage`` is under way; return what was said after it."""
    assert process.stderr is not None
    while stage not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(0.5)
    process.send_signal(number)
    rest = process.stderr.read()
    assert process.wait(timeout=60) == 128 + number
    assert rest.strip().splitlines()[-1] == "quotecast: interrupted"
    assert "Traceback" not in rest
    return rest


@posix_only
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_interrupting_leaves_nothing_behind(episode: tuple[Path, Path, Path], tmp_path: Path, name: str) -> None:
    audio, transcript, _ = episode
    out = tmp_path / "out"
    command = ("align", audio, transcript, "-o", out, "--progress", "json")
    with start(*command, cache=tmp_path / "cache") as process:
        end_once("words", process, signal.Signals[name])
    assert not out.exists()
    assert not list(tmp_path.rglob(".quotecast-*"))


@pytest.mark.parametrize("outcome", ["raise", "raise ImportError('initialization failed') from None"])
def test_interrupting_while_a_library_loads_is_an_interruption_whatever_it_raises(outcome: str) -> None:
    script = f"""
import signal, sys
from aligner.__main__ import main

class Library:
    def find_spec(self, name, path=None, target=None):
        if name == "aligner.captions":
            try:
                signal.raise_signal(signal.SIGINT)
            except KeyboardInterrupt:
                {outcome}

sys.meta_path.insert(0, Library())
sys.argv = ["quotecast", "check", "x.vtt"]
main()
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr.strip()) == (130, "quotecast: interrupted")


@pytest.mark.parametrize("trap", ["Loose()", "swallow()"])
def test_an_interruption_that_a_library_loses_is_not_lost(trap: str) -> None:
    script = f"""
import signal, time
import aligner.cli
from aligner.__main__ import main

class Loose:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

def swallow():
    try:
        signal.raise_signal(signal.SIGINT)
    except BaseException:
        pass

def run():
    {trap}
    for _ in range(200):
        time.sleep(0.1)

aligner.cli.run = run
main()
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=15, check=False)
    assert (result.returncode, result.stderr.strip()) == (130, "quotecast: interrupted")


@posix_only
def test_interrupting_in_the_first_moments_is_quiet(episode: tuple[Path, Path, Path], tmp_path: Path) -> None:
    audio, transcript, _ = episode
    for delay in (0.1, 0.2, 0.3, 0.45, 0.6):
        with start("align", audio, transcript, "--progress", "none", cache=tmp_path / "cache") as process:
            time.sleep(delay)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            said = process.stderr.read().strip()
            assert (process.wait(timeout=60), said) == (130, "quotecast: interrupted")


@posix_only
def test_a_signal_that_the_caller_ignores_stays_ignored(tmp_path: Path) -> None:
    script = "import signal; from aligner.__main__ import _catch_signals as c; c(); signal.raise_signal(signal.SIGHUP)"
    command = ["nohup", sys.executable, "-c", script]
    assert subprocess.run(command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


@posix_only
def test_without_standard_error_the_work_is_done(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    command = [sys.executable, "-m", "aligner", "align", audio, transcript, "--hypothesis", hypothesis]
    closed = subprocess.run(["sh", "-c", 'exec "$@" 2>&-', "sh", *command], capture_output=True, text=True, check=False)
    assert closed.returncode == 0
    assert "good" in closed.stdout
    assert audio.with_suffix(".vtt").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_output_that_cannot_be_printed_is_one_line_and_messages_that_cannot_are_nothing(
    episode: tuple[Path, Path, Path],
) -> None:
    audio, transcript, hypothesis = episode
    command = [sys.executable, "-m", "aligner", "align", str(audio), str(transcript), "--hypothesis", str(hypothesis)]
    with Path("/dev/full").open("w") as full:
        for arguments in (command, [*command[:3], "--help"]):
            result = subprocess.run(arguments, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
            assert_refused(result, "standard output: cannot be used .*space")
        assert subprocess.run(command, stdout=subprocess.PIPE, stderr=full, check=False).returncode == 0


@posix_only
def test_a_closed_pipe_ends_quietly(episode: tuple[Path, Path, Path]) -> None:
    hypothesis = episode[2]
    captions = hypothesis.with_name("broken.vtt")
    captions.write_text("WEBVTT\n\n" + "no cue\n\n" * 20_000, encoding="utf-8")
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "aligner", "check", captions]
    result = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert result.stderr == ""


def on_a_terminal(*arguments: object, kind: str) -> str:
    """What a run shows on a terminal of this kind."""
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": kind}
    command = [sys.executable, "-m", "aligner", *map(str, arguments)]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
        assert process.wait(timeout=60) == 0
    os.close(ours)
    return shown.decode()


@posix_only
def test_a_terminal_that_cannot_move_its_cursor_gets_lines(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    command = ("align", audio, transcript, "--hypothesis", hypothesis)
    dumb = on_a_terminal(*command, kind="dumb")
    assert "Reading hypothesis: 2:" in dumb
    assert "\x1b" not in dumb
    assert "\x1b[" in on_a_terminal(*command, kind="xterm")


@posix_only
def test_a_name_cannot_steer_the_terminal_or_break_the_line(episode: tuple[Path, Path, Path], tmp_path: Path) -> None:
    audio, transcript, hypothesis = episode
    odd = audio.rename(tmp_path / "a\n\x1b[31mred\x9b\u202egnp.mp3")
    result = quotecast("align", odd, tmp_path / "gone\x1b[2J\n.txt")
    assert_refused(result, r"gone\\x1b\[2J\\n\.txt")
    assert len(result.stderr.splitlines()) == 1
    assert "\x1b" not in quotecast("align", odd, transcript, "--formats", "\x1b[31m").stderr
    done = quotecast("align", odd, transcript, "--hypothesis", hypothesis)
    assert done.returncode == 0
    assert not set("\x1b\x9b\u202e") & set(done.stdout + done.stderr)
    assert len(done.stdout.splitlines()) == 4


@posix_only
def test_names_that_are_long_or_no_unicode_are_aligned_or_refused_in_one_line(
    episode: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    audio, transcript, hypothesis = episode
    long = audio.rename(tmp_path / ("x" * 245 + ".mp3"))
    assert_refused(quotecast("align", long, transcript), "too long")
    assert_refused(quotecast("align", tmp_path / ("x" * 300 + ".mp3"), transcript), "too long")
    assert_refused(quotecast("align", long, tmp_path / ("x" * 300), "-o", tmp_path), "too long")
    latin = long.rename(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.mp3"))
    assert quotecast("align", latin, transcript, "--hypothesis", hypothesis).returncode == 0
    assert quotecast("export", latin.with_suffix(".alignment.json"), "--to", "srt").returncode == 0


def test_a_cover_that_is_not_there_is_refused(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    for cover in (audio.with_name("nope.jpg"), "x" * 300):
        result = quotecast("align", audio, transcript, "--hypothesis", hypothesis, "--cover", cover)
        assert_refused(result, "--cover expects a picture")
    assert not audio.with_suffix(".vtt").exists()


def test_a_sound_cut_short_is_not_taken_for_another_episode(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    content = audio.read_bytes()
    audio.write_bytes(content[: len(content) // 6])
    heard = json.loads(hypothesis.read_text(encoding="utf-8"))
    words = heard["segments"][0]["words"]
    heard["segments"][0]["words"] = [word for word in words if word["end"] < 20]
    hypothesis.write_text(json.dumps(heard), encoding="utf-8")
    result = quotecast("align", audio, transcript, "--hypothesis", hypothesis)
    assert result.returncode == 4
    assert "cut short" in result.stderr
    assert "which ends early" in result.stdout
    assert "?" not in result.stdout


def test_pins_and_captions_set_by_hand_are_kept_by_every_command(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    command = ("align", audio, transcript, "--hypothesis", hypothesis)
    alignment, captions = audio.with_suffix(".alignment.json"), audio.with_suffix(".vtt")
    quotecast(*command)
    quotecast("export", alignment, "--to", "vtt", "--word-times")
    assert "Kept" not in quotecast(*command).stdout
    pinned = alignment.read_text(encoding="utf-8").replace('"pinned": false', '"pinned": true', 1)
    alignment.write_text(pinned, encoding="utf-8")
    assert "roue.alignment.json.bak" in quotecast(*command).stdout
    assert alignment.with_name("roue.alignment.json.bak").read_text(encoding="utf-8") == pinned
    captions.write_text("WEBVTT\n\nNOTE mine\n", encoding="utf-8")
    assert "roue.vtt.bak" in quotecast("export", alignment, "--to", "vtt").stdout
    assert "mine" in captions.with_name("roue.vtt.bak").read_text(encoding="utf-8")


def test_an_alignment_with_a_number_for_a_speaker_is_refused(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    quotecast("align", audio, transcript, "--hypothesis", hypothesis, "--formats", "json")
    alignment = audio.with_suffix(".alignment.json")
    text = alignment.read_text(encoding="utf-8")
    alignment.write_text(re.sub('"speaker": "[^"]*"', '"speaker": 5', text, count=1), encoding="utf-8")
    assert_refused(quotecast("export", alignment, "--to", "srt"), "damaged.*5 where text")


@posix_only
def test_interrupting_the_demo_leaves_only_what_was_there(tmp_path: Path) -> None:
    there = tmp_path / "old"
    there.mkdir()
    (there / "transcript.txt").write_text("mine", encoding="utf-8")
    for folder in ("my demo/new", "old"):
        with start("demo", "-o", folder, cache=tmp_path / "cache", cwd=tmp_path) as process:
            end_once("Recognising", process, signal.SIGINT)
    assert not (tmp_path / "my demo").exists()
    assert {path.name for path in there.iterdir()} == {"transcript.txt", "transcript.txt.bak"}
    assert (there / "transcript.txt.bak").read_text(encoding="utf-8") == "mine"


def test_wrong_usage_is_status_2(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, _ = episode
    result = quotecast("align", audio, transcript, "--formats", "vtt,pptx")
    assert result.returncode == 2
    assert "pptx" in result.stderr


def test_help_answers_at_once() -> None:
    began = time.perf_counter()
    heavy = "import sys, aligner.cli; print([m for m in ('numpy', 'av', 'rich', 'faster_whisper') if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
    assert time.perf_counter() - began < 5


@pytest.mark.slow
def test_the_demo_aligns_its_sample_within_its_promise(tmp_path: Path) -> None:
    folder = tmp_path / "my demo"
    result = quotecast("demo", "-o", folder.name, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert {path.name for path in folder.iterdir()} == {
        "episode.mp3", "transcript.txt", "episode.vtt", "episode.srt", "episode.alignment.json",
    }  # fmt: skip
    assert "good" in result.stdout
    median, mean = map(int, re.findall(r"(\d+) ms", result.stdout)[:2])
    assert median <= 60
    assert mean <= 120
    following = result.stdout.splitlines()[-1].removeprefix("Next").strip()
    assert subprocess.run(following, shell=True, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (folder / "transcript.txt").write_text("my own words", encoding="utf-8")
    assert "transcript.txt.bak" in quotecast("demo", "-o", folder.name, cwd=tmp_path).stdout
    assert (folder / "transcript.txt.bak").read_text(encoding="utf-8") == "my own words"
