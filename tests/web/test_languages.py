"""All languages have the same keys and placeholders, and each key in use exists."""

from __future__ import annotations

import json
import re
from string import Formatter

from flask.testing import FlaskClient

from tests.paths import ROOT
from tests.tables import over_rows
from web.languages import LANGUAGES, catalogue, messages

WEB = ROOT / "web"


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@over_rows("language", LANGUAGES)
def test_every_language_has_the_same_keys(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert other.keys() == english.keys()
    assert {key: places(text) for key, text in other.items()} == {key: places(text) for key, text in english.items()}


@over_rows("language", LANGUAGES)
def test_no_text_is_twice_in_a_catalogue(language: str) -> None:
    text = (WEB / "languages" / f"{language}.json").read_text(encoding="utf-8")
    keys = json.loads(text, object_pairs_hook=lambda pairs: [key for key, _ in pairs])
    assert len(keys) == len(set(keys))


def test_french_punctuation_has_no_plain_spaces() -> None:
    assert not [key for key, text in catalogue("fr").items() if re.search(r" [:;?!%»]|« ", text)]


@over_rows("language, space", [("en", ""), ("fr", "\u00a0")])
def test_a_percentage_is_written_in_one_way(language: str, space: str) -> None:
    said = [*catalogue(language).values(), *messages(language).values()]
    written = [found for text in said for found in re.findall(r"(?<=[}\d])(\s*)%", text)]
    assert len(written) > 10
    assert set(written) == {space}
    marked = [path.name for path in WEB.rglob("*.html") if re.search(r"\}\}(&nbsp;|\s)*%[^}]", path.read_text("utf-8"))]
    assert marked == []  # but by the words of a language


def test_every_key_in_use_exists() -> None:
    known = catalogue("en").keys()
    sources = [*WEB.rglob("*.html"), *(p for p in WEB.rglob("*.py"))]
    asked = {key for path in sources for key in re.findall(r"""\bt\(["']([\w.]+)["'][,)]""", path.read_text("utf-8"))}
    scripts = {
        f"js.{key}"
        for path in (WEB / "static" / "js").rglob("*.js")
        if path.parent.name != "embed"  # which brings its own
        for key in re.findall(r"""\bt\("([\w.]+)"[,)]""", path.read_text("utf-8"))
    }
    assert len(asked) > 40
    assert len(scripts) > 10
    assert (asked | scripts) - known == set()


@over_rows("asked, answered", [("fr-CH, en;q=0.5", "fr"), ("de, en;q=0.1", "en"), ("", "en")])
def test_the_browser_chooses_until_the_reader_does(client: FlaskClient, asked: str, answered: str) -> None:
    assert f'<html lang="{answered}"' in client.get("/", headers={"Accept-Language": asked}).text
