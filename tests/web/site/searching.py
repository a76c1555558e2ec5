"""Shows that are searched by the scripts of their pages, which Node runs over the index."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aligner.formats import Material
from aligner.formats.embed import embed_data
from aligner.model import Alignment, Verdict
from aligner.storage.alignment_json import read_alignment, to_text
from tests.node import need_node
from web.site.manifest import Digest, ShowEpisode
from web.site.search_index import search_files

_SCRIPT = Path(__file__).parents[2] / "js" / "searching.js"


@dataclass(frozen=True, slots=True)
class Show:
    """Episodes in a library of the app, and as a published show, newest first, in one folder."""

    folder: Path
    episodes: tuple[ShowEpisode, ...]

    def publish(self) -> str:
        """Write what is searched; returns the address of the index."""
        for each in self.episodes:
            path = self.folder / each.name / "a.alignment.json"
            if path.is_file() and not each.folder.exists():
                lay_published(read_alignment(path), each)
        index, files = search_files(self.episodes)
        for path, content in files.items():
            (self.folder / path).parent.mkdir(exist_ok=True)
            (self.folder / path).write_bytes(content)
        return index


def lay_published(alignment: Alignment, episode: ShowEpisode) -> None:
    """Lay what a search reads of a published episode."""
    episode.folder.mkdir(parents=True)
    text = json.dumps(embed_data(Material(alignment, episode.name), ["sound.mp3"]))
    (episode.folder / "episode.cast.json").write_text(text, encoding="utf-8")


def lay_show(folder: Path, *alignments: Alignment) -> Show:
    """Lay alignments in ``folder``, each a day older than the one before it."""
    episodes = []
    for number, alignment in enumerate(alignments):
        name, date = f"e{number}", f"2026-01-{28 - number:02d}"
        dated = replace(alignment, episode=replace(alignment.episode, date=date))
        path = folder / name / "a.alignment.json"
        path.parent.mkdir(parents=True)
        path.write_text(to_text(dated), encoding="utf-8")
        path.with_name(alignment.audio.file).write_bytes(b"sound")
        episodes.append(ShowEpisode(name, digest_of(dated, name), folder / "e" / name))
    return Show(folder, tuple(episodes))


def digest_of(alignment: Alignment, name: str) -> Digest:
    """What a show tells of an episode that is called so where it has no title."""
    return Digest(
        audio="0" * 64,
        inputs="0" * 64,
        title=alignment.episode.title or name,
        show=alignment.episode.show,
        date=alignment.episode.date,
        language=alignment.language,
        duration=alignment.audio.duration,
        verdict=Verdict.GOOD,
        coverage=1.0,
        quotes=0,
        has_cover=False,
    )


class ShowPage:
    """The scripts of a show's page, asked again and again."""

    def __init__(self) -> None:
        need_node()
        self._node = subprocess.Popen(
            ["node", _SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def ask(self, show: Show, queries: Sequence[str]) -> list[Any]:
        """What each query finds in the show."""
        return [told["found"] for told in self._ask(show, queries)]

    def loaded(self, show: Show, query: str) -> list[str]:
        """The addresses of what the query has loaded."""
        [told] = self._ask(show, [query])
        loaded: list[str] = told["loaded"]
        return loaded

    def _ask(self, show: Show, queries: Sequence[str]) -> list[Any]:
        assert self._node.stdin
        assert self._node.stdout
        asked = {"folder": str(show.folder), "index": show.publish(), "queries": queries}
        print(json.dumps(asked), file=self._node.stdin, flush=True)
        answer: list[Any] = json.loads(self._node.stdout.readline())
        return answer

    def close(self) -> None:
        self._node.communicate()
