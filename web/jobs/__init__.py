"""The job queue. Each job runs a quotecast command in a child process, and has a row in the user's database.

``Jobs`` is the queue of a library, ``Job`` is the state of one job, and ``kinds`` defines which work can be submitted.
"""

from web.jobs.job import Job, JobState
from web.jobs.jobs import Jobs
