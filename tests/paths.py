"""Paths of the checkout, the sample episode, test data, and recordings beside the checkout."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "aligner" / "demo" / "sample"
DATA = ROOT / "tests" / "data"
SHARED = ROOT.parent / "shared"
"""Episodes that are too large for the repository; tests that need them are skipped without them."""
CHROMIUM = next(filter(os.path.exists, ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")), "/usr/bin/chromium")
"""The headless shell is the same engine without a user interface, and a third faster."""
