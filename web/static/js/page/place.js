// @ts-check
// The masthead shows the title once the heading is out of view, and the current chapter, also marked in the list: the one
// that plays while the page follows the audio, else the one in view.

import { all, byId, one } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { freeView } from "./following.js";

const READ = 0.5; // share of the uncovered view down to which a heading counts as reached; jumps to a heading end there

/** @param {import("./player.js").Player} player @param {import("./transcript.js").Transcript} transcript */
export function usePlace(player, transcript) {
  const masthead = one(document, ".masthead"), button = /** @type {HTMLElement | null} */ (masthead.querySelector(".to-chapters"));
  let chapters = chaptersOf(), shown = /** @type {ReturnType<typeof chaptersOf>[number] | undefined} */ (undefined);
  const played = () => chapters.findLast(({ start }) => start <= player.time + 0.05);
  const read = () => {
    const { top, bottom } = freeView(), line = top + Math.min((bottom - top) * READ, scrollY); // near the page's top, less
    return chapters.findLast(({ heading }) => heading.getBoundingClientRect().top <= line);
  };
  const show = () => {
    const now = transcript.following.isOn ? played() : read();
    if (now === shown) return;
    shown?.link.removeAttribute("aria-current");
    now?.link.setAttribute("aria-current", "true");
    shown = now;
    if (!button) return;
    const name = one(button, "bdi");
    name.textContent = now?.title ?? t("chapters");
    name.lang = now ? transcript.data.language : document.documentElement.lang;
    button.ariaLabel = now ? t("chapters.now", { title: now.title }) : null;
  };
  player.addEventListener("time", () => { if (transcript.following.isOn) show(); });
  player.addEventListener("state", show);
  addEventListener("scroll", show, { passive: true });
  transcript.addEventListener("patched", () => { chapters = chaptersOf(); show(); });
  new IntersectionObserver(([{ isIntersecting }]) => masthead.classList.toggle("at-top", isIntersecting), {
    rootMargin: `-${masthead.offsetHeight}px 0px 0px`,
  }).observe(one(byId("main"), "h1"));
  one(masthead, ".title").addEventListener("click", (event) => {
    event.preventDefault();
    transcript.leave();
    scrollTo({ top: 0 });
  });
  show();
}

function chaptersOf() {
  return all(document, ".chapters a").map((link) => {
    const heading = byId((link.getAttribute("href") ?? "").slice(1));
    return { link, heading, title: (heading.textContent ?? "").trim(), start: Number(link.dataset.at ?? NaN) };
  });
}

/**
 * Make the link back lead to the list's page or search that the reader came from, at this episode.
 * @param {HTMLAnchorElement} link
 */
export function useWayBack(link) {
  const from = new URL(document.referrer || location.href);
  if (from.origin !== location.origin || !["/", "/search"].includes(from.pathname)) return;
  link.href = `${from.pathname}${from.search}${link.hash}`;
}
