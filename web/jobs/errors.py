"""Errors of jobs."""

from web.errors import Conflict, NotFound


class JobError(Conflict):
    """A job cannot be had or done."""


class JobNotFound(NotFound):
    """No job has this id, or no longer."""


class RecordError(JobError):
    """The record of a job is damaged."""


class LibraryInUse(Conflict):
    """Another server works on this library."""
