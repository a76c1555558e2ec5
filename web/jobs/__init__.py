"""The job queue: each job is a child process that runs quotecast's command line, and a row of the user's database.

``Jobs`` is the queue of a library, ``Job`` the state of one job; ``kinds`` defines the work that can be submitted.
"""

from web.jobs.job import Job as Job
from web.jobs.job import JobState as JobState
from web.jobs.jobs import Jobs as Jobs
