"""After a correction of the text and aligning again, whatever is written of an episode has its kept quotes as before,
though nobody has opened its page since; one that is not found any more is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aligner.model import Alignment
from aligner.saved_quotes import read
from aligner.storage.alignment_json import read_alignment
from tests.aligner.command import quotecast_here
from tests.web.planting import aligned_again
from web.quotes.kept import keep, mark_removed

ELSEWHERE = ("Bonjour et bienvenue dans", "Bonjour à toutes et à tous, et bienvenue dans")
LADY = "Jeudi, une dame de 82 ans a changé son premier pneu."
GONE = (LADY, "Voilà qui nous plaît, à l’atelier comme ailleurs, vraiment.")
SITE = {"html", "png", "mp3"}


def words_of(alignment: Alignment, text: str) -> range:
    start = alignment.transcript.text.index(text)
    inside = [k for k, each in enumerate(alignment.words) if start <= each.word.char_start < start + len(text)]
    return range(inside[0], inside[-1] + 1)


def publish(path: Path, folder: Path) -> str:
    run = quotecast_here("publish", path, "-o", folder, "--progress", "none")
    assert run.returncode == 0, run.stderr
    return run.stdout


def pages(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "q").glob("*") if path.name != "quote.css"}


@pytest.fixture(scope="module")
def before(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An episode of which a minute and a sentence were kept, published, exported as ``editor``."""
    folder = tmp_path_factory.mktemp("before") / "library" / "roue-libre"
    shutil.copytree(sample, folder)
    path = folder / "episode.alignment.json"
    alignment = read_alignment(path)
    lady = words_of(alignment, LADY)
    keep(folder, alignment, 0, 70)
    keep(folder, alignment, lady.start, lady.stop)
    publish(path, folder.parents[1] / "site")
    return path


@pytest.fixture
def episode(before: Path, tmp_path: Path) -> Path:
    """The same in a folder of its own, with the site beside its library."""
    shutil.copytree(before.parents[2], tmp_path, dirs_exist_ok=True)
    return tmp_path / before.relative_to(before.parents[2])


@pytest.mark.nightly
def test_published_quotes_stay_where_they_were(episode: Path) -> None:
    site = episode.parents[2] / "site"
    names = {*pages(site)}
    aligned_again(episode, ELSEWHERE)
    quotes = episode.with_name("quotes.json").read_bytes()
    said = publish(episode, site)
    assert {*pages(site)} == names
    assert {name.partition(".")[2] for name in names} == SITE
    assert not any(word in said for word in ("Left out  a kept", "Removed", "Stays"))
    assert episode.with_name("quotes.json").read_bytes() == quotes, "only aligning again writes it"
    html = (site / "index.html").read_text(encoding="utf-8")
    assert all(f'href="q/{name}"' in html for name in names if name.endswith(".html"))


@pytest.mark.nightly
def test_the_page_of_one_that_is_not_found_stays_as_it_was_until_the_quote_is_removed(episode: Path) -> None:
    site = episode.parents[2] / "site"
    old = pages(site)
    aligned_again(episode, ELSEWHERE, GONE)
    for _ in range(2):
        said = publish(episode, site)
        [page] = [name for name in old if name.startswith("jeudi") and name.endswith(".html")]
        assert LADY in said
        assert {name: content for name, content in pages(site).items() if name.startswith("jeudi")} == {
            name: content for name, content in old.items() if name.startswith("jeudi")
        }
        assert (site / "q" / "quote.css").is_file()
        assert page not in (site / "index.html").read_text(encoding="utf-8")
    mark_removed(episode.parent, kept_ids(episode)[-1], True)
    said = publish(episode, site)
    assert f"Removed   {site / 'q' / page}" in said
    assert not [name for name in pages(site) if name.startswith("jeudi")]


def kept_ids(episode: Path) -> list[str]:
    return [kept.id for kept in read(episode.parent)]
