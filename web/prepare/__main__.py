"""``python -m web.prepare AUDIO FOLDER`` prepares the episode in FOLDER, and tells its progress in lines of JSON."""

from __future__ import annotations

import sys
from pathlib import Path

from aligner.cli.progress import shown
from aligner.cli.terminal import tell
from aligner.errors import AlignerError, ExitStatus
from media.errors import MediaError
from web.prepare.making import prepare


def main(arguments: list[str]) -> int:
    """Prepare the episode that the arguments name; return the exit status."""
    if len(arguments) != 2:
        tell("quotecast: expected AUDIO FOLDER")
        return ExitStatus.USAGE
    audio, folder = map(Path, arguments)
    try:
        with shown("json") as progress:
            prepare(audio, folder, progress)
    except (AlignerError, MediaError) as error:
        tell(f"quotecast: {error}")
        return ExitStatus.UNUSABLE
    return ExitStatus.DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
