"""Where things lie: the checkout, the demo's sample, what several tests read, recordings beside the checkout."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "aligner" / "demo" / "sample"
DATA = ROOT / "tests" / "data"
SHARED = ROOT.parent / "shared"
"""Episodes that are too large for a repository; what needs them is left out where they are not."""
CHROMIUM = next(filter(os.path.exists, ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")), "/usr/bin/chromium")
"""The same engine without the windows, bars and pages of its own is a third quicker."""
