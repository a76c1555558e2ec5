// Opening the page at a quote: the link's words selected, in view, and the sound at their beginning.

import { readFragment, resolve } from "./quote-link.js";
import { t } from "../ui/strings.js";

export function useLinks({ data, transcript, player, toast }) {
  const open = () => {
    const link = readFragment(location.hash);
    if (!link) return;
    const { first, last, start, notice } = resolve(data, link);
    if (first !== null) {
      getSelection().removeAllRanges();
      transcript.select(first, last);
      transcript.reveal(first);
    }
    const at = first === null ? start : spokenStart(data, first, last) ?? start;
    if (at !== null) {
      player.seek(at);
      if (first === null) transcript.reveal(data.starts.findIndex((start) => start !== null && start / 1000 >= at - 0.01));
    }
    if (notice) toast.show(t(`link.${notice}`), { stays: true });
  };
  addEventListener("hashchange", open);
  // A link to where the address leads already is none to the browser.
  document.addEventListener("click", ({ target }) => {
    const link = target.closest('a[href^="#t="], a[href^="#w="]');
    if (link && link.hash === location.hash && !link.classList.contains("at")) open();
  });
  open();
}

function spokenStart(data, first, last) {
  for (let i = first; i < last; i++) if (data.starts[i] !== null) return data.starts[i] / 1000;
  return null;
}
