"""Errors of jobs; those that only the terminal tells are the aligner's."""

from aligner.errors import AlignerError, OutputError
from web.errors import Conflict, NotFound


class JobError(Conflict):
    """A job cannot be had or done."""


class JobNotFound(NotFound):
    """No job has this id, or no longer."""


class RecordError(AlignerError):
    """The record of a job is damaged."""


class LibraryInUse(OutputError):
    """Another server works on this library."""
