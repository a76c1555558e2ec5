"""The controls of a page, with size and name."""

import re

from playwright.sync_api import Browser, Page, ViewportSize

from tests.web.visiting import new_tab

_FIND = """
(least) => {
    const SOUGHT = "a[href], button, input, select, textarea, summary, audio[controls], video[controls], [role=slider]";
    const inText = (element) => {
        if (element.tagName !== "A" || getComputedStyle(element).display !== "inline") return false;
        const block = element.parentElement.closest("p, li, label, dd, h1, h2");
        const others = [...(block?.childNodes ?? [])].filter((node) => !node.contains(element));
        return others.some((node) => /[\\p{L}\\p{N}]/u.test(node.textContent));
    };
    const seen = (element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && box.height > 1 && !element.matches(".unseen, .skip") && element.checkVisibility({
            visibilityProperty: true, contentVisibilityAuto: true,
        }) && getComputedStyle(element).pointerEvents !== "none";
    };
    const label = (element) => (element.labels?.length ? element.labels[0] : null);
    const shown = (element) => [element, label(element)].find((each) => each && seen(each)) ?? null;
    const area = (element) => {
        const own = [element, label(element)].filter(Boolean);
        shown(element).scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
        const hit = (x, y) => {
            const top = document.elementFromPoint(x, y);
            const opened = top?.closest(".menu ul, .captions, .bar, .toast"); // by the reader, over what else there is
            if (opened && !opened.contains(element)) return true;
            if (!own.some((each) => each.contains(top))) return false;
            return element.contains(top) || !top.closest(SOUGHT);
        };
        const box = shown(element).getBoundingClientRect();
        const x = Math.min(Math.max((box.left + box.right) / 2, 0), innerWidth - 1);
        const y = Math.min(Math.max((box.top + box.bottom) / 2, 0), innerHeight - 1);
        if (!hit(x, y)) return [0, 0];
        const reach = (dx, dy) => {
            let k = 0;
            while (k < 100 && hit(x + dx * (k + 1), y + dy * (k + 1))) k++;
            return k;
        };
        return [reach(-1, 0) + reach(1, 0) + 1, reach(0, -1) + reach(0, 1) + 1];
    };
    const found = [];
    for (const element of document.querySelectorAll(SOUGHT)) {
        if (!shown(element) || element.type === "hidden" || inText(element)) continue;
        if (element.closest("#transcript .turn p:not(.who)")) continue; // words
        const above = document.querySelector("dialog[open]") ?? document.querySelector(".sheet[data-open]");
        if (above && !above.contains(element) && !element.closest(".player, .masthead, .toast")) continue;
        if (document.querySelector("dialog[open]")?.contains(element) === false) continue;
        const [width, height] = area(element);
        if (Math.min(width, height) < least) {
            const name = element.getAttribute("aria-label") || element.textContent.trim() || element.id || element.name;
            const place = element.closest("[id]")?.id ?? "";
            found.push(`${element.tagName.toLowerCase()} “${name}” in #${place}: ${width} × ${height}`);
        }
    }
    return found;
}
"""


def too_small(page: Page, least: int) -> list[str]:
    """The controls of the page as it stands that are less than ``least`` pixels wide or high to a pointer.

    What is measured is where a tap goes, out from the middle of a control or of its label: padding, pseudo-elements
    and labels count, and where two of them overlap one is the smaller. Links within running text are none
    (WCAG 2.5.5 and 2.5.8), nor are the transcript's words.
    """
    found: list[str] = page.evaluate(_FIND, least)
    return found


_LINE = re.compile(r"""^\s*- '?(?P<role>button|link|slider|checkbox|radio|textbox|searchbox|combobox)\b(?P<rest>.*)$""")
_NAME = re.compile(r'^ "(?P<name>(?:[^"\\]|\\.)*)"')


def named(page: Page) -> list[tuple[str, str, str]]:
    """The role and the name of each control that a screen reader meets, and where it leads if it is a link."""
    found: list[tuple[str, str, str]] = []
    lines = page.locator("body").aria_snapshot().splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if match := _LINE.match(line):
            name = _NAME.match(match["rest"])
            url = following.partition("/url: ")[2] if "/url:" in following else ""
            found.append((match["role"], name["name"] if name else "", url))
    return found


def assert_met_by_a_finger(browser: Browser, address: str, width: int) -> None:
    """On a phone or tablet of that ``width`` every control is large enough, and nothing runs off the side."""
    size: ViewportSize = {"width": width, "height": 844}
    with new_tab(browser, viewport=size, has_touch=True, is_mobile=True, locale="fr-FR") as page:
        page.goto(address)
        page.wait_for_selector("html.awake")
        assert too_small(page, 44) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
