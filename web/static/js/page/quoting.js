// @ts-check
// What a reader makes of an episode: selecting words, links to them, quotes kept, clips made.

import { spokenEnds } from "../clips/clip-edges.js";
import { ClipPanel } from "../clips/clip-panel.js";
import { Clips } from "../clips/clips.js";
import { get } from "../ui/api.js";
import { copyText } from "../ui/clipboard.js";
import { around, byId, detailOf } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";
import { Kept } from "./kept.js";
import { Marks } from "./marks.js";
import { useLinks } from "./opening.js";
import { usePointing } from "./pointing.js";
import { SelectionBar, selected } from "./selection-bar.js";
import { toSentence } from "./sync.js";

/**
 * @typedef {import("./transcript.js").Transcript} Transcript
 * @typedef {import("../ui/toast.js").Toast} Toast
 */

const SETTLED_MS = 150;

/**
 * @param {import("./reading.js").Reading} reading
 * @param {import("./changes.js").Changes} changes
 * @param {Toast} toast
 */
export function useQuoting({ data, player, transcript, openSheet }, changes, toast) {
  const bar = new SelectionBar(byId("selection-bar"), transcript);
  const kept = new Kept(byId("kept"), data.id, toast);
  const clips = new Clips(byId("clips"), data.id, toast);
  new Marks(transcript, kept, clips, () => openSheet("quotes-pane"));
  const panel = new ClipPanel(byId("clip-panel"), { data, transcript, player, clips });
  const selected = new SelectedQuote(transcript, bar, `/api/episodes/${data.id}/selection`);

  usePointing(transcript);
  useLinks({ data, transcript, player, toast });
  changes.addEventListener("changed", (event) => { if (detailOf(event).isText) { kept.load(); clips.load(); } });
  clips.addEventListener("play", () => player.pause());
  kept.addEventListener("play", (event) => {
    const [first, last] = spokenEnds(data, detailOf(event).first, detailOf(event).last);
    player.toggleSpan(Number(data.starts[first]) / 1000, Number(data.ends[last]) / 1000);
  });
  kept.addEventListener("clip", (event) => panel.open(detailOf(event)));
  kept.addEventListener("export", (event) => clips.make(detailOf(event)).catch((error) => toast.failed(error)));

  const actions = actionsOn({ transcript, player, toast, kept, panel, selected });
  bar.addEventListener("do", async (event) => {
    try {
      await actions[detailOf(event)]();
    } catch (error) {
      toast.failed(error);
    }
  });
  // Words that were selected by keys are none to the browser; what it cannot copy, the page does.
  document.addEventListener("copy", (event) => {
    if (!selected.copied || !getSelection()?.isCollapsed || around(event, "input, textarea, dialog")) return;
    event.clipboardData?.setData("text/plain", selected.copied);
    event.preventDefault();
  });
}

// What the server says of the selected words. It is asked at once, so that its answer is there when a button is pressed.
class SelectedQuote {
  #transcript;
  #bar;
  #url;
  /** @type {Promise<any> | null} */
  #told = null;
  #timer = 0;
  /** @type {string | null} the text of the quote, once it is known */
  copied = null;

  /**
   * @param {Transcript} transcript
   * @param {SelectionBar} bar
   * @param {string} url
   */
  constructor(transcript, bar, url) {
    this.#transcript = transcript;
    this.#bar = bar;
    this.#url = url;
    transcript.addEventListener("select", () => this.#changed());
    this.#changed();
  }

  ask() {
    if (this.#told) return this.#told;
    const { first, last } = this.#transcript.selection ?? { first: 0, last: 0 };
    const asked = get(`${this.#url}?first=${first}&last=${last}`);
    this.#told = asked;
    asked.then(({ copy }) => { if (this.#told === asked) this.copied = copy; }, () => {}); // who asked is told of a failure
    return asked;
  }

  #changed() {
    clearTimeout(this.#timer);
    this.#told = this.copied = null;
    if (this.#transcript.selection) this.#timer = setTimeout(() => this.#learn(), SETTLED_MS);
  }

  async #learn() {
    const asked = this.ask();
    const { text, start, first, last, cautions } = await asked.catch(() => ({}));
    if (text === undefined || this.#told !== asked) return;
    this.#bar.allowSound(start !== null);
    const unsaid = cautions.some((/** @type {Caution} */ { kind }) => kind === "not-said");
    announce(unsaid ? t("caution.not-said", { detail: "" }) : selected(last - first));
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

/**
 * What the buttons beside the selected words do.
 * @param {Object} page
 * @param {Transcript} page.transcript
 * @param {import("./player.js").Player} page.player
 * @param {Toast} page.toast
 * @param {Kept} page.kept
 * @param {ClipPanel} page.panel
 * @param {SelectedQuote} page.selected
 * @returns {Record<string, () => Promise<unknown> | unknown>}
 */
function actionsOn({ transcript, player, toast, kept, panel, selected }) {
  return {
    async play() {
      const { start, end } = await selected.ask();
      await player.toggleSpan(start, end);
    },
    async copy() {
      const { copy, public: isPublic } = await selected.ask();
      await copyText(copy);
      toast.show(t(`bar.copied.${reachOf(isPublic)}`));
    },
    async link() {
      const { link, public: isPublic } = await selected.ask();
      await copyText(link);
      toast.show(t(`bar.linked.${reachOf(isPublic)}`));
    },
    // At once, so that what is done next is done to the words that are seen to be selected.
    extend() {
      if (!transcript.selection) return;
      const { first, last } = toSentence(transcript.data.sentences, transcript.selection);
      getSelection()?.removeAllRanges();
      transcript.select(first, last);
    },
    async keep() {
      if (!transcript.selection) return;
      await kept.keep(transcript.selection.first, transcript.selection.last);
      toast.show(t("bar.kept"));
    },
    clip() { if (transcript.selection) panel.open(transcript.selection); },
  };
}
