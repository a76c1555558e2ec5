"""How large the published page of a long episode is, and how soon it is seen.

Usage: python -m tests.bench.site [ALIGNMENT] [--times 5]

Prints the bytes of the files that a browser asks for before the audio, as they are and as hosts compress them; then in
milliseconds, median and maximum: from the request to the first text seen, and to when all of it answers. Without an
alignment it is one of three hours and 30,000 words, few of them different, which compress better than others. Chromium
loads it from this machine, its processor slowed to a quarter in the second round.
"""

import argparse
import gzip
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from aligner.storage.alignment_json import to_text
from tests.aligner.command import quotecast_here
from tests.paths import CHROMIUM
from tests.web.long_episode import long_alignment
from tests.web.site.hosting import hosting

_ASKED = ("index.html", "site.css", "site.js")
_SEEN = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("alignment", type=Path, nargs="?")
    parser.add_argument("--times", type=int, default=5, help="how often the page is opened")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.alignment or _planted(Path(folder))
        site = Path(folder, "site")
        address = "https://example.org/sound.mp3"
        done = quotecast_here("publish", path, "-o", site, "--audio-url", address, "--progress", "none")
        assert done.returncode == 0, done.stderr
        for name in _ASKED:
            content = (site / name).read_bytes()
            print(f"{name:12} {len(content):8,} bytes, compressed {len(gzip.compress(content)):8,}")
        with hosting(site) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            for slower in (1, 4):
                _tell(browser, address, slower, arguments.times)


def _planted(folder: Path) -> Path:
    path = folder / "long.alignment.json"
    path.write_text(to_text(long_alignment(30_000, 10_800.0, "long.mp3")), encoding="utf-8")
    return path


def _tell(browser: Browser, address: str, slower: int, times: int) -> None:
    seen, awake = [], []
    for _ in range(times):
        context = browser.new_context(viewport={"width": 390, "height": 844})
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.goto(address, wait_until="commit")
        page.wait_for_function("() => document.documentElement.classList.contains('awake')")
        awake.append(page.evaluate("performance.now()"))
        seen.append(page.evaluate(_SEEN))
        context.close()
    for what, took in (("seen", seen), ("answers", awake)):
        print(f"processor / {slower}: {what:8} {statistics.median(took):5.0f}, at most {max(took):5.0f} ms")


if __name__ == "__main__":
    main()
