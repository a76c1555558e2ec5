"""What the tests of quotes share: planted episodes, those of the aligner's tests, importable by name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "aligner"))
