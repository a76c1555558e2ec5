"""``quotecast export``: the files of a profile, and where they refer to the audio."""

import json
import shutil
from pathlib import Path

import pytest

from aligner.formats import PROFILES
from aligner.storage.alignment_json import read_alignment
from tests.aligner.command import assert_refused, quotecast_here
from tests.tables import over_rows
from web.quotes.saved import save_quote


def kept(alignment: Path) -> Path:
    """The alignment, of which its first four words are kept."""
    save_quote(alignment.parent, read_alignment(alignment), 0, 4)
    return alignment


def sound_of(timeline: Path) -> str:
    content = json.loads(timeline.read_text(encoding="utf-8"))
    url: str = content["tracks"]["children"][1]["children"][0]["media_reference"]["target_url"]
    return url


@over_rows("profile", list(PROFILES))
def test_all_files_of_a_profile_are_written_into_a_folder(alignment: Path, profile: str) -> None:
    run = quotecast_here("export", kept(alignment), "--profile", profile)
    assert run.returncode == 0, run.stderr
    folder = alignment.parent / f"roue-{profile}"
    names = [f"roue{ending}" for ending in PROFILES[profile].endings.values()]
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert all(f"Written   {folder / name}" in run.stdout for name in names)
    again = quotecast_here("export", alignment, "--profile", profile)
    assert "Kept" not in again.stdout, "what nobody has edited is no handiwork"


def test_an_export_for_a_platform_says_where_to_upload_it(alignment: Path) -> None:
    run = quotecast_here("export", alignment, "--profile", "podcast")
    assert "Goes to   roue.vtt: Your feed, Castopod, Podlove Publisher, Apple Podcasts, Spotify, Audio" in run.stdout
    run = quotecast_here("export", alignment, "--profile", "research")
    assert "Goes to   roue.TextGrid: Praat" in run.stdout
    assert "Goes to   roue.words.csv: R, pandas, spreadsheets" in run.stdout


def test_the_sync_file_is_the_fingerprint_of_the_audio_and_its_lack_is_reported(alignment: Path) -> None:
    fingerprint, folder = alignment.with_name("roue.fingerprint"), alignment.parent / "roue-podcast"
    linked = '<podcast:txt purpose="quotecast-sync">https://a.example/roue.sync</podcast:txt>'
    assert quotecast_here("export", alignment, "--profile", "podcast").returncode == 0
    assert (folder / "roue.sync").read_bytes() == fingerprint.read_bytes()
    mp4 = alignment.with_name("mp4.alignment.json")
    mp4.write_text(alignment.read_text(encoding="utf-8").replace("roue.mp3", "roue.m4a"), encoding="utf-8")
    shutil.copy(fingerprint, mp4.with_name("mp4.fingerprint"))
    warning = "Warning   roue.m4a: players on web pages can use the sync file with MP3 and ADTS (.aac) only"
    warned = [warning in quotecast_here("export", each, "--to", "sync").stdout for each in (alignment, mp4)]
    assert warned == [False, True]
    assert linked in quotecast_here("feed", alignment, "--base-url", "https://a.example/").stdout.splitlines()
    shutil.rmtree(folder)
    fingerprint.unlink()
    run = quotecast_here("export", alignment, "--profile", "podcast")
    assert "Left out  roue.sync: the fingerprint of the audio is missing" in run.stdout
    assert not (folder / "roue.sync").exists()
    run = quotecast_here("feed", alignment, "--base-url", "https://a.example/")
    assert linked not in run.stdout
    assert "Left out  sync file: the fingerprint of the audio is missing" in run.stderr


def test_an_export_of_audio_with_chapters_says_what_to_do_with_it(alignment: Path) -> None:
    run = quotecast_here("export", alignment, "--profile", "podcast")
    size_bytes = (alignment.parent / "roue-podcast" / "roue.mp3").stat().st_size
    assert "Enclosure roue.mp3 replaces the audio" in run.stdout
    assert f'length="{size_bytes}" type="audio/mpeg"' in run.stdout


def test_an_export_for_the_player_prints_its_html(alignment: Path) -> None:
    run = quotecast_here("export", alignment, "--profile", "web")
    [line] = [line for line in run.stdout.splitlines() if line.startswith("Paste     <script")]
    assert '<quote-cast src="roue.cast.json">' in line
    assert "quotecast publish" in run.stdout


@over_rows(
    "command",
    [
        ("export", "--to", "csv", "-o", "quotes.json"),
        ("export", "--to", "csv", "-o", "roue.history.jsonl"),
        ("report", "--json", "quotes.json"),
        ("clip", "--words", "0-4", "--no-listen", "-o", "quotes.mp3"),
    ],
)
def test_saved_quotes_and_history_are_no_output_files(
    alignment: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(kept(alignment).parent)
    Path("roue.history.jsonl").write_text("changes", encoding="utf-8")
    before = {path: path.read_bytes() for path in Path().iterdir()}
    name, *options = command
    assert_refused(quotecast_here(name, alignment, *options), r"(quotes\.json|roue\.history\.jsonl): would replace")
    assert {path: path.read_bytes() for path in Path().iterdir()} == before


def test_the_audio_is_named_relative_to_the_exported_file(alignment: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "a b" / "été.otio"
    for output, expected in (("roue.otio", "roue.mp3"), (elsewhere, "../roue.mp3")):
        run = quotecast_here("export", alignment, "--to", "otio", "-o", alignment.parent / output)
        assert run.returncode == 0, run.stderr
        assert sound_of(alignment.parent / output) == expected
    quotecast_here("export", alignment, "--profile", "editor")
    assert sound_of(alignment.parent / "roue-editor" / "roue.otio") == "../roue.mp3"
    (alignment.parent / "roue.mp3").rename(tmp_path / "a b" / "là.mp3")
    run = quotecast_here("export", alignment, "--to", "otio", "--audio", tmp_path / "a b" / "là.mp3")
    assert run.returncode == 0, run.stderr
    assert sound_of(alignment.parent / "roue.otio") == "a%20b/l%C3%A0.mp3"


def test_each_episode_of_a_library_is_exported_even_if_one_fails(alignment: Path) -> None:
    library = alignment.parent / "library"
    for name in "abc":
        (library / name).mkdir(parents=True)
        for path in (alignment, alignment.with_name("roue.mp3")):
            shutil.copy(path, library / name)
    (library / "b" / alignment.name).write_text("{}", encoding="utf-8")
    run = quotecast_here("export", library, "--profile", "research")
    assert_refused(run, r"b/roue\.alignment\.json: not an alignment\.json")
    assert [(library / name / "roue-research" / "roue.TextGrid").is_file() for name in "abc"] == [True, False, True]
    elsewhere = alignment.parent / "elsewhere"
    run = quotecast_here("export", library, "--profile", "research", "-o", elsewhere)
    assert sorted(path.name for path in elsewhere.iterdir()) == ["a", "c"]
    assert (elsewhere / "c" / "roue.TextGrid").is_file()
    for options in (("--to", "csv", "-o", "x.csv"), ("--profile", "research", "--audio", "x.mp3")):
        assert quotecast_here("export", library, *options).returncode == 2
