"""The library on disk: a folder of episodes, each a folder of plain files. Knows no Flask.

``shelf`` finds and lists the episodes in an ``order``, ``folders`` says what lies in one, ``details`` what people say.
``incoming`` takes uploads, ``sent_files`` and ``preview`` look at them,
``adding`` and ``changing`` change the library, ``trash`` has what was removed.
"""

from web.errors import Unusable
from web.library.adding import EpisodeForm, add_sample, create
from web.library.alignments import (
    by_child,
    known_error,
    opened_alignment,
    read_once,
    stored_alignment,
    turn,
    wrote,
)
from web.library.changing import edit, keep_transcript, labels_of, replace_transcript
from web.library.episode import Details, Episode, EpisodeProblem, EpisodeState
from web.library.exclusion import exclusive
from web.library.folders import read_folder
from web.library.heard import heard_of
from web.library.incoming import Incoming, recover_uploads
from web.library.opening import open_library, passing_folder, why_unwritable
from web.library.order import Order, Traits, collation_key, in_order, traits_of
from web.library.preview import preview
from web.library.renaming import give_name_back
from web.library.row import Row, row_of
from web.library.sent_files import COVER_TYPES, cover_name, look_at
from web.library.shelf import ON_A_PAGE, Library, ListPage, page_of
from web.library.trash import (
    Removed,
    delete_for_good,
    remove,
    removed_episode,
    removed_episodes,
    restore,
    size_of,
)
from web.library.versions import is_transcript, transcript_version, undone_by, version_of

__all__ = [
    "COVER_TYPES",
    "ON_A_PAGE",
    "Details",
    "Episode",
    "EpisodeForm",
    "EpisodeProblem",
    "EpisodeState",
    "Incoming",
    "Library",
    "ListPage",
    "Order",
    "Removed",
    "Row",
    "Traits",
    "Unusable",
    "add_sample",
    "by_child",
    "collation_key",
    "cover_name",
    "create",
    "delete_for_good",
    "edit",
    "exclusive",
    "give_name_back",
    "heard_of",
    "in_order",
    "is_transcript",
    "keep_transcript",
    "known_error",
    "labels_of",
    "look_at",
    "open_library",
    "opened_alignment",
    "page_of",
    "passing_folder",
    "preview",
    "read_folder",
    "read_once",
    "recover_uploads",
    "remove",
    "removed_episode",
    "removed_episodes",
    "replace_transcript",
    "restore",
    "row_of",
    "size_of",
    "stored_alignment",
    "traits_of",
    "transcript_version",
    "turn",
    "undone_by",
    "version_of",
    "why_unwritable",
    "wrote",
]
