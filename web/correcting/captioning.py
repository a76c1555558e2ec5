"""Captions beside an alignment follow its corrections: made by a child, some seconds after the last."""

from __future__ import annotations

import logging
import threading
from functools import partial
from pathlib import Path

from aligner.recognition.cache import found_before
from aligner.storage.following import are_behind, captions_follow
from media.errors import UserError
from web.bounded import call
from web.errors import WebError

_REST = 3.0  # seconds without a change

_log = logging.getLogger("quotecast")
_lock = threading.Lock()
_waiting: dict[Path, threading.Timer] = {}


def have_captions_follow(path: Path) -> None:
    """Write the captions beside the alignment at ``path`` anew in a moment, where they are behind."""
    if not are_behind(path):
        return
    timer = threading.Timer(_REST, _follow, (path,))
    timer.daemon = True
    with _lock:
        if before := _waiting.pop(path, None):
            before.cancel()
        _waiting[path] = timer
    timer.start()


def _follow(path: Path) -> None:
    with _lock:
        _waiting.pop(path, None)
    try:
        call(_by_child, path)
    except (UserError, OSError) as error:
        _log.warning("captions of %s are behind: %s", path.parent.name, error)
    except WebError:  # too much is under way, or the server ends: the next who asks for them has them made
        _log.info("captions of %s are behind", path.parent.name)


def _by_child(path: Path) -> None:
    captions_follow(path, partial(found_before, "captions"))
