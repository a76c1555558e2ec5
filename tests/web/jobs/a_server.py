"""A server without pages, to be killed: ``python a_server.py LIBRARY FOLDER DEED...`` asks for one job and waits."""

import sys
import time
from pathlib import Path

from tests.web.jobs.acts import KINDS, act
from web.jobs import Jobs

library, folder, *deed = sys.argv[1:]
jobs = Jobs(Path(library), kinds=KINDS)
jobs.resume()
jobs.submit(Path(folder), act(*deed))
time.sleep(600)
