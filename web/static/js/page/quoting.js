// @ts-check
// What a reader makes of selected words: links to them, quotes saved, clips made.

import { spokenEnds } from "../clips/clip-edges.js";
import { ClipPanel } from "../clips/clip-panel.js";
import { Clips } from "../clips/clips.js";
import { get } from "../ui/api.js";
import { copyText } from "../ui/clipboard.js";
import { around, byId, detailOf } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";
import { useLinks } from "./opening.js";
import { SavedQuotes } from "./saved-quotes.js";
import { SelectionBar, selected } from "./selection-bar.js";

const SETTLED_MS = 150;

/**
 * @param {import("./reading.js").Reading} reading
 * @param {import("./changes.js").Changes} changes
 * @param {import("../ui/toast.js").Toast} toast
 */
export function useQuoting({ data, player, transcript, openSheet }, changes, toast) {
  const bar = new SelectionBar(byId("selection-bar"), transcript);
  const quotes = new SavedQuotes(byId("kept"), transcript, data.id, toast, () => openSheet("quotes-pane"));
  const clips = new Clips(byId("clips"), data.id, toast);
  const panel = new ClipPanel(byId("clip-panel"), { data, transcript, player, clips, toast });
  const quote = new SelectedQuote(transcript, bar, `/api/episodes/${data.id}/selection`);

  useLinks({ data, transcript, player, toast });
  changes.addEventListener("changed", (event) => {
    if (detailOf(event).isText) changes.inTurn(() => Promise.all([quotes.load(), clips.load()])); // before the next change
  });
  clips.addEventListener("play", () => player.pause());
  quotes.addEventListener("play", (event) => {
    const [first, last] = spokenEnds(data, detailOf(event).first, detailOf(event).last);
    player.toggleSpan(Number(data.starts[first]) / 1000, Number(data.ends[last]) / 1000);
  });
  quotes.addEventListener("clip", (event) => panel.open(detailOf(event)));
  quotes.addEventListener("export", (event) => clips.make(detailOf(event)).catch((error) => toast.failed(error)));

  /** @type {Record<string, (words: Selected) => Promise<unknown> | unknown>} */
  const actions = {
    async play() {
      const { start, end } = await quote.ask();
      await player.toggleSpan(start, end);
    },
    async copy() {
      const { copy, public: isPublic } = await quote.ask();
      await copyText(copy);
      toast.show(t(`bar.copied.${reachOf(isPublic)}`));
    },
    async link() {
      const { link, public: isPublic } = await quote.ask();
      await copyText(link);
      toast.show(t(`bar.linked.${reachOf(isPublic)}`));
    },
    async keep(words) {
      await quotes.save(words);
      toast.show(t("bar.kept"));
    },
    clip: (words) => panel.open(words),
  };
  bar.addEventListener("do", async (event) => {
    try {
      if (transcript.selection) await actions[detailOf(event)](transcript.selection);
    } catch (error) {
      toast.failed(error);
    }
  });
  // Words that were selected by keys are none to the browser; what it cannot copy, the page does.
  document.addEventListener("copy", (event) => {
    if (!quote.copied || !getSelection()?.isCollapsed || around(event, "input, textarea, dialog")) return;
    event.clipboardData?.setData("text/plain", quote.copied);
    event.preventDefault();
  });
}

// What the server says of the selected words. It is asked once they are selected, for a browser lends its clipboard only
// right after a press.
class SelectedQuote {
  #transcript;
  #bar;
  #url;
  /** @type {Promise<any> | null} */
  #asked = null;
  #timer = 0;
  /** @type {string | null} the text of the quote, once it is known */
  copied = null;

  /** @param {import("./transcript.js").Transcript} transcript @param {SelectionBar} bar @param {string} url */
  constructor(transcript, bar, url) {
    this.#transcript = transcript;
    this.#bar = bar;
    this.#url = url;
    transcript.addEventListener("select", () => {
      clearTimeout(this.#timer);
      this.#asked = this.copied = null;
      if (transcript.selection) this.#timer = setTimeout(() => this.#learn(), SETTLED_MS);
    });
  }

  ask() {
    if (this.#asked) return this.#asked;
    const { first, last } = this.#transcript.selection ?? { first: 0, last: 0 };
    const asked = (this.#asked = get(`${this.#url}?first=${first}&last=${last}`));
    asked.then(({ copy }) => { if (this.#asked === asked) this.copied = copy; }, () => {}); // who asked is told of a failure
    return asked;
  }

  async #learn() {
    const asked = this.ask(), quote = await asked.catch(() => null);
    if (!quote || this.#asked !== asked) return;
    const { first, last, start } = quote;
    this.#bar.allowSound(start !== null);
    announce(start === null ? t("caution.not-said", { detail: "" }) : selected(last - first));
  }
}

/**
 * How far a link works: for everybody, on this computer, or for those who reach the server, which is another one.
 * @param {boolean} isPublic
 */
function reachOf(isPublic) {
  if (isPublic) return "public";
  return "here" in document.documentElement.dataset ? "local" : "there";
}
