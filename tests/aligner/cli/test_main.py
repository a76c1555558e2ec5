"""The command line: one clear line for each invalid input, the exit status, no partial file."""

import json
import re
import shlex
import subprocess
import sys
import urllib.request
import wave
from pathlib import Path

import pytest

from aligner.cli.main import COMMANDS
from tests.aligner.command import assert_refused, quotecast, quotecast_here
from tests.tables import over_rows

TEXT = "Anna: Good evening, this is a test of the harbour radio, and nothing else.\n"


def write_silence(path: Path, seconds: float) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1), file.setsampwidth(2), file.setframerate(16_000)
        file.writeframes(bytes(2 * int(16_000 * seconds)))
    return path


def test_an_episode_becomes_captions_and_an_alignment(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    result = quotecast_here("align", audio, transcript, "--asr-output", hypothesis, "--show", "Roue libre")
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) <= 5
    alignment = json.loads(audio.with_suffix(".alignment.json").read_text(encoding="utf-8"))
    assert alignment["verdict"] == "good"
    assert alignment["language"] == "fr"
    assert alignment["episode"]["show"] == "Roue libre"
    assert alignment["transcript"]["text"] == transcript.read_text(encoding="utf-8")
    for ending in (".vtt", ".srt"):
        checked = quotecast_here("check", audio.with_suffix(ending))
        assert (checked.returncode, checked.stderr) == (0, "")
    assert {p.name for p in audio.parent.iterdir()} == {
        ".lock", "roue.mp3", "roue.txt", "heard.json", "roue.vtt", "roue.srt", "roue.alignment.json",
        "roue.fingerprint",
    }  # fmt: skip


def test_a_speaker_is_called_by_the_name_that_is_given_and_the_text_stays(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    options = ("--asr-output", hypothesis, "--rename", "Bastien Oriol=B. Oriol")
    assert quotecast_here("align", audio, transcript, *options).returncode == 0
    alignment = json.loads(audio.with_suffix(".alignment.json").read_text(encoding="utf-8"))
    speakers = {segment["speaker"] for segment in alignment["segments"]}
    assert "B. Oriol" in speakers
    assert "Bastien Oriol" not in speakers
    assert alignment["transcript"]["text"] == transcript.read_text(encoding="utf-8")
    assert "<v B. Oriol>" in audio.with_suffix(".vtt").read_text(encoding="utf-8")


def test_a_missed_norm_is_counted_and_listed_if_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "fast.srt"
    file.write_bytes(b"1\r\n00:00:01,000 --> 00:00:02,000\r\n" + b"x" * 30 + b"\r\n")
    plain, normed = quotecast_here("check", file), quotecast_here("check", file, "--norms")
    report = f"{file}: no format errors, 1 caption outside a norm"
    assert (plain.returncode, plain.stdout) == (0, f"{report} (--norms lists them)\n")
    assert normed.returncode == 0
    assert normed.stdout.splitlines() == [f"{file}:2: reading speed: 30.0 characters a second, at most 20", report]


def test_vtt_of_one_line_a_caption_is_judged_as_export_writes_it_for_podcasts(tmp_path: Path) -> None:
    file = tmp_path / "podcast.vtt"
    text = f"WEBVTT\n\n00:01.000 --> 00:05.900\n{'x' * 65}\n\n00:06.000 --> 00:10.000\n{'x' * 66}\n"
    file.write_text(text, encoding="utf-8")
    line, report = quotecast_here("check", file, "--norms").stdout.splitlines()
    assert line == f"{file}:6: line length: 66 characters, at most 65"
    assert report == f"{file}: no format errors, 1 caption outside a norm for podcast players"
    file.write_text(f"{text}\n00:11.000 --> 00:13.000\ntwo\nlines\n", encoding="utf-8")
    assert " 2 captions outside a norm (" in quotecast_here("check", file).stdout


@pytest.mark.nightly
def test_a_transcript_of_another_episode_has_a_poor_verdict(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    transcript.write_text(TEXT * 20, encoding="utf-8")
    result = quotecast_here("align", audio, transcript, "--asr-output", hypothesis)
    assert result.returncode == 4
    assert "poor" in result.stdout
    assert "poor" in audio.with_suffix(".vtt").read_text(encoding="utf-8").split("\n\n")[1]
    assert json.loads(audio.with_suffix(".alignment.json").read_text(encoding="utf-8"))["verdict"] == "poor"


def test_progress_for_programs_is_a_json_object_a_line(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    result = quotecast_here("align", audio, transcript, "--asr-output", hypothesis, "--progress", "json")
    *steps, last = [json.loads(line) for line in result.stderr.splitlines()]
    fields = {"stage", "done", "total", "run_done", "run_seconds_left"}
    assert all(fields == set(line) for line in steps)
    parts = [line["run_done"] for line in steps]
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    assert steps[-1]["done"] == steps[-1]["total"]
    assert (last["done"], last["verdict"]) == (True, "good")
    assert [Path(path).name for path in last["files"]] == ["roue.vtt", "roue.srt", "roue.alignment.json"]


@over_rows(
    "content, complaint",
    [(None, "gone.mp3"), (b"", "empty"), (b"This is no sound at all. " * 100, "gone.mp3.*not audio")],
)
def test_a_file_without_audio_is_refused(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    audio, transcript = tmp_path / "gone.mp3", tmp_path / "text.txt"
    transcript.write_text(TEXT, encoding="utf-8")
    if content is not None:
        audio.write_bytes(content)
    assert_refused(quotecast_here("align", audio, transcript), complaint)
    assert not audio.with_suffix(".vtt").exists()


@over_rows(
    "name, content, complaint",
    [
        ("gone.txt", None, "gone.txt"),
        ("empty.txt", b"", "empty.txt.*empty"),
        ("blank.txt", b" \n\n ", "blank.txt"),
        ("binary.txt", bytes(range(256)) * 20, "binary.txt"),
        ("paper.pdf", b"%PDF-1.7 and so on", "paper.pdf.*PDF.*Markdown"),
    ],
)
def test_an_invalid_transcript_is_refused(tmp_path: Path, name: str, content: bytes | None, complaint: str) -> None:
    audio, transcript = write_silence(tmp_path / "still.wav", 5.0), tmp_path / name
    if content is not None:
        transcript.write_bytes(content)
    assert_refused(quotecast_here("align", audio, transcript), complaint)


def test_an_output_that_would_replace_the_transcript_is_refused(episode: tuple[Path, Path, Path]) -> None:
    audio, _transcript, hypothesis = episode
    captions = audio.with_suffix(".srt")
    captions.write_text("1\n00:00:01,000 --> 00:00:02,000\nUn vélo qui dort\n", encoding="utf-8")
    before = captions.read_bytes()
    assert_refused(quotecast_here("align", audio, captions, "--asr-output", hypothesis), "roue.srt.*-o")
    assert captions.read_bytes() == before


@pytest.mark.nightly
def test_truncated_audio_is_not_reported_as_another_episode(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    content = audio.read_bytes()
    audio.write_bytes(content[: len(content) // 6])
    heard = json.loads(hypothesis.read_text(encoding="utf-8"))
    words = heard["segments"][0]["words"]
    heard["segments"][0]["words"] = [word for word in words if word["end"] < 20]
    hypothesis.write_text(json.dumps(heard), encoding="utf-8")
    result = quotecast_here("align", audio, transcript, "--asr-output", hypothesis)
    assert result.returncode == 4
    assert "cut short" in result.stderr
    assert "which ends early" in result.stdout
    assert "?" not in result.stdout


@pytest.mark.nightly
def test_captions_and_alignments_edited_by_hand_survive_every_command(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    command = ("align", audio, transcript, "--asr-output", hypothesis)
    alignment, captions = audio.with_suffix(".alignment.json"), audio.with_suffix(".vtt")
    quotecast_here(*command)
    quotecast_here("export", alignment, "--to", "vtt", "--word-times")
    assert "Kept" not in quotecast_here(*command).stdout
    edited = alignment.read_text(encoding="utf-8").replace('"title": ', '"title":  ', 1)
    alignment.write_text(edited, encoding="utf-8")
    assert "roue.alignment.json.bak" in quotecast_here(*command).stdout
    assert alignment.with_name("roue.alignment.json.bak").read_text(encoding="utf-8") == edited
    captions.write_text("WEBVTT\n\nNOTE mine\n", encoding="utf-8")
    assert "roue.vtt.bak" in quotecast_here("export", alignment, "--to", "vtt").stdout
    assert "mine" in captions.with_name("roue.vtt.bak").read_text(encoding="utf-8")


def test_pins_survive_an_edited_transcript_and_lost_ones_are_listed(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    command = ("align", audio, transcript, "--asr-output", hypothesis)
    path = audio.with_suffix(".alignment.json")
    quotecast_here(*command)
    stored = json.loads(path.read_text(encoding="utf-8"))
    spoken = [k for k, word in enumerate(stored["words"]) if word["status"] == "exact" and len(word["text"]) > 6]
    kept, gone = stored["words"][spoken[10]], stored["words"][spoken[30]]
    kept["start"] = round(kept["start"] + 0.033, 3)
    kept["pinned"] = gone["pinned"] = True
    path.write_text(json.dumps(stored), encoding="utf-8")
    text = transcript.read_text(encoding="utf-8")
    sentence = text.rindex(".", 0, gone["char_start"]) + 1, text.index(".", gone["char_end"]) + 1
    transcript.write_text("Un mot de plus.\n\n" + text[: sentence[0]] + text[sentence[1] :], encoding="utf-8")
    assert quotecast_here(*command).returncode == 0
    again = json.loads(path.read_text(encoding="utf-8"))
    pinned = [word for word in again["words"] if word["pinned"]]
    assert [(word["text"], word["start"], word["end"]) for word in pinned] == [
        (kept["text"], kept["start"], kept["end"])
    ]
    assert [(word["status"], word["confidence"]) for word in pinned] == [("exact", 1.0)]
    lost = {"kind": "word", "text": gone["text"], "start": gone["start"], "end": gone["end"]}
    assert again["lost_pins"] == [lost]


def test_an_unreadable_alignment_is_renamed_and_reported(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    path = audio.with_suffix(".alignment.json")
    path.write_text("{", encoding="utf-8")
    result = quotecast_here("align", audio, transcript, "--asr-output", hypothesis)
    assert result.returncode == 0
    assert "corrections in it, if any, are not taken over" in result.stderr
    assert path.with_name("roue.alignment.json.bak").read_text(encoding="utf-8") == "{"


def test_an_alignment_of_a_newer_version_is_not_replaced(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    path = audio.with_suffix(".alignment.json")
    newer = '{"format": "quotecast-alignment", "version": 2}'
    path.write_text(newer, encoding="utf-8")
    assert_refused(quotecast_here("align", audio, transcript, "--asr-output", hypothesis), "update quotecast")
    assert path.read_text(encoding="utf-8") == newer


@over_rows(
    "command, options, complaint",
    [
        ("align", ("--formats", "vtt,pptx"), "pptx"),
        ("align", ("--formats", "srt", "--word-times"), "--word-times goes with VTT"),
        ("align", ("--rename", "Bastien"), "expected LABEL=NAME"),
        ("nonsense", (), "No such command"),
    ],
)
def test_wrong_usage_is_status_2(
    episode: tuple[Path, Path, Path], command: str, options: tuple[str, ...], complaint: str
) -> None:
    result = quotecast_here(command, *episode[:2], *options)
    assert (result.returncode, complaint in result.stderr) == (2, True)
    assert not episode[0].with_suffix(".srt").exists()


def test_help_lists_every_command_on_one_screen_and_loads_nothing_heavy() -> None:
    heavy = {"av", "faster_whisper", "flask", "numpy", "rich"}
    code = f"""
import sys
from aligner.cli.main import quotecast
assert "web" not in sys.modules
quotecast.main(["--help"], standalone_mode=False)
print({heavy} & set(sys.modules))
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    *lines, loaded = shown.splitlines()
    listed = [line.split()[0] for line in lines[lines.index("Make captions:") :] if line.startswith("  ")]
    assert listed == list(COMMANDS)
    assert 24 <= len(lines) <= 40
    assert not any(line.endswith("...") for line in lines[1:])
    assert loaded == "set()"


def test_aligning_shows_twelve_options_and_the_advanced_ones_if_asked_for() -> None:
    shown, everything = quotecast_here("align", "--help").stdout, quotecast_here("align", "--help-all").stdout
    names = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", shown, re.MULTILINE)
    assert len(names) == 12
    assert "--method" not in names
    for name in (*names, "--method", "--cover", "--author", "--progress"):
        assert f"{name} " in everything


@pytest.mark.nightly
def test_the_demo_aligns_its_sample_within_its_promise(tmp_path: Path) -> None:
    folder = tmp_path / "my demo"
    result = quotecast("demo", "-o", folder.name, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert {path.name for path in folder.iterdir()} == {
        "episode.mp3", "transcript.txt", "episode.vtt", "episode.srt", "episode.alignment.json", "episode.fingerprint",
    }  # fmt: skip
    assert "good" in result.stdout
    median, mean = map(int, re.findall(r"(\d+) ms", result.stdout)[:2])
    assert median <= 15
    assert mean <= 30
    following = result.stdout.splitlines()[-1].removeprefix("Next").strip()
    assert "Une promenade qui attend" in _first_page(following, tmp_path)
    (folder / "transcript.txt").write_text("my own words", encoding="utf-8")
    assert "transcript.txt.bak" in quotecast("demo", "-o", folder.name, cwd=tmp_path).stdout
    assert (folder / "transcript.txt.bak").read_text(encoding="utf-8") == "my own words"


def _first_page(serve: str, cwd: Path) -> str:
    """What the server that the command line starts shows first."""
    command = [*shlex.split(serve), "--no-browser", "--port", "0"]
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, encoding="utf-8") as server:
        assert server.stdout is not None
        address = next(line.split()[1] for line in server.stdout if line.startswith("Open"))
        with urllib.request.urlopen(address, timeout=60) as page:
            shown: str = page.read().decode()
        server.terminate()
    return shown
