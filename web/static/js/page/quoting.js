// @ts-check
// Saved quotes and clips of selected words, on the server's page.

import { spokenEnds } from "../clips/clip-edges.js";
import { ClipPanel } from "../clips/clip-panel.js";
import { Clips } from "../clips/clips.js";
import { get } from "../ui/api.js";
import { byId, detailOf } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { useLinks } from "./opening.js";
import { SavedQuotes } from "./saved-quotes.js";
import { useSelectedQuote } from "./selected-quote.js";

const DELAY_MS = 150;

/** @param {import("./reading.js").Reading} reading @param {import("./changes.js").Changes} changes */
export function useQuoting(reading, changes) {
  const { data, player, toast } = reading, quotes = new SavedQuotes(reading);
  const clips = new Clips(byId("clips"), data.id, toast), panel = new ClipPanel(byId("clip-panel"), reading, clips);
  const other = "here" in document.documentElement.dataset ? "local" : "there"; // where the server is

  useSelectedQuote(reading, async ({ first, last }) => {
    const { public: isPublic, ...quote } = await get(`/api/episodes/${data.id}/selection?first=${first}&last=${last}`);
    return { ...quote, reach: isPublic ? "public" : other };
  }, {
    async keep(words) {
      await quotes.save(words);
      toast.show(t("bar.kept"));
    },
    clip: (words) => panel.open(words),
  }, DELAY_MS);
  useLinks(reading); // after the bar, since a link may select a quote
  changes.addEventListener("changed", (event) => {
    if (detailOf(event).isText) changes.inTurn(() => Promise.all([quotes.load(), clips.load()])); // before the next change is sent
  });
  clips.addEventListener("play", () => player.pause());
  quotes.addEventListener("play", (event) => {
    const [first, last] = spokenEnds(data, detailOf(event).first, detailOf(event).last);
    player.toggleSpan(Number(data.starts[first]) / 1000, Number(data.ends[last]) / 1000);
  });
  quotes.addEventListener("clip", (event) => panel.open(detailOf(event)));
  quotes.addEventListener("export", (event) => toast.attempt(() => clips.make(detailOf(event))));
}
