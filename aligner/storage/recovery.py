"""After a kill: what was begun is finished, what was left is removed, before the next run begins its own work."""

from __future__ import annotations

import tempfile
from pathlib import Path

from aligner.storage.journal import is_unsettled, settle
from aligner.storage.turns import taking_turns
from aligner.storage.user_folders import cache_folder, config_folder
from media.temporary import sweep


def recover(*folders: Path) -> None:
    """Finish in ``folders`` what killed runs began there, and remove what else they left, as far as that is possible.
    Nothing of a run that lives is touched; a folder need not be there."""
    for folder in dict.fromkeys(folders):
        try:
            if is_unsettled(folder):
                with taking_turns(folder):
                    settle(folder)
        except OSError:
            continue  # as where a program holds a file: a later run tries again, and needs what lies there
        sweep(folder)


def recover_all(*folders: Path | None) -> None:
    """``recover`` in the folders that a run is about to read or write, and in those that every run uses."""
    recover(*filter(None, folders))
    cache = cache_folder()
    for place in (Path(tempfile.gettempdir()), config_folder(), cache, cache / "heard", cache / "models"):
        sweep(place)
