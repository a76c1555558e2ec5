"""``python -m aligner``: the same as the ``quotecast`` command."""

from aligner.cli import main

main()
