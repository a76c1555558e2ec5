"""The interface, the documents and names say what the field says, in none of the project's earlier words.

To allow a phrase, add it to the exceptions; to ban a word, add a line with the better one.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_ROOT = Path(__file__).parents[1]

ENGLISH = {
    r"sounds?": "audio, recording",
    r"told|tells?|telling": "reports, lists, shows",
    r"heard": "matched, recognised",
    r"ears?|(match|align|locat)\w* (by )?letters": "method, acoustic alignment, recogniser",
    r"heads?": "acoustic model",
    r"lacks?|lacking": "is missing from the transcript",
    r"adverts?|hypothes[ie]s": "ad, ASR output",
    r"kept quotes?|keep (a|the|this) quote": "saved quote",
    r"puts? in|put into": "insert",
    r"anew|sets? right": "again, correct",
    r"sign(s|ed|ing|atures?)?": "mark as reviewed, reviewed by",
    r"stretch(es)?": "passage",
    r"drafts?": "automatic transcript",
    r"places": "locations; of platforms: targets",
    r"the look|looks of": "style",
}
FRENCH = {
    r"(le|du|au|un|ce|autre|nouveau|ancien|leur|quel|fichiers?) son|sons|son(?=[.,;:!?)]|$)": "audio, enregistrement",
    r"entendue?s?": "reconnu, trouvé",
    r"brouillons?": "transcription automatique",
    r"sign(ée?s?|er|ez|e|atures?)": "vérifié par",
    r"citations? gardées?": "citation enregistrée",
    r"pochettes?": "couverture",
    r"abîmée?s?": "endommagé",
    r"de nouveau": "à nouveau",
    r"horaires?": "minutage",
    r"non dite?s?": "non prononcé",
    r"ôter|ôtez|ôtée?s?": "retirer",
}
EXCEPTIONS = (
    *("places every word", "head of the file", "signs that players"),  # verbs, and < in SubRip
    *("--ear letters|words", "--hypothesis"),  # options' earlier names, in the changelog
)

NAME_PARTS = {
    r"tells?|told|telling|retelling": "warnings, report, new, row",
    r"hear|heard": "matched, recognised",
    r"sounds?": "audio",
    r"ears?": "recogniser",
    r"lacking": "missing, untranscribed",
    r"stretch(es)?": "passage, span",
    r"anew": "again",
    r"advert|hypothes[ie]s": "ad, asr_output",
    r"places": "targets, locations, occurrences",
    r"doubts|settled|begun|seal|confinement|shelf": "pending_matches, annotations, started, safe_fs, episode_list",
}
NAMES = {
    r"kept(_quotes)?|made|given": "saved_quotes, copies, episode, result, or what was passed",
    r"letters_?heard|(match|align|locate_by|decoded)_?letters": "characters, acoustic",
    r"looks|opened|standing|going|patience": "style, loaded, existing, run_status, time_budget",
    r"bounded|course|homes|signature|cast": "worker_pool, import_run, job_dirs, review, embed",
}
NAME_EXCEPTIONS = {"sound_cue", "sound_cues", "no_sound_cues"} | {"over_hypothesis", "hypothesis", "hypothesis_letters"}


def _banned(table: Mapping[str, str], texts: Iterable[str], bounds: str = r"\b(?:{})\b") -> Iterator[str]:
    for pattern, better in table.items():
        for text in texts:
            yield from (f"“{each[0]}”; better: {better}" for each in re.finditer(bounds.format(pattern), text, re.I))


def _strings() -> Iterator[tuple[Path, str]]:
    """Yield each string of the interface and the prose of each document, with its file."""
    for path in sorted([*_ROOT.glob("web/languages/*.json"), *_ROOT.glob("aligner/languages/sentences.*.json")]):
        yield from ((path, re.sub(r"\{[^}]*\}", "", str(text))) for text in json.loads(path.read_bytes()).values())
    for path in sorted(_ROOT.glob("web/templates/**/*.html")):
        yield path, re.sub(r"(?s)\{[{%#].*?[}%#]\}|<[^>]*>", " ", path.read_text(encoding="utf-8"))
    for path in sorted({*_ROOT.glob("*.md"), *_ROOT.glob("docs/**/*.md")} - {_ROOT / "THIRD_PARTY.md"}):
        yield path, re.sub(r"(?s)```.*?```|`[^`]*`|\]\([^)]*\)|\s+", " ", path.read_text(encoding="utf-8"))


def _names() -> Iterator[tuple[Path, str]]:
    """Yield the names of modules, classes, functions, parameters and fields, and those that scripts export."""
    for path in sorted(each for room in ("aligner", "media", "web") for each in (_ROOT / room).rglob("*.py")):
        yield path, path.parent.name if path.name == "__init__.py" else path.stem
        for node in ast.walk(ast.parse(path.read_bytes())):
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                    yield path, name
            fields = node.body if isinstance(node, ast.ClassDef) else ()
            yield from ((path, ast.unparse(each.target)) for each in fields if isinstance(each, ast.AnnAssign))
    for path in sorted(_ROOT.glob("web/static/js/**/*.js")):
        exported = re.findall(r"(?m)^export (?:async )?(?:function\*?|class|const|let) (\w+)", path.read_text())
        yield from ((path, name) for name in [path.stem.replace("-", "_"), *exported])


def banned_words() -> Iterator[str]:
    """Yield a line for each banned word: its file, the word, the better one."""
    allowed = re.compile("|".join(map(re.escape, EXCEPTIONS)), re.IGNORECASE)
    for path, text in _strings():
        is_french = path.stem in ("fr", "messages.fr", "sentences.fr", "tutoriel")
        for found in _banned(FRENCH if is_french else ENGLISH, [allowed.sub("", text)]):
            yield f"{path.relative_to(_ROOT)}: {found}"
    for path, name in _names():
        snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_")
        parts = [] if snake in NAME_EXCEPTIONS else snake.split("_")
        for found in [*_banned(NAME_PARTS, parts, r"^(?:{})$"), *_banned(NAMES, [snake], r"^(?:{})$")]:
            yield f"{path.relative_to(_ROOT)}: {name}: {found}"


def test_interface_documents_and_names_use_the_words_of_the_field() -> None:
    found = list(banned_words())
    assert not found, "\n".join(found)
