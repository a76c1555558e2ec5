"""Check what work needs: programs, model, fonts, room, rights and the database."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
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
_DECODERS = "aac alac flac mp3 opus pcm_s16le vorbis wmav2"
_ENCODERS = "aac flac libmp3lame libopus libx264 pcm_s16le"
_ADDRESS = re.compile(r"\w+://\S+")


def examine(library: Path | None) -> tuple[list[str], bool]:
    """Return the lines to show, and whether nothing would prevent work. A line with a problem begins with ``!``."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("Quotecast", lambda: f"{version('quotecast')}, Python {platform.python_version()}"),
        ("System", lambda: f"{platform.system()} {platform.release()}, {platform.machine()}"),
        ("FFmpeg", _ffmpeg),
        ("Decoders", lambda: _codecs("decoders", _DECODERS)),
        ("Encoders", lambda: _codecs("encoders", _ENCODERS)),
        ("Model", lambda: f"{load_acoustic_model().version} from {MODEL_FILE.parent}, hash good"),
        ("Whisper", lambda: installed_base() or "not installed; fetched when first needed"),
        ("Fonts", lambda: ", ".join(str(font_files(None, kind)[0].name) for kind in (SERIF, SANS))),
        ("Memory", _memory),
        *((name, _checker(folder)) for name, folder in _folders(library)),
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


def _printed(option: str) -> str:
    command = [ffmpeg_path(), "-hide_banner", option]
    return subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False).stdout


def _codecs(kind: str, names: str) -> str:
    known = {words[1] for line in _printed(f"-{kind}").splitlines() if len(words := line.split()) > 1}
    if missing := [each for each in names.split() if each not in known]:
        raise _ProblemError(f"FFmpeg lacks {', '.join(missing)}; install a complete FFmpeg")
    return names.replace(" ", ", ")


def _memory() -> str:
    import psutil

    memory = psutil.virtual_memory()
    if memory.total < _LEAST_MEMORY_BYTES:
        raise _ProblemError(f"{memory.total / 1e6:.0f} MB, too little to align; give it 1500 MB")
    return f"{memory.available / 1e9:.1f} GB free of {memory.total / 1e9:.1f} GB"


def _folders(library: Path | None) -> Iterator[tuple[str, Path]]:
    yield from [("Library", library)] if library else []
    yield from (("Data", data_folder()), ("Cache", cache_folder()))


def _checker(folder: Path) -> Callable[[], str]:
    def check() -> str:
        there = next(each for each in (folder.absolute(), *folder.absolute().parents) if is_folder(each))
        if reason := why_unwritable(there):
            raise _ProblemError(f"{folder}: cannot be written ({reason}); change its owner or name another")
        if (free := shutil.disk_usage(there).free) < _LEAST_FREE_BYTES:
            raise _ProblemError(f"{folder}: only {free // 10**6} MB free; make room on this disk")
        return f"{folder}{'' if there == folder.absolute() else ' (not made yet)'}, writable, {free / 1e9:.1f} GB free"

    return check


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
