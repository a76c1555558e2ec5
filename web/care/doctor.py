"""Check what work needs: programs, model, fonts, room, rights and the database."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from textwrap import wrap

from aligner.cli.terminal import message_of
from aligner.recognition.acoustic.model import MODEL_FILE, load_acoustic_model
from aligner.recognition.models import installed_base
from aligner.storage.database import NAME, VERSION, cache_folder, connected, data_folder
from media.errors import UserError
from media.ffmpeg import ffmpeg_path
from media.safe_fs import is_folder, is_regular
from media.video.fonts import SANS, SERIF, font_files
from web.jobs.job import JobState, job_in
from web.jobs.kinds import KINDS
from web.library.library import why_unwritable

_LEAST_FREE_BYTES, _LEAST_MEMORY_BYTES = 1_000_000_000, 1_500_000_000
_COLUMNS = 80
_CODECS = {
    "decoders": "aac alac flac mp3 opus pcm_s16le vorbis wmav2",
    "encoders": "aac flac libmp3lame libopus libx264 pcm_s16le",
}
_ADDRESS = re.compile(r"\w+://\S+")


def examine(library: Path | None) -> tuple[list[str], bool]:
    """Return the lines to show, and whether nothing would prevent work. A line with a problem begins with ``!``."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("Quotecast", lambda: f"{version('quotecast')}, Python {platform.python_version()}"),
        ("System", lambda: f"{platform.system()} {platform.release()}, {platform.machine()}"),
        ("FFmpeg", _ffmpeg),
        ("Codecs", _codecs),
        ("Model", lambda: f"{load_acoustic_model().version} from {MODEL_FILE.parent}, hash good"),
        ("Whisper", lambda: installed_base() or "not installed; fetched when first needed"),
        ("Fonts", lambda: ", ".join(str(font_files(None, kind)[0].name) for kind in (SERIF, SANS))),
        ("Memory", _memory),
        *([("Library", partial(_folder, library))] if library else []),
        ("Data", lambda: _folder(data_folder())),
        ("Cache", lambda: _folder(cache_folder())),
        ("Database", _database),
        ("Failed", lambda: _last_failure(library)),
    ]
    lines, is_well = list[str](), True
    for name, check in checks:
        try:
            mark, found = " ", check()
        except Exception as error:  # whatever it is, the other lines are shown
            found = message_of(error) if isinstance(error, UserError | OSError) else str(error)
            mark, is_well = "!", False
        text = _ADDRESS.sub("…", found).replace(str(Path.home()), "~").replace("\n", " ")
        lines += wrap(f"{mark} {name:<10}{text}", _COLUMNS, subsequent_indent=" " * 12, max_lines=3)
    return lines, is_well


class _ProblemError(Exception):
    """Error: something prevents work."""


def _ffmpeg() -> str:
    return f"{_printed('-version').split()[2]}, {ffmpeg_path()}"


def _codecs() -> str:
    lists = {kind: _printed(f"-{kind}") for kind in _CODECS}
    missing = [
        f"{kind} {name}" for kind, names in _CODECS.items() for name in names.split() if f" {name} " not in lists[kind]
    ]
    if missing:
        raise _ProblemError(f"FFmpeg lacks the {', '.join(missing)}; install a complete FFmpeg")
    return "all that are needed"


def _printed(option: str) -> str:
    command = [ffmpeg_path(), "-hide_banner", option]
    return subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False).stdout


def _memory() -> str:
    import psutil

    memory = psutil.virtual_memory()
    if memory.total < _LEAST_MEMORY_BYTES:
        raise _ProblemError(f"{memory.total / 1e6:.0f} MB, too little to align; give it 1500 MB")
    return f"{memory.available / 1e9:.1f} GB free of {memory.total / 1e9:.1f} GB"


def _folder(folder: Path) -> str:
    there = next(each for each in (folder.absolute(), *folder.absolute().parents) if is_folder(each))
    if reason := why_unwritable(there):
        raise _ProblemError(f"{folder}: cannot be written ({reason}); change its owner or name another")
    if (free := shutil.disk_usage(there).free) < _LEAST_FREE_BYTES:
        raise _ProblemError(f"{folder}: only {free // 10**6} MB free; make room on this disk")
    return f"{folder}{'' if there == folder.absolute() else ' (not made yet)'}, writable, {free / 1e9:.1f} GB free"


def _database() -> str:
    if not is_regular(data_folder() / NAME):
        return "not made yet"
    with connected() as db:
        if (state := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise _ProblemError(f"{NAME} is damaged ({state}); move it away and restore your libraries from backups")
    return f"version {VERSION}, whole"


def _last_failure(library: Path | None) -> str:
    """Return the last failed job's time, kind and message: the log itself goes to standard error and is not kept."""
    if not is_regular(data_folder() / NAME):
        return "nothing yet"
    with connected() as db:
        rows = db.execute("SELECT path, content FROM job JOIN library ON library.id = job.library").fetchall()
    jobs = [job_in(row["content"], KINDS) for row in rows if library is None or row["path"] == str(library.resolve())]
    failed = max((job for job in jobs if job.state is JobState.FAILED), key=lambda job: job.ended or "", default=None)
    return f"{failed.ended} {failed.kind}: {failed.message}" if failed else "nothing"
