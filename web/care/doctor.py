"""Check what work needs: programs, model, fonts, room, rights and the database."""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from textwrap import wrap

from aligner.recognition.acoustic.model import load_acoustic_model
from aligner.storage.database import NAME, cache_folder, connected, data_folder
from media.ffmpeg import ffmpeg_path
from media.safe_fs import folders, is_regular
from media.video.fonts import SANS, SERIF, font_files

_ENCODERS = "aac flac libmp3lame libopus libx264 pcm_s16le"


def examine(library: Path | None) -> tuple[list[str], bool]:
    """Return the lines to show, and whether nothing would prevent work. A line with a problem begins with ``!``."""
    checked = {"Library": library, "Data": data_folder(), "Cache": cache_folder()}
    checks: dict[str, Callable[[], str]] = {
        "Quotecast": lambda: f"{version('quotecast')}, Python {platform.python_version()}, {platform.platform()}",
        "FFmpeg": _ffmpeg,
        "Model": lambda: f"{load_acoustic_model().version}, hash good",
        "Whisper": lambda: ", ".join(each.name for each in folders(cache_folder() / "models")) or "none used yet",
        "Fonts": lambda: ", ".join(font_files(None, kind)[0].name for kind in (SERIF, SANS)),
        **{name: partial(_folder, folder) for name, folder in checked.items() if folder},
        "Failed": _last_failure,
    }
    lines, is_well = list[str](), True
    for name, check in checks.items():
        try:
            mark, found = " ", check()
        except Exception as error:  # whatever it is, the other lines are shown
            mark, found, is_well = "!", str(error), False
        text = re.sub(r"\w+://\S+", "…", found).replace(str(Path.home()), "~").replace("\n", " ")
        lines += wrap(f"{mark} {name:<10}{text}", 80, subsequent_indent=" " * 12, max_lines=3, break_on_hyphens=False)
    return lines, is_well


def _ffmpeg() -> str:
    run = subprocess.run([ffmpeg_path(), "-encoders"], capture_output=True, encoding="utf-8", check=False)
    known = {words[1] for line in run.stdout.splitlines() if len(words := line.split()) > 1}
    if missing := [each for each in _ENCODERS.split() if each not in known]:
        raise RuntimeError(f"{ffmpeg_path()} cannot write {', '.join(missing)}; install a complete FFmpeg")
    return f"{run.stderr.split()[2]}, {ffmpeg_path()}, writes {_ENCODERS.replace(' ', ', ')}"


def _folder(folder: Path) -> str:
    there = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    try:
        tempfile.TemporaryFile(dir=there).close()
    except OSError as error:
        raise RuntimeError(f"{folder}: cannot be written ({error.strerror}); change its owner") from error
    return f"{folder}, writable, {shutil.disk_usage(there).free / 1e9:.1f} GB free"


def _last_failure() -> str:
    """Return the last failed job's time, kind and message: the log itself goes to standard error and is not kept."""
    if not is_regular(data_folder() / NAME):
        return "nothing yet"
    with connected() as db:
        jobs = [json.loads(row["content"]) for row in db.execute("SELECT content FROM job")]
    failed = [(job["ended"], job["kind"], job["message"]["message"]) for job in jobs if job["state"] == "failed"]
    return "{} {}: {}".format(*max(failed)) if failed else "nothing"
