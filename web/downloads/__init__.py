"""What can be taken from an episode besides its clips: captions, plain text, a page that stands alone."""

from web.downloads.beside import Beside, beside
from web.downloads.bundle import Bundle, bundle
from web.downloads.captions import caption_text
from web.downloads.plain import plain_text

__all__ = ["Beside", "Bundle", "beside", "bundle", "caption_text", "plain_text"]
