"""Errors of jobs; those that only the terminal tells are the aligner's."""

import logging

from aligner.errors import AlignerError, OutputError
from media.errors import UserError
from web.errors import Conflict, NotFound

_log = logging.getLogger("quotecast")


class JobError(Conflict):
    """A job cannot be had or done."""


class JobNotFound(NotFound):
    """No job has this id, or no longer."""


class RecordError(AlignerError):
    """The record of a job is damaged."""


class LibraryInUse(OutputError):
    """Another server works on this library."""


def reason_of(error: Exception, foreseen: tuple[type[Exception], ...]) -> str:
    """What is told of an error; one that nobody has foreseen is told in the terminal, too."""
    if not isinstance(error, foreseen):
        _log.error("in the work on jobs", exc_info=error)
    return error.message if isinstance(error, UserError) else str(error) or type(error).__name__
