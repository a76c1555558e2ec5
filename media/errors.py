"""Errors of the media package, each with one line a user can act on."""


class MediaError(Exception):
    """A sound or picture could not be used."""


class DecodeError(MediaError):
    """The file is missing, empty, or not something that can be decoded."""


class NoAudioError(MediaError):
    """The file decodes but has no sound in it."""


class FfmpegError(MediaError):
    """ffmpeg is not there, or could not do its work."""


class ClipError(MediaError):
    """A clip cannot be made as asked."""


class FontError(MediaError):
    """A font is not there or cannot be used."""


class PictureError(MediaError):
    """A picture is not there or cannot be used."""
