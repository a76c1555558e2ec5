"""Work that takes long: each job a child process that runs our own command line, its record a file beside the episode.

``Jobs`` is what the app holds; ``Job`` is what it shows; ``kinds`` has what can be asked for. Nothing here knows Flask.
"""

from web.jobs.errors import JobError, JobNotFound, LibraryInUse, RecordError
from web.jobs.job import Job, JobState
from web.jobs.jobs import Jobs

__all__ = ["Job", "JobError", "JobNotFound", "JobState", "Jobs", "LibraryInUse", "RecordError"]
