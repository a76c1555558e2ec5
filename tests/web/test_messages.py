"""Each message of the aligner is a translated template."""

import ast
import errno
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from flask import Flask

from media.errors import Message, from_facts
from tests.paths import ROOT
from tests.tables import over_rows
from web.languages import LANGUAGES, catalogue, messages, translated

DETAIL = "detail"  # what a translation may leave out


@cache
def nodes() -> list[tuple[Path, ast.AST]]:
    """The syntax of all that is shipped."""
    paths = [path for package in ("aligner", "media", "web") for path in sorted((ROOT / package).rglob("*.py"))]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths if "training" not in path.parts}
    return [(path, node) for path, tree in trees.items() for node in ast.walk(tree)]


@cache
def speakers() -> set[str]:
    """The names of all that is called with a template: messages, and every class of errors that has one."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for _, node in nodes()
        if isinstance(node, ast.ClassDef)
    }
    names = {"UserError"}
    while more := {name for name, of in bases.items() if of & names} - names:
        names |= more
    return names | {"Message"}


@cache
def calls() -> list[tuple[Path, ast.Call]]:
    return [
        (path, node)
        for path, node in nodes()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in speakers()
    ]


def templates() -> Iterator[str]:
    for _, call in calls():
        if isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.nightly
def test_every_message_is_a_template_at_its_source() -> None:
    """A message composed elsewhere could not be translated."""
    assert len(calls()) > 150
    assert len(speakers()) > 15
    other = [(path, call) for path, call in calls() if not isinstance(call.args[0], ast.Constant)]
    others = [f"{path.relative_to(ROOT)}: {ast.unparse(call)}" for path, call in other]
    assert [each for each in others if not each.endswith("(CHANGED_MEANWHILE)")] == [
        "media/errors.py: Message(template, **values)"
    ]


def test_every_message_fills_all_fields_of_its_template() -> None:
    filled = [
        (str(call.args[0].value), {keyword.arg for keyword in call.keywords})
        for _, call in calls()
        if isinstance(call.args[0], ast.Constant)
    ]
    assert [template for template, names in filled if places(template) != names] == []


def test_exactly_the_messages_are_translated() -> None:
    said, known = set(templates()), messages("fr").keys()
    assert said - known == set()
    of_the_system = {text for text in known - said if text[0].isupper() and not places(text)}
    assert known - said == of_the_system
    assert len(of_the_system & {os.strerror(number) for number in errno.errorcode}) > 20


@over_rows("language", LANGUAGES)
def test_a_translation_has_the_fields_of_its_template(language: str) -> None:
    wrong = [
        template
        for template, text in messages(language).items()
        if not places(template) - {DETAIL} <= places(text) <= places(template)
    ]
    assert wrong == []


def test_french_messages_have_no_plain_spaces_at_punctuation_and_no_english_marks() -> None:
    french = messages("fr").values()
    assert [text for text in french if re.search(r" [:;?!%»]|« |\u00a0[;?!]|['\"]|\{detail|!r\}", text)] == []


@over_rows("language", LANGUAGES)
def test_pages_name_no_command_line_option(language: str) -> None:
    said = [*messages(language).values(), *catalogue(language).values()]
    shown = [text.replace("{install} --force-reinstall", "") for text in said]
    assert [text for text in shown if re.search(r"(^|\W)(--\w|-o\b)", text)] == []


def test_every_warning_has_its_sentence() -> None:
    kinds = {
        node.args[0].value
        for _, node in nodes()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Caution"
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(kinds) > 10
    assert {f"js.caution.{kind}" for kind in kinds} - catalogue("en").keys() == set()


@over_rows(
    "text, english, french",
    [
        (
            Message("{path}: cannot be read ({reason})", path="/home/me/lib/é.txt", reason="Permission denied"),
            "é.txt: cannot be read (Permission denied)",
            "é.txt\u00a0: lecture impossible (accès refusé)",
        ),
        (
            Message("{path}: is not text; {expected}", path="a", expected=Message("a {kind}", kind="c")),
            "a: is not text; a c",
            "a\u00a0: n’est pas du texte\u202f; a c",
        ),
        (
            Message("{path}: has no audio from {start:.1f} s on", path="a.mp3", start=2.25),
            "a.mp3: has no audio from 2.2\u00a0s on",
            "a.mp3\u00a0: n’a plus d’audio à partir de 2,2\u00a0s",
        ),
        (Message("not of this {version}", version=3), "not of this 3", "not of this 3"),
        # What is written leftwards is apart from the sentence that it is put into.
        (
            Message("{path}: cannot be read ({reason})", path="/home/me/הגינה.txt", reason="Permission denied"),
            "\u2068הגינה.txt\u2069: cannot be read (Permission denied)",
            "\u2068הגינה.txt\u2069\u00a0: lecture impossible (accès refusé)",
        ),
        ("Is a directory", "Is a directory", "c’est un dossier"),
        ("any words {at} all", "any words {at} all", "any words {at} all"),
        (from_facts({"message": "as told", "template": "{path}: {start:.1f}", "values": {}}), "as told", "as told"),
    ],
)
def test_a_message_is_shown_in_the_readers_language(app: Flask, text: str, english: str, french: str) -> None:
    told = []
    for language in LANGUAGES:
        with app.test_request_context(headers={"Accept-Language": language}):
            told.append(translated(text))
    assert told == [english, french]
