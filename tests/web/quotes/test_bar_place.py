"""The bar of the selected words covers neither them nor the names of who says them, wherever they are."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.page.planted import lay_right_to_left
from tests.web.serving import serving
from tests.web.visiting import new_tab
from web.app import create_app
from web.settings import Settings

SIZES = {390: 844, 820: 700, 1440: 900}
# Selects words with the page scrolled so that the first, or the last, is so far down the window, and says what the bar
# then covers; null where the words fill the view, and of what is covered the part in view alone.
COVERED = """async ([first, last, share, backwards]) => {
    const word = (i) => document.querySelector(`#transcript .w[data-i="${i}"]`);
    const top = () => word(backwards ? last : first).getBoundingClientRect().top;
    for (let k = 0; k < 4; k++) {
        scrollBy({ top: top() - innerHeight * share, behavior: "instant" });
        await new Promise(requestAnimationFrame);
    }
    const [from, to] = [word(first).lastChild, word(last).lastChild];
    const ends = [[from, 0], [to, to.length]];
    if (backwards) ends.reverse();
    getSelection().setBaseAndExtent(...ends[0], ...ends[1]);
    for (let k = 0; k < 3; k++) await new Promise(requestAnimationFrame);
    const covers = [".masthead", ".player", "#captions", "#sound-problem", ".sheet[data-open]"];
    let [ceiling, floor] = [0, innerHeight];
    for (const cover of document.querySelectorAll(covers.join())) {
        const box = cover.getBoundingClientRect();
        if (!box.height || box.width < innerWidth - 20) continue;
        if (box.top + box.bottom < innerHeight) ceiling = Math.max(ceiling, box.bottom);
        else floor = Math.min(floor, box.top);
    }
    const bar = document.getElementById("selection-bar").getBoundingClientRect();
    const complaints = [];
    if (!bar.height) complaints.push("no bar");
    if (bar.top < ceiling - 1 || bar.bottom > floor + 1) complaints.push(`outside ${ceiling} to ${floor}`);
    if (bar.left < -1 || bar.right > innerWidth + 1) complaints.push("off the side");
    const words = [...document.querySelectorAll("#transcript .w.sel")];
    const names = new Set(words.map((each) => each.closest(".turn")?.querySelector(".who")));
    const boxes = [...words, ...names].flatMap((each) => (each ? [...each.getClientRects()] : []));
    const seen = boxes.filter((box) => box.bottom > ceiling && box.top < floor);
    const level = (box) => box.top < bar.bottom && box.bottom > bar.top;
    const hit = seen.filter((box) => level(box) && box.left < bar.right && box.right > bar.left);
    const [highest, lowest] = [Math.min(...seen.map((box) => box.top)), Math.max(...seen.map((box) => box.bottom))];
    const room = bar.height + 16;
    const fills = highest < ceiling + room && lowest > floor - room;
    if (hit.length && !fills) complaints.push(`${hit.length} covered`);
    if (fills && level(word(backwards ? first : last).getBoundingClientRect())) complaints.push("its moving end");
    return complaints;
}"""


@pytest.fixture(scope="module", params=["ltr", "rtl"])
def address(request: pytest.FixtureRequest, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("bar")
    lay_right_to_left(sample, root / "rtl")
    shutil.copytree(sample, root / "ltr")
    with serving(create_app(Settings(root))) as server:
        yield f"{server}/episodes/{request.param}"


@pytest.fixture(params=SIZES)
def reader(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    size = {"width": request.param, "height": SIZES[request.param]}
    with new_tab(browser, viewport=size, locale="fr-FR", reduced_motion="reduce") as page:
        page.goto(address)
        page.wait_for_selector("#transcript .w[tabindex]")
        yield page
        page.goto("about:blank")


def covered(page: Page, seed: int, count: int) -> dict[object, list[str]]:
    """What the bar covers, by selection: short ones and long, at any height of the window, made either way."""
    chance, words = random.Random(seed), page.locator("#transcript .w").count()
    wrong = {}
    for _ in range(count):
        length = chance.choice([1, 2, 5, 12, 30, 80, 200])
        first = chance.randrange(words - 1)
        last = min(words - 1, first + length - 1)
        tried = [first, last, chance.choice([0.02, 0.08, 0.12, 0.3, 0.5, 0.7, 0.8, 0.9]), chance.random() < 0.5]
        if told := page.evaluate(COVERED, tried):
            wrong[tuple(tried)] = told
    return wrong


def test_no_selection_is_covered_in_any_position_nor_beside_captions(reader: Page) -> None:
    assert covered(reader, 1, 24) == {}
    reader.locator("#captions-button").click()
    expect(reader.locator("#captions")).to_be_visible()
    assert covered(reader, 2, 12) == {}
