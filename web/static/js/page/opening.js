// @ts-check
// Opening the page at a quote: the link's words selected, in view, and the sound at their beginning; or at a chapter.

import { placeLeft } from "./following.js";
import { readFragment, resolve } from "./quote-link.js";
import { around } from "../ui/elements.js";
import { t } from "../ui/strings.js";

/**
 * @param {Object} page
 * @param {EpisodeData} page.data
 * @param {import("./transcript.js").Transcript} page.transcript
 * @param {import("./player.js").Player} page.player
 * @param {import("../ui/toast.js").Toast} page.toast
 */
export function useLinks({ data, transcript, player, toast }) {
  /** @type {unknown} the notice of the link that led here */
  let told = null;
  const open = () => {
    if (told) toast.hide(told);
    const link = readFragment(location.hash);
    if (!link) return transcript.landing.to(chapterOf(location.hash) ?? undefined);
    const { first, last, start, notice } = resolve(data, link);
    if (first !== null && last !== null) {
      getSelection()?.removeAllRanges();
      transcript.select(first, last);
      transcript.reveal(first);
    }
    const at = first === null || last === null ? start : spokenStart(data, first, last) ?? start;
    if (at !== null) {
      if (first === null) transcript.reveal(data.starts.findIndex((start) => start !== null && start / 1000 >= at - 0.01));
      player.seek(at); // then, so that the page is where the sound is
    }
    if (notice) told = toast.show(t(`link.${notice}`), { stays: true });
  };
  addEventListener("hashchange", () => { if (!placeLeft()) open(); });
  // A link to where the address leads already is none to the browser.
  document.addEventListener("click", (event) => {
    const link = around(event, 'a[href^="#t="], a[href^="#w="]', HTMLAnchorElement);
    if (link && link.hash === location.hash && !link.classList.contains("at")) open();
  });
  open();
}

/** @param {string} fragment */
function chapterOf(fragment) {
  return /^#p\d+$/.test(fragment) ? document.getElementById(fragment.slice(1)) : null;
}

/**
 * @param {EpisodeData} data
 * @param {number} first
 * @param {number} last
 */
function spokenStart(data, first, last) {
  const start = data.starts.slice(first, last).find((each) => each !== null);
  return start === undefined || start === null ? null : start / 1000;
}
