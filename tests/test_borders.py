"""Only ``media.safe_fs`` opens and changes uploaded files, except where listed with a reason."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from tests.paths import ROOT
from tests.tables import over_rows

PACKAGES = ("web", "aligner", "media")
ROOMS = ("web", "aligner/storage", "aligner/transcript", "aligner/publishing", "media")

PLACED = "lies where media.safe_fs found that it may"
OWN = "lies in the user's own configuration, cache or temporary files, or is the system's"
MADE = "is made in a folder for temporary files"
NAMED = "is named by the person at the command line"
SHIPPED = "comes with the package"
REASONS = {
    "aligner/storage/atomic.py": PLACED,
    "aligner/storage/atomic.py:write_keeping": PLACED,
    "aligner/storage/database.py:connected": OWN,
    "aligner/publishing/screens.py": OWN,
    "aligner/publishing/audiograms.py:_video_contents": MADE,
    "aligner/publishing/audiograms.py:moving_mp4": MADE,
    "aligner/publishing/clips.py:clip_bytes": MADE,
    "aligner/publishing/clips.py:_contents": MADE,
    "aligner/publishing/clips.py:make_clip": NAMED,
    "media/safe_fs.py": "is the one place",
    "media/decode.py:open_container": PLACED,
    "media/mastering.py:_cover_arguments": MADE,
    "media/pictures.py:_picture_in": "is a picture in memory",
    "media/temporary.py": PLACED,
    "media/video/fonts.py": "are the fonts of the system and of the package",
    "media/video/render.py:_write_wave": MADE,
    "web/worker_pool.py": OWN,
    "web/command.py": OWN,
    "web/desktop.py": OWN,
    "web/care/backup.py:back_up": NAMED,
    "web/care/doctor.py:_folder": OWN,
    "web/jobs/child.py:main": "opens the system's null device",
    "web/languages/__init__.py:_read": SHIPPED,
    "web/library/changing.py:add_sample": SHIPPED,
    "web/library/library.py:open_library": NAMED,
    "web/page/bundle.py": SHIPPED,
    "web/search/index.py": OWN,
    "web/routes/adding.py:open_upload": "is an upload that begins",
    "web/sending.py": "was opened by media.safe_fs, or made for the answer",
    "web/clips/folder.py:zip_of": "makes a ZIP in a temporary file without a name",
}
"""By a module, or a function of one, why it may."""

CHANGERS = {
    "media/safe_fs.py": "is the one place",
    "media/temporary.py:flush": "writes nothing",
    "media/temporary.py:append": "changes what media.safe_fs has opened",
    "media/mastering.py:_cover_arguments": MADE,
    "media/video/render.py:_write_wave": MADE,
    "aligner/cli/terminal.py:discard": OWN,
    "aligner/formats/epub.py:epub": "adds to the ZIP of a file that is open",
    "aligner/publishing/screens.py:remember": OWN,
    "aligner/recognition/cache.py": OWN,
    "aligner/recognition/models.py": OWN,
    "aligner/storage/atomic.py": PLACED,
    "aligner/storage/atomic.py:write_keeping": PLACED,
    "aligner/storage/database.py:connected": OWN,
    "web/archive/state.py:make_private_folder": OWN,
    "web/archive/fetching.py:_resume": "cuts off what media.safe_fs has opened",
    "web/worker_pool.py:_prepare": OWN,
    "web/clips/folder.py:zip_of": "makes a ZIP in a temporary file without a name",
    "web/care/backup.py:back_up": NAMED,
    "web/care/backup.py:_pack": "cuts off the backup, which is open",
    "web/command.py:serve": OWN,
    "web/desktop.py": OWN,
    "web/search/index.py": OWN,
}
"""The same for what makes, moves, removes or writes something."""

CHANGING = frozenset({
    "FileLock", "SoftFileLock", "chmod", "chown", "copy2", "copyfile", "copymode", "copystat", "copytree",
    "hardlink_to", "lchmod", "makedirs", "mkdir", "mkdtemp", "mkfifo", "mknod", "mkstemp", "removedirs", "rename",
    "renames", "rmdir", "rmtree", "symlink", "symlink_to", "touch", "truncate", "unlink", "utime",
    "write_bytes", "write_text",
})  # fmt: skip
"""Names of functions and methods that change what is on the disk."""

TOUCHING = frozenset({
    "chmod", "copy2", "copyfile", "copytree", "exists", "glob", "hardlink_to", "is_dir", "is_fifo", "is_file",
    "iterdir", "lexists", "link", "listdir", "lstat", "makedirs", "mkdir", "mkdtemp", "mkstemp", "open",
    "read_bytes", "read_text", "readlink", "removedirs", "rename", "rglob", "rmdir", "rmtree", "samefile",
    "scandir", "send_file", "send_from_directory", "stat", "symlink", "symlink_to", "touch", "unlink", "walk",
    "write_bytes", "write_text",
})  # fmt: skip
"""Names of methods, and of functions of ``os``, ``shutil`` and ``tempfile``, that look at, open or change files."""


def touches(call: ast.Call) -> bool:
    """Whether a call touches the disk other than by our own functions."""
    match call.func:
        case ast.Name(name):
            return name == "open"
        case ast.Attribute(value=ast.Name("safe_fs")):
            return False
        case ast.Attribute(value=ast.Call(func=ast.Name("where" | "place" | "regular_file"))):
            return False  # of the path that safe_fs gave
        case ast.Attribute(value=ast.Call(func=ast.Attribute(ast.Name("safe_fs"), "where" | "place"))):
            return False
        case ast.Attribute(value=ast.Name("walker" | "tree")):
            return False  # of a document
        case ast.Attribute(value=ast.Name("os"), attr="replace" | "remove"):
            return True
        case ast.Attribute(attr="replace"):
            return len(call.args) == 1 and not call.keywords  # with one argument it is a path's; a text's takes two
        case ast.Attribute(attr=name):
            return name in TOUCHING
    return False


def changes(call: ast.Call) -> bool:
    """Whether a call changes the disk, whatever gave it its paths."""
    match call.func:
        case ast.Attribute(value=ast.Name("os"), attr="open"):
            return not {"READ", "O_RDONLY"} & set(re.findall(r"\w+", ast.unparse(call.args[1])))
        case ast.Name("open") | ast.Attribute(attr="open"):
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            texts = (each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str))
            return any(set(text) <= set("rwaxbt+") and set(text) & set("wax+") for text in texts)
        case ast.Attribute(value=ast.Name("os"), attr="replace" | "remove" | "link"):
            return True
        case ast.Attribute(value=ast.Name("shutil"), attr="copy" | "move"):
            return True
        case ast.Attribute(attr="replace"):
            return len(call.args) == 1 and not call.keywords
        case ast.Attribute(attr=name):
            return name in CHANGING
        case ast.Name(name):
            return name in CHANGING - {"write_text"}  # that of aligner.storage
    return False


Acts = Callable[[ast.Call], bool]


class Placed(NamedTuple):
    """A call or an import, the module it is in, and the function or class."""

    module: str
    function: str
    node: ast.Call | ast.ImportFrom


@cache
def code() -> Sequence[Placed]:
    """All calls and imports of the product, without what comes with no package and reads no library."""
    found = []
    for path in (each for package in PACKAGES for each in sorted((ROOT / package).rglob("*.py"))):
        name = path.relative_to(ROOT).as_posix()
        module = ast.parse("" if name.startswith("aligner/training/") else path.read_text(encoding="utf-8"))
        for outer in module.body:
            inside = (node for node in ast.walk(outer) if isinstance(node, ast.Call | ast.ImportFrom))
            found += [Placed(name, getattr(outer, "name", ""), node) for node in inside]
    return found


def is_in(rooms: tuple[str, ...], module: str) -> bool:
    return module.startswith(tuple(f"{room}/" for room in rooms))


def of(rooms: tuple[str, ...], acts: Acts) -> Iterator[Placed]:
    return (
        each for each in code() if is_in(rooms, each.module) and isinstance(each.node, ast.Call) and acts(each.node)
    )


RULES = {"touching": (ROOMS, touches, REASONS), "changing": (PACKAGES, changes, CHANGERS)}


@over_rows("rooms, acts, reasons", RULES)
def test_only_safe_fs_and_listed_exceptions_touch_the_disk(
    rooms: tuple[str, ...], acts: Acts, reasons: Mapping[str, str]
) -> None:
    unfounded = [
        f"{module}:{call.lineno} {ast.unparse(call)}"
        for module, function, call in of(rooms, acts)
        if not {module, f"{module}:{function}"} & reasons.keys()
    ]
    assert unfounded == []


@over_rows("rooms, acts, reasons", RULES)
def test_every_exception_is_still_needed(rooms: tuple[str, ...], acts: Acts, reasons: Mapping[str, str]) -> None:
    found = {place for name, function, _ in of(rooms, acts) for place in (name, f"{name}:{function}")}
    assert reasons.keys() <= found


def test_no_function_that_touches_the_disk_is_imported_by_name() -> None:
    taken = [
        f"{module}: {alias.name}"
        for module, _, node in code()
        if is_in(ROOMS, module) and isinstance(node, ast.ImportFrom)
        if node.module in ("os", "shutil", "tempfile", "io", "glob")
        for alias in node.names
        if alias.name in TOUCHING | CHANGING
    ]
    assert taken == []
