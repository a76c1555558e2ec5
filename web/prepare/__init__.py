"""What an episode's page needs besides the sound itself: something to play that jumps exactly, and its peaks to draw.

Both are derived, lie in the episode's ``.quotecast`` folder, and belong to one state of the audio file: where its size
or time has changed, they are made again. ``python -m web.prepare AUDIO FOLDER`` makes them.
"""

from web.prepare.asking import ask
from web.prepare.ready import OUTPUTS, Ready, ready

__all__ = ["OUTPUTS", "Ready", "ask", "ready"]
