// @ts-check
// Opening the page at a quote: the link's words selected, in view, and the audio at their beginning; or at a chapter.

import { around } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { linkTo, readFragment, resolve } from "./quote-link.js";

/** @param {Pick<import("./reading.js").Reading, "data" | "transcript" | "player" | "toast">} reading */
export function useLinks({ data, transcript, player, toast }) {
  let told = /** @type {unknown} */ (null);
  const open = () => {
    history.replaceState(true, ""); // it was led to
    toast.hide(told); // what it says of another link
    const link = readFragment(location.hash);
    if (!link) return transcript.following.to(/^#p\d+$/.test(location.hash) ? document.querySelector(location.hash) : null);
    const { first, last, start, notice } = resolve(data, link);
    if (notice) told = toast.show(t(`link.${notice}`), { stays: true });
    if (first !== null && last !== null) {
      getSelection()?.removeAllRanges();
      transcript.select(first, last);
    }
    const at = first === null || last === null ? start : linkTo(data, first, last).start ?? start;
    const word = first ?? (at === null ? -1 : data.starts.findIndex((each) => each !== null && each / 1000 >= at - 0.01));
    if (word >= 0) transcript.reveal(word);
    if (at !== null) player.seek(at); // then, so that the page is where the audio is
  };
  addEventListener("popstate", () => transcript.leave()); // the browser's way back leads to what was read
  addEventListener("hashchange", () => { if (!history.state) open(); });
  // A link to where the address leads already is none to the browser.
  document.addEventListener("click", (event) => {
    const link = around(event, 'a[href^="#t="], a[href^="#w="]', HTMLAnchorElement);
    if (link && link.hash === location.hash && !link.classList.contains("at")) open();
  });
  open();
}
