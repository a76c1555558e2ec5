"""What the tests of quotes share: planted episodes, some of them those of the aligner's tests, importable by name."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "aligner")]
