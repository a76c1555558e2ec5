"""What somebody may have sent is opened by ``media.confinement`` and changed by ``aligner.storage``; no other code of
these rooms touches the disk, but for the places that are named here, each with its reason."""

import ast
from collections.abc import Iterator

import pytest

from tests.places import ROOT

ROOMS = ("web", "aligner/storage", "aligner/transcript", "aligner/publishing", "media")

PLACED = "lies where media.confinement found that it may"
OWN = "lies in the user's own configuration, cache or temporary files, or is the system's"
MADE = "is made in a folder for temporary files"
NAMED = "is named by the person at the command line"
SHIPPED = "comes with the package"
REASONS = {
    "aligner/storage/atomic.py": PLACED,
    "aligner/storage/moving.py": PLACED,
    "aligner/storage/journal.py": PLACED,
    "aligner/storage/outputs.py:_check_place": PLACED,
    "aligner/storage/backups.py:_known": OWN,
    "aligner/storage/backups.py:_remember": OWN,
    "aligner/publishing/styles.py": OWN,
    "aligner/publishing/audiograms.py:_video_contents": MADE,
    "aligner/publishing/clips.py:clip_bytes": MADE,
    "aligner/publishing/clips.py:_contents": MADE,
    "aligner/publishing/clips.py:make_clip": NAMED,
    "media/confinement.py": "is the one place",
    "media/listing.py": "is the one place, for folders",
    "media/container.py:open_container": PLACED,
    "media/mastering/encoding.py:_cover_arguments": MADE,
    "media/pictures.py:_opened": "is a picture in memory",
    "media/temporary.py": PLACED,
    "media/video/fonts.py": "are the fonts of the system and of the package",
    "media/video/render.py:_write_wave": MADE,
    "web/access/keys.py": OWN,
    "web/bounded.py": OWN,
    "web/http/server.py:_uploads_pass_through": NAMED,
    "web/languages/__init__.py:_read": SHIPPED,
    "web/library/adding.py:add_sample": SHIPPED,
    "web/page/downloads.py:bundle": SHIPPED,
    "web/routes/library.py:open_upload": "is an upload that begins",
    "web/clips/folder.py:bundled": "makes a ZIP in a temporary file without a name",
}
"""By a module, or a function of one, why it may."""

TOUCHING = frozenset({
    "chmod", "copy2", "copyfile", "copytree", "exists", "glob", "hardlink_to", "is_dir", "is_fifo", "is_file",
    "iterdir", "lexists", "link", "listdir", "lstat", "makedirs", "mkdir", "mkdtemp", "mkstemp", "open",
    "read_bytes", "read_text", "readlink", "removedirs", "rename", "rglob", "rmdir", "rmtree", "samefile",
    "scandir", "send_file", "send_from_directory", "stat", "symlink", "symlink_to", "touch", "unlink", "walk",
    "write_bytes", "write_text",
})  # fmt: skip
"""Names of methods, and of functions of ``os``, ``shutil`` and ``tempfile``, that look at, open or change files."""


def touches(module: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """The calls that touch the disk other than by our own functions, with the names of the functions they are in."""
    for node in module.body:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and _touches(inner):
                yield getattr(node, "name", ""), inner


def _touches(call: ast.Call) -> bool:
    match call.func:
        case ast.Name(name):
            return name == "open"
        case ast.Attribute(value=ast.Call(func=ast.Name("where" | "place" | "regular_file"))):
            return False  # of the path that confinement gave
        case ast.Attribute(value=ast.Name("walker")):
            return False  # of a document
        case ast.Attribute(value=ast.Name("os"), attr="replace" | "remove"):
            return True
        case ast.Attribute(attr="replace"):
            return len(call.args) == 1 and not call.keywords  # with one argument it is a path's; a text's takes two
        case ast.Attribute(attr=name):
            return name in TOUCHING
    return False


def of(room: str) -> Iterator[tuple[str, str, ast.Call]]:
    for path in sorted((ROOT / room).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        yield from ((name, function, call) for function, call in touches(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("room", ROOMS)
def test_no_code_touches_the_disk_but_by_the_one_place_that_knows_what_may_be(room: str) -> None:
    unfounded = [
        f"{name}:{call.lineno} {ast.unparse(call)}"
        for name, function, call in of(room)
        if not {name, f"{name}:{function}"} & REASONS.keys()
    ]
    assert unfounded == []


def test_every_reason_is_still_needed() -> None:
    found = {place for room in ROOMS for name, function, _ in of(room) for place in (name, f"{name}:{function}")}
    assert REASONS.keys() <= found


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_taken_from_os_or_shutil_under_another_name(room: str) -> None:
    taken = [
        f"{path.name}: {alias.name}"
        for path in sorted((ROOT / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module in ("os", "shutil", "tempfile", "io", "glob")
        for alias in node.names
        if alias.name in TOUCHING
    ]
    assert taken == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("open(path)", True),
        ("path.read_bytes()", True),
        ("os.replace(old, new)", True),
        ("old.replace(new)", True),
        ("text.replace('a', 'b')", False),
        ("where(path).stat()", False),
        ("os.scandir(path)", True),
        ("read_regular(path)", False),
    ],
)
def test_what_touches_the_disk_is_known_by_its_name(code: str, found: bool) -> None:
    assert bool(list(touches(ast.parse(code)))) is found
