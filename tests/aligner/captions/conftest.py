"""Makes the helper beside these tests, and the bench's slow search, importable by name."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "bench")]
