// @ts-check
// Opens the page at a quote, with its words selected, in view, and the audio at their start; or at a chapter.

import { around } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { linkTo, readFragment, resolve } from "./quote-link.js";

/** @param {Pick<import("./reading.js").Reading, "data" | "transcript" | "player" | "toast">} reading */
export function useLinks({ data, transcript, player, toast }) {
  let lastToast = /** @type {unknown} */ (null);
  const open = () => {
    history.replaceState(true, ""); // marks an entry whose position was set by a link
    toast.hide(lastToast); // it is about an earlier link
    const link = readFragment(location.hash);
    if (!link) return transcript.following.to(/^#p\d+$/.test(location.hash) ? document.querySelector(location.hash) : null);
    const { first, last, start, notice } = resolve(data, link);
    if (notice) lastToast = toast.show(t(`link.${notice}`), { stays: true });
    if (first !== null && last !== null) {
      getSelection()?.removeAllRanges();
      transcript.select(first, last);
    }
    const at = first === null || last === null ? start : linkTo(data, first, last).start ?? start;
    const word = first ?? (at === null ? -1 : data.starts.findIndex((each) => each !== null && each / 1000 >= at - 0.01));
    if (word >= 0) transcript.reveal(word);
    if (at !== null) player.seek(at); // last, so that the page shows the audio position
  };
  addEventListener("popstate", () => transcript.leave()); // the browser restores the position of the page it goes back to
  addEventListener("hashchange", () => { if (!history.state) open(); });
  // The browser ignores a link to the present address.
  document.addEventListener("click", (event) => {
    const link = around(event, 'a[href^="#t="], a[href^="#w="]', HTMLAnchorElement);
    if (link && link.hash === location.hash && !link.classList.contains("at")) open();
  });
  open();
}
