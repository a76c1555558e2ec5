"""The library on disk: a folder of episodes, each a folder of plain files. Knows no Flask.

``shelf`` finds the episodes, ``folders`` what lies in one, ``details`` reads and writes what people say of it; ``rows``
is the list, ``search`` the words of all of them. ``incoming`` takes uploads, ``preview`` shows a transcript as it was
understood, ``adding``, ``changing`` and ``trash`` change the library.
"""

from web.errors import Unusable
from web.library.adding import Form, add_sample, create
from web.library.aligning import align_arguments
from web.library.changing import edit, labels_of, replace_transcript
from web.library.covers import COVER_TYPES
from web.library.incoming import Incoming
from web.library.preview import preview
from web.library.records import Details, Episode, Problem, State
from web.library.search import Found, Hit, search
from web.library.shelf import Library, Row, row_of, rows
from web.library.sound import look_at
from web.library.trash import remove, removed_episode, restore

__all__ = [
    "COVER_TYPES",
    "Details",
    "Episode",
    "Form",
    "Found",
    "Hit",
    "Incoming",
    "Library",
    "Problem",
    "Row",
    "State",
    "Unusable",
    "add_sample",
    "align_arguments",
    "create",
    "edit",
    "labels_of",
    "look_at",
    "preview",
    "remove",
    "removed_episode",
    "replace_transcript",
    "restore",
    "row_of",
    "rows",
    "search",
]
