"""The files of a published show beside those of its episodes: its page, which lists them, and what searches them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from web.languages import liked, script_strings, t
from web.page.bundle import icon, script_of, strings_of, styles
from web.site.episodes import ShowEpisode, newest_first
from web.site.folder import Contents
from web.site.pages import version_of_file
from web.site.rendering import rendered, speaking
from web.site.search_index import search_files

_Value = TypeVar("_Value")

_ENTRY = "site/show.js"
_STYLES = ("tokens.css", "base.css", "library.css", "show.css", "touch.css", "forced.css")


def show_contents(episodes: Sequence[ShowEpisode], interface: str | None, base: str | None) -> Contents:
    """What a show's folder is to hold beside its episodes, which are there."""
    ordered = newest_first(episodes)
    language = interface or liked([_most_common([each.digest.language for each in ordered])])
    script, style = script_of(_ENTRY), styles(_STYLES)
    index, search = search_files(ordered)
    with speaking(language):
        show = _most_common([each.digest.show for each in ordered])
        if 2 * sum(each.digest.show == show for each in ordered) <= len(ordered):
            show = None
        page = rendered(
            "site/show.html",
            episodes=ordered,
            title=show or t("site.show.episodes"),
            show=show,
            base=base,
            asked={
                "site.css": f"site.css?v={version_of_file(style)}",
                "show.js": f"show.js?v={version_of_file(script)}",
                "search": index,
            },
            strings=strings_of(script, script_strings()),
        )
    written = {"index.html": page, "site.css": style, "show.js": script, "icon.svg": icon()}
    files = {path: text.encode("utf-8", "replace") for path, text in written.items()} | search
    return Contents(files, base=base, interface=interface)


def _most_common(values: Sequence[_Value]) -> _Value:
    """The one that most have, of several the first."""
    return Counter(values).most_common(1)[0][0]
