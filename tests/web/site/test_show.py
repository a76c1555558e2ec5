"""Several episodes as one folder: what lies where, what is made again, and what stays whatever becomes of others."""

import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from PIL import Image

from aligner.feeds.items import Show
from aligner.model import Verdict
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import write_text
from tests.aligner.command import assert_refused, quotecast_here
from tests.tables import over_rows
from tests.web.site.publishing import (
    alignments,
    content,
    copied_sample,
    copied_show,
    keep,
    known_show,
    publish,
    publish_show,
)

NAMES = ["2025-03-01-l-ete-des-velos", "2025-03-08-oeuvres-co"]


@pytest.fixture(scope="module")
def planted(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two episodes, and the show of them in ``site``."""
    root = tmp_path_factory.mktemp("show")
    publish_show(copied_show(sample, root, "L’été des vélos", "Œuvres & co"), root / "site")
    return root


@pytest.fixture
def show(planted: Path, tmp_path: Path) -> Path:
    """The show's folder, to be changed."""
    return Path(shutil.copytree(planted, tmp_path / "show")) / "site"


def again(show: Path, *options: object) -> str:
    """The show published again; what the command said."""
    done = quotecast_here("publish", *alignments(show), "-o", show, "--progress", "none", *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(show: Path, *arguments: object, because: str) -> None:
    """The command refuses, and nothing has changed."""
    before = content(show)
    assert_refused(quotecast_here("publish", *arguments, "-o", show, "--progress", "none"), because)
    assert content(show) == before


def retitle(path: Path, title: str) -> None:
    alignment = read_alignment(path)
    write_text(path, to_text(replace(alignment, episode=replace(alignment.episode, title=title))))


def index(show: Path) -> str:
    return (show / "index.html").read_text(encoding="utf-8")


def test_each_episode_lies_under_its_date_and_title_and_the_index_leads_to_the_newest_first(planted: Path) -> None:
    site = planted / "site"
    assert sorted(path.name for path in (site / "e").iterdir()) == NAMES
    assert re.findall(r'href="e/([^"/]*)/index\.html"', index(site)) == NAMES[::-1]
    assert all((site / "e" / name / "index.html").is_file() for name in NAMES)
    assert "Œuvres &amp; co" in index(site)


def test_what_is_unchanged_is_not_made_again(show: Path) -> None:
    marks = {path: path.stat().st_ino for path in show.rglob("*")}
    assert "0 written, 2 unchanged, 0 failed" in again(show)
    assert {path: path.stat().st_ino for path in show.rglob("*")} == marks


def test_of_an_episode_whose_title_changes_the_links_hold(show: Path) -> None:
    retitle(alignments(show)[0], "Un tout autre titre")
    assert "1 written, 1 unchanged, 0 failed" in again(show)
    assert sorted(path.name for path in (show / "e").iterdir()) == NAMES
    assert "Un tout autre titre" in index(show)
    assert "été des vélos" not in index(show)


def test_quotes_and_a_cover_are_taken_up(show: Path) -> None:
    first, second = alignments(show)
    alignment = read_alignment(first)
    keep(alignment, first.parent, (0, 14))
    Image.new("RGB", (300, 300), "navy").save(second.with_name("cover.png"))
    alignment = read_alignment(second)
    write_text(second, to_text(replace(alignment, episode=replace(alignment.episode, cover="cover.png"))))
    assert "2 written, 0 unchanged" in again(show)
    assert index(show).count("1 citation") == 1
    assert re.findall('src="e/(.*)/cover-small.jpg"', index(show)) == [NAMES[1]] * 2  # the show's too


def test_an_episode_of_which_a_file_is_gone_is_made_again(show: Path) -> None:
    (show / "e" / NAMES[0] / "sound.mp3").unlink()
    assert "1 written, 1 unchanged" in again(show)
    assert (show / "e" / NAMES[0] / "sound.mp3").is_file()


@pytest.mark.nightly
def test_with_an_address_the_index_and_each_episode_know_their_own(show: Path) -> None:
    assert "2 written" in again(show, "--base-url", "https://example.org/show", "--interface", "en")
    assert '<link rel="canonical" href="https://example.org/show/">' in index(show)
    assert '<html lang="en"' in index(show)
    page = (show / "e" / NAMES[0] / "index.html").read_text(encoding="utf-8")
    assert f'<meta property="og:url" content="https://example.org/show/e/{NAMES[0]}/">' in page
    assert '<html lang="en"' in page


@pytest.mark.nightly
def test_options_that_a_later_run_forgets_are_remembered_and_that_is_said(show: Path) -> None:
    path = alignments(show)[0]
    keep(read_alignment(path), path.parent, (0, 14))
    again(show, "--base-url", "https://example.org/show", "--interface", "en")
    before = content(show)
    assert [name for name in before if name.endswith("card.png")]
    told = again(show)
    assert "Address   https://example.org/show/, as before; another with --base-url" in told
    assert "Interface en, as before; another with --interface" in told
    assert "0 written, 2 unchanged" in told
    assert content(show) == before
    told = again(show, "--base-url=", "--interface", "auto")
    assert "as before; another" not in told
    assert not [path for path in content(show) if path.endswith("card.png")]
    assert "example.org/show" not in index(show)
    assert '<html lang="fr"' in index(show)


@pytest.mark.nightly
def test_an_episode_that_cannot_be_published_stays_as_it_was_and_hinders_no_other(show: Path, sample: Path) -> None:
    first, second = alignments(show)
    before = content(show / "e" / NAMES[0])
    retitle(first, "Sans son")
    first.with_name("episode.mp3").unlink()
    retitle(second, "Autrement")
    new = copied_sample(sample, show.parent / "new")
    new.with_name("episode.mp3").unlink()
    done = quotecast_here("publish", first, second, new, "-o", show, "--progress", "none")
    assert done.returncode == 3
    assert [line.count(str(path)) for line, path in zip(done.stderr.splitlines(), (first, new), strict=True)] == [1, 1]
    was_there, is_new = done.stderr.splitlines()
    assert f"{first}: not published again: " in was_there
    assert f"{new}: not published: " in is_new
    assert all("put the audio beside its alignment" in line and "--audio" not in line for line in (was_there, is_new))
    assert "1 written, 0 unchanged, 2 failed" in done.stdout
    assert re.findall("^Stays.*", done.stdout, re.M) == [f"Stays     {show / 'e' / NAMES[0]}, as it was published"]
    assert content(show / "e" / NAMES[0]) == before
    assert sorted(path.name for path in (show / "e").iterdir()) == NAMES
    assert "L’été des vélos" in index(show)
    assert "Autrement" in index(show)
    assert "Sans son" not in index(show)


def test_a_program_is_told_what_failed(show: Path) -> None:
    retitle(alignments(show)[0], "Sans son")
    alignments(show)[0].with_name("episode.mp3").unlink()
    done = quotecast_here("publish", *alignments(show), "-o", show, "--progress", "json")
    told = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")][-1]
    assert told["done"]
    assert told["files"] == [str(show / "index.html")]
    [why] = told["failed"]
    assert why["template"] == "{path}: not found; put the audio beside its alignment"


def test_what_was_published_is_not_forgotten_unless_its_folder_is_removed(show: Path) -> None:
    refused(show, alignments(show)[0], because=f"e: also holds {NAMES[1]}; name")
    nowhere = show.parent / "*" / "episod.alignment.json"
    refused(show, nowhere, because=f"e: also holds {NAMES[0]}, {NAMES[1]}; name")
    shutil.rmtree(show / "e" / NAMES[1])
    assert "0 written, 1 unchanged" in again_with(show, alignments(show)[0])
    assert re.findall(r'href="e/([^"/]*)/index\.html"', index(show)) == NAMES[:1]


def again_with(show: Path, *named: Path) -> str:
    done = quotecast_here("publish", *named, "-o", show, "--progress", "none")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_alignments_of_one_sound_are_refused(show: Path) -> None:
    other = Path(shutil.copytree(alignments(show)[0].parent, show.parent / "other")) / "episode.alignment.json"
    refused(show, *alignments(show), because="has the same audio as")
    assert other.exists()


def test_a_sound_is_named_of_one_episode_alone(show: Path) -> None:
    for option in (("--audio", "x.mp3"), ("--audio-url", "https://example.org/x.mp3")):
        done = quotecast_here("publish", *alignments(show), "-o", show, *option)
        assert done.returncode == 2
        assert "are for one episode, not for a show" in done.stderr


def test_a_show_goes_into_no_episode_s_folder(show: Path) -> None:
    refused(show / "e" / NAMES[0], *alignments(show), because="holds an episode that was published alone")
    (show / "mine.html").write_text("x", encoding="utf-8")
    (show / "quotecast-site.json").unlink()
    refused(show, *alignments(show), because="holds something other than a published episode")


@over_rows("content", [None, "{"])
def test_an_episode_whose_list_is_gone_or_damaged_gets_no_other_address(show: Path, content: str | None) -> None:
    path = show / "e" / NAMES[0] / "quotecast-site.json"
    path.unlink()
    if content:
        path.write_text(content, encoding="utf-8")
    refused(show, *alignments(show), because="restore that file, or remove the folder")
    shutil.rmtree(path.parent)
    assert "1 written, 1 unchanged" in again(show)
    assert sorted(path.name for path in (show / "e").iterdir()) == NAMES


def test_what_lies_among_the_episodes_and_is_none_of_ours_stays(show: Path, sample: Path) -> None:
    mine = show / "e" / "2025-03-15-mine"
    mine.mkdir()
    (mine / "index.html").write_text("mine", encoding="utf-8")
    (show / "e" / "2025-03-15-mine-2").write_text("mine", encoding="utf-8")
    new = copied_sample(sample, show.parent / "2")
    alignment = read_alignment(new)
    write_text(new, to_text(replace(alignment, episode=replace(alignment.episode, title="Mine"))))
    assert "1 written, 2 unchanged" in again(show)
    assert content(mine) == {"index.html": b"mine"}
    assert (show / "e" / "2025-03-15-mine-3" / "index.html").is_file()
    assert '"e/2025-03-15-mine/' not in index(show)


def test_an_episode_that_is_poor_and_one_that_is_reviewed_are_told_as_such(show: Path) -> None:
    path = alignments(show)[0]
    write_text(path, to_text(replace(read_alignment(path), verdict=Verdict.POOR, coverage=0.3, machine_text=True)))
    again(show)
    assert index(show).count("Seuls 30") == 1
    assert index(show).count("Transcription automatique, non relue") == 1
    assert index(show).count("Minutage automatique, non vérifié") == 1


def test_a_show_begins_with_one_episode(planted: Path, tmp_path: Path) -> None:
    first, second = alignments(planted / "site")
    site = publish(first, tmp_path / "site", "--show")
    assert re.findall(r'href="e/([^"/]*)/index\.html"', index(site)) == NAMES[:1]
    before = content(site / "e" / NAMES[0])
    publish_show([first, second], site)
    assert re.findall(r'href="e/([^"/]*)/index\.html"', index(site)) == NAMES[::-1]
    assert content(site / "e" / NAMES[0]) == before
    alone = publish(first, tmp_path / "alone")
    refused(alone, first, "--show", because="--show begins one")


def test_a_library_is_published_as_a_show_of_all_its_episodes(planted: Path, tmp_path: Path) -> None:
    library = Path(shutil.copytree(planted, tmp_path / "library", ignore=shutil.ignore_patterns("site")))
    for kept in ("trash", ".hidden"):
        shutil.copytree(library / "0", library / kept / "0")
    site = publish(library, tmp_path / "site")
    assert re.findall(r'href="e/([^"/]*)/index\.html"', index(site)) == NAMES[::-1]
    assert "0 written, 2 unchanged" in again_with(site, library)
    shutil.rmtree(library / "1")
    assert [path.name for path in (publish(library, tmp_path / "one") / "e").iterdir()] == NAMES[:1]
    refused(site, library / "0", because="0: holds no folder with an alignment")


@over_rows("url, is_linked", [("https://roue.example/a?b&c", True), ("javascript:alert(1)", False), (None, False)])
def test_the_page_shows_what_the_feed_says_of_the_show_as_text(
    show: Path, url: str | None, is_linked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path))
    description = "<b>Vélos</b>\n\n& <script>alert(1)</script>"
    known_show(show.parent, Show("Autre", description, "https://roue.example/cover.jpg", url), jpeg("teal"))
    again(show)
    page = lxml.html.fromstring(index(show))
    assert page.xpath("//h1")[0].text == "Roue libre"
    assert page.xpath("//header/p")[0].text == description
    assert page.xpath("//header//a/@href") == [url] * is_linked
    assert page.xpath("//header/img/@src") == ["cover-small.jpg"]
    assert Image.open(show / "cover.jpg").getpixel((0, 0))[0] < 9
    assert not page.xpath("//script[contains(., 'alert')]")


def jpeg(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 300), colour).save(file, "JPEG")
    return file.getvalue()
