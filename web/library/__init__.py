"""The library on disk: a folder with a subfolder of plain files for each episode. Independent of Flask.

``library`` lists episodes and manages the trash, ``episode`` reads an episode's folder, ``details`` reads and writes
its episode.json, ``incoming`` receives and previews uploads, ``changing`` creates and edits episodes.
"""

from web.library.details import Details as Details
from web.library.episode import Episode as Episode
from web.library.episode import read_folder as read_folder
from web.library.episode import stored_alignment as stored_alignment
from web.library.library import Library as Library
from web.library.library import Order as Order
from web.library.library import in_order as in_order
