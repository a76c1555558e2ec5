"""Render the files that belong to a show as a whole: the page that lists the episodes, and the search index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from aligner.feeds.items import Show
from aligner.publication import is_web_address
from aligner.publishing.audiograms import title_card
from media.errors import PictureError
from media.video.card import CARD
from web.languages import first_supported, script_strings, t
from web.page.bundle import icon, script_of, strings_of, styles
from web.site.folder import Contents
from web.site.manifest import EPISODES_FOLDER, ShowEpisode, newest_first
from web.site.pages import in_language, rendered, versioned
from web.site.search_index import search_files
from web.site.style import cards_of, cover_files

_ENTRY = "site/show.js"
_STYLES = ("tokens.css", "base.css", "library.css", "show.css", "touch.css", "forced.css")


Facts = tuple[Show, Path | None]
"""A show as its feed describes it, and the local copy of its cover, if any."""


def show_contents(
    episodes: Sequence[ShowEpisode], interface: str | None, base: str | None, facts: Facts | None = None
) -> Contents:
    """Return the files of a show's folder except those of its episodes, which must already be there. ``interface`` is
    the language of labels, by default that of most episodes. ``base`` is the folder's web address, and ``facts`` are
    the show's description and cover from the feed, each if known."""
    ordered = newest_first(episodes)
    described, cover = facts or (Show(), None)
    covers = dict[str, bytes]()
    with suppress(PictureError):
        covers = cover_files(cover) if cover else {}
    language = interface or first_supported([Counter(each.digest.language for each in ordered).most_common(1)[0][0]])
    script = script_of(_ENTRY)
    own = {"site.css": styles(_STYLES), "show.js": script, "icon.svg": icon()}
    index, search = search_files(ordered)
    with in_language(language):
        show = _name_of(ordered) or described.title
        title = show or t("site.show.episodes")
        total = t("library.one" if len(ordered) == 1 else "library.total", n=len(ordered))
        with_cover = (f"{EPISODES_FOLDER}/{each.name}/" for each in ordered if each.digest.has_cover)
        cover_folder = "" if covers else next(with_cover, None)
        page = rendered(
            "site/show.html",
            episodes=ordered,
            title=title,
            language=_language_of(show, ordered),
            total=total,
            show=show,
            base=base,
            description=(described.description or "").strip(),
            feed=described.url if described.url and is_web_address(described.url) else None,
            cover_folder=cover_folder,
            card=CARD,
            versioned=versioned(own, *own) | {"search": index},
            strings=strings_of(script, script_strings()),
        )
    written = own | {"index.html": page}
    files = {path: text.encode("utf-8", "replace") for path, text in written.items()} | search | covers
    if base and cover_folder is None:
        files["card.png"] = title_card(title, show, total, language, cards_of(show)[0])
    return Contents(files, base=base, interface=interface)


def _name_of(episodes: Sequence[ShowEpisode]) -> str | None:
    """Return the name of the show to which most of the episodes belong, or None if there is no such show."""
    show, times = Counter(each.digest.show for each in episodes).most_common(1)[0]
    return show if show and show.strip() and 2 * times > len(episodes) else None


def _language_of(show: str | None, episodes: Sequence[ShowEpisode]) -> str | None:
    """Return the language of the episodes of ``show``, or None if there is not exactly one."""
    languages = {each.digest.language for each in episodes if show and each.digest.show == show}
    return languages.pop() if len(languages) == 1 else None
