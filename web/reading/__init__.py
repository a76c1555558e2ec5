"""What the page of an episode shows: turns, chapters, captions, and the words with their times."""

from web.reading.cues import cue_data
from web.reading.data import episode_data
from web.reading.stored import stored_alignment
from web.reading.turns import Chapter, Page, Paragraph, Turn, page_of

__all__ = ["Chapter", "Page", "Paragraph", "Turn", "cue_data", "episode_data", "page_of", "stored_alignment"]
