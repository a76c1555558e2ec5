"""Makes the bench's modules importable by name, as they are when it is run by hand."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
