"""Long work: each job is a child process that runs our own command line, and a row of the user's database.

``Jobs`` is what the app holds; ``Job`` is what it shows; ``kinds`` has what can be submitted. Nothing here knows Flask.
"""

from web.jobs.job import Job as Job
from web.jobs.job import JobState as JobState
from web.jobs.jobs import Jobs as Jobs
