"""The feed tags of an episode: one for each file and one for each soundbite, all valid XML."""

import re
from dataclasses import replace
from pathlib import Path

from lxml import etree

from aligner.feeds.reading import NAMESPACE
from aligner.feeds.tags import Tag, episode_tags
from aligner.formats import Material, Quote
from tests.aligner.captions.spoken import spoken
from tests.aligner.command import quotecast_here
from tests.tables import over_rows

BASE = "https://files.example.org/show/"
HOSTILE = 'Zoé & "<b>Léo</b>" ]]> --> & \U0001f6b2 \u202eabc\ufffd'


def material(audio: str = "episode.mp3", *quotes: Quote) -> Material:
    alignment = spoken("Il avait deux selles et un seul guidon.")
    return Material(replace(alignment, audio=replace(alignment.audio, file=audio)), "x", quotes)


def read(tag: Tag) -> etree._Element:
    """Return a tag as an XML parser reads it."""
    return etree.fromstring(f'<item xmlns:podcast="{NAMESPACE}">{tag.written()}</item>')[0]


def test_every_file_of_the_profile_has_its_tag_with_address_type_and_language() -> None:
    found = episode_tags(material(), BASE)
    read_back = [read(tag) for tag in found.tags]
    assert {each.tag for each in read_back} <= {f"{{{NAMESPACE}}}{name}" for name in ("transcript", "chapters")}
    assert [each.get("url") for each in read_back] == [f"{BASE}{name}" for name in found.files]
    for each, format in zip(read_back, found.files.values(), strict=True):
        assert each.get("type") == format.media_type
    captions = [each for each in read_back if each.get("type") == "text/vtt"]
    assert [(each.get("language"), each.get("rel")) for each in captions] == [("fr", "captions")]


@over_rows("name", ["Épisode 1 : l’été", "a/b?c#d%e", 'x" onload="y', "a&b", "🎧", "серия", ".."])
def test_any_file_name_becomes_a_plain_address(name: str) -> None:
    found = episode_tags(material(f"{name}.mp3"), BASE)
    for tag in found.tags:
        url = read(tag).get("url")
        assert url is not None
        assert re.fullmatch(r"[A-Za-z0-9_-]+(\.[a-z]+)+", url.removeprefix(BASE))
        assert url.removeprefix(BASE) in found.files


def soundbites(*quotes: Quote) -> tuple[list[etree._Element], list[str]]:
    found = episode_tags(material("episode.mp3", *quotes), BASE)
    notes = [str(each) for each in (*found.left_out, *found.notes)]
    return [read(tag) for tag in found.tags if tag.name == "soundbite"], notes


def test_a_quote_is_a_soundbite_with_its_words() -> None:
    [bite], notes = soundbites(Quote(HOSTILE.replace("\ufffd", "\x0b"), "Zoé", 73.0, 133.25))
    assert (bite.get("startTime"), bite.get("duration"), bite.text) == ("73.0", "60.25", HOSTILE)
    assert notes == []


@over_rows(
    "seconds, count, note",
    [
        (14.9, 1, "soundbites of less than 15 s, which some apps do not show: 1:40"),
        (15.0, 1, None),
        (120.0, 1, None),
        (120.1, 0, "quotes of more than 120 s have no soundbite: 1:40"),
    ],
)
def test_a_short_soundbite_has_a_note_and_a_long_quote_is_left_out(
    seconds: float, count: int, note: str | None
) -> None:
    bites, notes = soundbites(Quote("Two saddles.", None, 100.0, 100.0 + seconds))
    assert len(bites) == count
    assert notes == ([note] if note else [])


@over_rows("text", ["vélo " * 40, "v" * 129, "un, " * 50])
def test_a_long_title_is_cut_between_words_with_a_note(text: str) -> None:
    [bite], [note] = soundbites(Quote(text.strip(), None, 0.0, 20.0))
    title = bite.text or ""
    assert len(title) <= 128
    assert title.endswith("…")
    assert set(title.rstrip("…").split()) <= {*text.split(), text.split()[0].rstrip(","), "v" * 127}
    assert note == "quotes of more than 128 characters are cut to a title: 0:00"


def test_the_command_prints_the_tags(alignment: Path) -> None:
    done = quotecast_here("feed", alignment, "--base-url", BASE)
    assert f'url="{BASE}roue.vtt" type="text/vtt"' in done.stdout
    refused = quotecast_here("feed", alignment, "--base-url", "files")
    assert refused.returncode == 3
    assert "files: is not a web address" in refused.stderr
    secret = quotecast_here("feed", alignment, "--base-url", "https://me:secret@example.org/")
    assert (secret.returncode, secret.stdout) == (3, "")
    assert "shows a name or a password" in secret.stderr


def test_the_enclosure_has_the_size_of_the_audio_with_chapters(alignment: Path) -> None:
    assert quotecast_here("export", alignment, "--profile", "podcast").returncode == 0
    size_bytes = (alignment.parent / "roue-podcast" / "roue.mp3").stat().st_size
    done = quotecast_here("feed", alignment, "--base-url", BASE)
    [enclosure] = [line for line in done.stderr.splitlines() if line.startswith("Enclosure ")]
    assert enclosure.endswith(f'url="{BASE}roue.mp3" length="{size_bytes}" type="audio/mpeg"')
    assert "enclosure" not in done.stdout.lower(), "only tags are printed to standard output"
