// @ts-check
// The masthead tells where the reader is: the title once its heading is out of view, and the chapter. It follows the
// voice while the page does, or stands where that is, else what is read; the list of chapters marks the same one.

import { all, byId, one } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { freeView } from "./landing.js";

const READ = 0.5; // share of the free view down to which a heading counts as read: jumps to one land there

/** @typedef {{title: string, heading: HTMLElement, start: number | null, link: HTMLElement}} Chapter */

/**
 * @param {import("./player.js").Player} player
 * @param {import("./following.js").Following} following
 * @param {import("./transcript.js").Transcript} transcript
 */
export function usePlace(player, following, transcript) {
  const masthead = one(document, ".masthead");
  const title = one(masthead, ".title");
  let chapters = chaptersOf();
  const button = /** @type {HTMLElement | null} */ (masthead.querySelector(".to-chapters"));
  /** @type {Chapter | undefined | null} */
  let shown = null;

  const show = () => {
    const now = following.isThere ? chapters.findLast(({ start }) => start !== null && start <= player.time + 0.05) : lastRead(chapters);
    if (now === shown) return;
    shown?.link.removeAttribute("aria-current");
    now?.link.setAttribute("aria-current", "true");
    shown = now;
    if (!button) return;
    if (now) button.setAttribute("aria-label", t("chapters.now", { title: now.title }));
    else button.removeAttribute("aria-label");
    one(button, "bdi").lang = now ? transcript.data.language : document.documentElement.lang;
    one(button, "bdi").textContent = now?.title ?? t("chapters");
  };
  for (const name of ["time", "state"]) player.addEventListener(name, show);
  addEventListener("scroll", show, { passive: true });
  new ResizeObserver(show).observe(one(masthead, ".place"));
  new IntersectionObserver(([{ isIntersecting }]) => {
    masthead.classList.toggle("at-top", isIntersecting);
  }, { rootMargin: `-${masthead.offsetHeight}px 0px 0px` }).observe(one(byId("main"), "h1"));
  transcript.addEventListener("patched", () => { chapters = chaptersOf(); show(); });
  title.addEventListener("click", (event) => {
    event.preventDefault();
    transcript.leave();
    scrollTo({ top: 0 });
  });
  show();
}

/** @returns {Chapter[]} */
function chaptersOf() {
  return all(document, ".chapters a").map((link) => {
    const { hash } = /** @type {HTMLAnchorElement} */ (link);
    const heading = byId(hash.slice(1));
    return { link, heading, title: (heading.textContent ?? "").trim(), start: link.dataset.at ? Number(link.dataset.at) : null };
  });
}

/**
 * The last chapter whose heading is not below what is read, by halving: they are in the order of the page.
 * @param {Chapter[]} chapters
 */
function lastRead(chapters) {
  const { top, bottom } = freeView();
  const line = top + Math.min((bottom - top) * READ, scrollY); // at the beginning of the page, what is read is its top
  let low = 0, high = chapters.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (chapters[middle].heading.getBoundingClientRect().top <= line) low = middle + 1;
    else high = middle;
  }
  return chapters[low - 1];
}

/**
 * The way back leads to the list as the reader left it: its page or search, and where it was scrolled to. Where the
 * browser does not tell what was visited before, to the list, at this episode.
 * @param {HTMLAnchorElement} link
 */
export function useWayBack(link) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0 || !("navigation" in window)) return;
    const { navigation } = window;
    const before = navigation.entries().slice(0, navigation.currentEntry?.index ?? 0);
    const list = before.findLast(({ url }) => url !== null && ["/", "/search"].includes(new URL(url).pathname));
    if (!list) return;
    event.preventDefault();
    navigation.traverseTo(list.key);
  });
}
