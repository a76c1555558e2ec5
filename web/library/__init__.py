"""The library on disk: a folder of episodes, each a folder of plain files. Knows no Flask.

``shelf`` finds and lists the episodes, ``folders`` says what lies in one, ``details`` what people say of it;
``search`` finds words in all of them. ``incoming`` takes uploads, ``preview`` shows a transcript as it was understood,
``adding`` and ``changing`` change the library.
"""

from web.errors import Unusable
from web.library.adding import EpisodeForm, add_sample, create
from web.library.alignments import opened_alignment, stored_alignment
from web.library.changing import edit, labels_of, remove, removed_episode, replace_transcript, restore
from web.library.episode import Details, Episode, EpisodeProblem, EpisodeState, printable
from web.library.exclusion import exclusive
from web.library.incoming import Incoming, recover_uploads
from web.library.preview import COVER_TYPES, look_at, preview
from web.library.search import Found, Hit, search
from web.library.shelf import Library, Row, row_of, rows
from web.library.versions import changed_since, version_of

__all__ = [
    "COVER_TYPES",
    "Details",
    "Episode",
    "EpisodeForm",
    "EpisodeProblem",
    "EpisodeState",
    "Found",
    "Hit",
    "Incoming",
    "Library",
    "Row",
    "Unusable",
    "add_sample",
    "changed_since",
    "create",
    "edit",
    "exclusive",
    "labels_of",
    "look_at",
    "opened_alignment",
    "preview",
    "printable",
    "recover_uploads",
    "remove",
    "removed_episode",
    "replace_transcript",
    "restore",
    "row_of",
    "rows",
    "search",
    "stored_alignment",
    "version_of",
]
