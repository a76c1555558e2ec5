"""Feeds and folders are read, and hostile ones refused."""

import sys
from pathlib import Path

import pytest

from aligner.errors import FeedError
from aligner.feeds.items import Feed, FeedItem, Link, Show, read_items
from media.ffmpeg import running
from tests.tables import over_rows
from tests.web.archive.archiving import ENGLISH, TALKS, archive, details, feed_of, folders, name_of, write_episode
from tests.web.library.shelved import write_sound
from web.archive.records import Source, SourceContents
from web.archive.sources import declared_text, read_sources

URL = "https://example.org/show/feed.xml"
HEAD = "<title>Roue libre</title>"
DAY = "<pubDate>Fri, 01 May 2026 23:30:00 +0200</pubDate>"
AUDIO = '<enclosure url="a.mp3" type="audio/mpeg" length="1000"/>'


def read(*items: str, head: str = HEAD, place: str = URL) -> Feed:
    return read_items(feed_of(head, *items), place, place, URL)


def item_of(content: str) -> FeedItem:
    [item] = read(f"<item>{AUDIO}{content}</item>").items
    return item


def offered(folder: Path) -> SourceContents:
    return read_sources(folder / "no library", [Source(str(folder))], (), lambda *_: None)


def names(found: SourceContents) -> list[str]:
    return sorted(each.name for each in (*found.audio, *found.texts))


@over_rows(
    "content, complaint",
    {
        "a file of this machine": (
            b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>', "document type"
        ),
        "deep nesting": (b"<rss>" + b"<a>" * 10_000, "feed"),
        "a page": (b"<html><body/></html>", "is no podcast's feed; expected RSS or Atom"),
        "too large": (b"<rss>" + b" " * 60_000_000, "larger than"),
    },
)  # fmt: skip
def test_hostile_and_invalid_feeds_are_refused_in_a_sentence(content: bytes, complaint: str) -> None:
    with pytest.raises(FeedError, match=complaint) as refused:
        read_items(content, URL, "feed.xml")
    assert str(refused.value).startswith("feed.xml: ")
    assert "root:" not in str(refused.value)


def test_all_details_of_an_item_are_read() -> None:
    item = item_of(
        "<title>Les &lt;b&gt;freins&lt;/b&gt;</title><guid isPermaLink='false'>g1</guid><link>/1</link>"
        f"{DAY}<itunes:duration>1:02:03</itunes:duration>"
        "<itunes:season>2</itunes:season><itunes:episode>7</itunes:episode><description>De la &lt;i&gt;jante"
        "&lt;/i&gt;</description><podcast:person>Anna</podcast:person><podcast:person> Bob </podcast:person>"
        "<psc:chapters><psc:chapter start='0' title='Le pneu'/></psc:chapters><itunes:image href='c.png'/>"
        "<podcast:transcript url='t.vtt' type='text/vtt' language='fr' rel='captions'/>"
    )
    at = "https://example.org/show"
    assert item == FeedItem(
        URL, "g1", Link(f"{at}/a.mp3", feed=URL, type="audio/mpeg", size_bytes=1000), title="Les freins",
        show="Roue libre", date="2026-05-01", page="https://example.org/1", season=2, number=7, seconds=3723.0,
        about="De la jante Le pneu", cover=f"{at}/c.png", persons=("Anna", "Bob"),
        transcripts=(Link(f"{at}/t.vtt", feed=URL, type="text/vtt", language="fr", role="captions"),),
    )  # fmt: skip


def test_duplicate_items_and_those_without_audio_are_faults() -> None:
    feed = read(
        f"<item><title>one</title><guid>1</guid>{AUDIO}</item>",
        f"<item><title>again</title><guid>1</guid>{AUDIO}</item>",
        "<item><title>silent</title><guid>2</guid></item>",
        '<item><title>script</title><enclosure url="javascript:alert(1)" type="audio/mpeg"/></item>',
        '<item><title>local</title><enclosure url="file:///etc/passwd" type="audio/mpeg"/></item>',
    )
    assert [each.title for each in feed.items] == ["one"]
    assert feed.faults == (
        "again: is in the feed twice", "silent: has no audio", "script: has no audio", "local: has no audio"
    )  # fmt: skip


@over_rows(
    "place, head, url",
    {
        "public": (URL, HEAD, URL),
        "a token": (f"{URL}?token=s3cret", HEAD, None),
        "blocked": (URL, f"{HEAD}<itunes:block>Yes</itunes:block>", None),
        "a file": ("/home/anna/feed.xml", HEAD, None),
    },
)
def test_only_a_public_feed_gives_a_link_to_subscribe(place: str, head: str, url: str | None) -> None:
    assert read(f"<item>{AUDIO}</item>", head=head, place=place).show == Show("Roue libre", url=url)


@over_rows(
    "links, chosen",
    {
        "written before captions": ([("a", "text/vtt", "fr", None), ("b", "text/html", "fr", None)], "b"),
        "what is not for captions": ([("a", "text/plain", "fr", "captions"), ("b", "text/vtt", "fr", None)], "b"),
        "an unknown type last": ([("a", "image/png", "fr", None), ("b", "application/srt", "fr", None)], "b"),
    },
)
def test_the_declared_transcript_that_people_most_likely_wrote_is_used(
    links: list[tuple[str, str, str | None, str | None]], chosen: str
) -> None:
    declared = tuple(Link(url, type=kind, language=language, role=role) for url, kind, language, role in links)
    text = declared_text(FeedItem(URL, "g", Link("a.mp3"), language="fr", transcripts=declared))
    assert (text.link.url if text and text.link else None) == chosen


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_hidden_names_links_and_notes_on_the_folder_are_skipped(tmp_path: Path) -> None:
    write_episode(tmp_path / "elsewhere", 2)
    source = tmp_path / "source"
    write_episode(source, 1)
    write_episode(source / ".hidden", 2)
    (source / "link").symlink_to(tmp_path / "elsewhere")
    (source / "link.txt").symlink_to(tmp_path / "elsewhere" / f"{name_of(2)}.txt")
    for name in (".notes.txt", "~$notes.docx", "README.md", "LICENSE.txt", "E01 velo.info.json"):
        (source / name).write_text(ENGLISH, "utf-8")
    found = offered(source)
    assert (names(found), found.faults) == ([f"source/{name_of(1)}.txt", f"source/{name_of(1)}.wav"], [])


def test_of_files_with_one_name_the_document_and_the_compressed_audio_are_used(tmp_path: Path) -> None:
    (tmp_path / "e.txt").write_text(TALKS[0], "utf-8")
    (tmp_path / "e.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:00.900\nAujourd'hui\n", "utf-8")
    with running(["-i", f"file:{write_sound(tmp_path / 'e.wav', 3)}", f"file:{tmp_path / 'e.mp3'}"]):
        pass
    found = offered(tmp_path)
    pairs = sorted(tuple(Path(each).name for each in pair) for pair in found.duplicates)
    assert [Path(each).name for each in names(found)] == ["e.mp3", "e.txt"]
    assert pairs == [("e.mp3", "e.wav"), ("e.txt", "e.vtt")]


def test_an_unreadable_file_is_listed_with_the_reason(tmp_path: Path) -> None:
    write_episode(tmp_path, 1)
    (tmp_path / "noise.mp3").write_bytes(b"no audio" * 1000)
    (tmp_path / "broken.docx").write_bytes(b"no document" * 1000)
    found = offered(tmp_path)
    assert names(found) == [f"{name_of(1)}.txt", f"{name_of(1)}.wav"]
    assert sorted(Path(fault.partition(":")[0]).name for fault in found.faults) == ["broken.docx", "noise.mp3"]


@over_rows(
    "address, title, joined",
    {
        "by name": ("E01%20velo.mp3", "Pilote", True),
        "by title": ("8f.mp3", "#1 Le velo", True),
        "by nothing": ("8f.mp3", "Pilote", False),
    },
)
def test_a_feed_item_and_its_audio_file_are_merged(address: str, title: str, joined: bool, tmp_path: Path) -> None:
    write_episode(tmp_path / "source", 1)
    enclosure = f'<enclosure type="audio/mpeg" url="http://127.0.0.1/{address}" length="7"/>'
    (tmp_path / "feed.xml").write_bytes(
        feed_of(HEAD, f"<item><title>{title}</title><guid>g</guid>{DAY}{enclosure}</item>")
    )
    library = tmp_path / "library"
    archive("add", "--yes", tmp_path / "feed.xml", tmp_path / "source", library)
    [episode] = folders(library)
    known = details(library, episode)
    found = known["title"], known.get("guid"), known["date"]
    assert found == ((title, "g", "2026-05-01") if joined else (name_of(1), None, None))
