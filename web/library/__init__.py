"""The library on disk: a folder with a subfolder of plain files for each episode. Independent of Flask.

``library`` lists episodes and manages the trash, ``episode`` reads an episode's folder, ``details`` reads and writes
its episode.json, ``incoming`` receives and previews uploads, ``changing`` creates and edits episodes.
"""

from web.library.details import Details
from web.library.episode import Episode, read_folder, stored_alignment
from web.library.library import Library, Order, in_order
