"""``quotecast`` whose jobs may be of the tests' kinds: ``python -m tests.web.jobs.a_command COMMAND ...``."""

from aligner.__main__ import main
from tests.web.jobs.acts import Act
from web.jobs import kinds

if __name__ == "__main__":
    kinds.KINDS[Act.kind] = Act  # type: ignore[index]
    main()
