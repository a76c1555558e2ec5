"""The library on disk: a folder of episodes, each a folder of plain files. Knows no Flask.

``library`` finds and lists the episodes and holds the trash, ``episode`` reads one, ``details`` what people say of it;
``incoming`` takes uploads and previews them, ``changing`` makes and changes episodes.
"""

from web.library.details import Details as Details
from web.library.episode import Episode as Episode
from web.library.episode import read_folder as read_folder
from web.library.episode import stored_alignment as stored_alignment
from web.library.library import Library as Library
from web.library.library import Order as Order
from web.library.library import in_order as in_order
