"""Captions of an alignment that lies there without them.

``python -m web.archive.runs.captions ALIGNMENT FORMAT...``
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from aligner.cli.progress import telling_errors
from aligner.cli.terminal import tell
from aligner.errors import ExitStatus
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_names import JSON_SUFFIX
from aligner.storage.outputs import SUFFIXES, OutputOptions, write_outputs
from media.confinement import is_regular
from media.errors import UserError

_FORMATS = ("vtt", "srt")


def missing(alignment: Path) -> tuple[str, ...]:
    """The formats of captions that do not lie beside the alignment."""
    name = alignment.name.removesuffix(JSON_SUFFIX)
    return tuple(each for each in _FORMATS if not is_regular(alignment.with_name(f"{name}{SUFFIXES[each]}")))


def write(path: Path, formats: Sequence[str]) -> None:
    """Write the captions of these ``formats`` beside the alignment at ``path``.

    Raises
    ------
    AlignmentError
        It is missing or damaged.
    OutputError
        They cannot be written.
    """
    name = path.name.removesuffix(JSON_SUFFIX)
    write_outputs(read_alignment(path), path.parent, name, OutputOptions(formats=tuple(formats)))


def main(arguments: Sequence[str]) -> int:
    """Write what the arguments name; return the exit status."""
    try:
        with telling_errors("json"):
            write(Path(arguments[0]), arguments[1:])
    except UserError as error:
        tell(f"quotecast: {error}")
        return ExitStatus.UNUSABLE
    return ExitStatus.DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
