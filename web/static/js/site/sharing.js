// @ts-check
// What a listener makes of a published page: words selected, played, copied, and linked to.

import { copyText } from "../ui/clipboard.js";
import { around, byId, detailOf } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";
import { linkTo, writeFragment } from "../page/quote-link.js";
import { SelectionBar, selected } from "../page/selection-bar.js";

const HERE = /^(localhost|127\.|\[::1\])/;
const SETTLED_MS = 150;

/**
 * @typedef {import("../page/transcript.js").Transcript} Transcript
 * @typedef {{marks: [string, string], inner: [string, string], name_mark: string, base: string | null}} Told
 *   quotation marks with the spaces within them, what stands after a name, and where the page is said to be published
 */

/**
 * @param {Object} page
 * @param {EpisodeData} page.data
 * @param {Transcript} page.transcript
 * @param {import("../page/player.js").Player} page.player
 * @param {import("../ui/toast.js").Toast} page.toast
 * @param {Told} page.told
 */
export function useSharing({ data, transcript, player, toast, told }) {
  const bar = new SelectionBar(byId("selection-bar"), transcript);
  let timer = 0;
  transcript.addEventListener("select", () => {
    clearTimeout(timer);
    const { selection } = transcript;
    if (!selection) return;
    bar.allowSound(spanOf(data, selection) !== null);
    timer = setTimeout(() => announce(selected(selection.last - selection.first)), SETTLED_MS);
  });

  /** @type {Record<string, (selection: Selected) => unknown>} */
  const actions = {
    play(selection) {
      const span = spanOf(data, selection);
      if (!span) return;
      if (player.playing && player.time >= span.start && player.time < span.end) player.pause();
      else return player.playSpan(span.start, span.end);
    },
    async copy(selection) {
      await copyText(cited(transcript, selection, told));
      toast.show(t(`bar.copied.${reachOf(told)}`));
    },
    async link(selection) {
      await copyText(addressOf(data, selection, told));
      toast.show(t(`bar.linked.${reachOf(told)}`));
    },
  };
  bar.addEventListener("do", async (event) => {
    if (!transcript.selection) return;
    try {
      await actions[detailOf(event)](transcript.selection);
    } catch (error) {
      toast.failed(error);
    }
  });
  // Words that were selected by keys are none to the browser; what it cannot copy, the page does.
  document.addEventListener("copy", (event) => {
    if (!transcript.selection || !getSelection()?.isCollapsed || around(event, "input, textarea, dialog")) return;
    event.clipboardData?.setData("text/plain", cited(transcript, transcript.selection, told));
    event.preventDefault();
  });
}

/**
 * From when to when the words are said; null where nobody says them.
 * @param {EpisodeData} data
 * @param {Selected} selection
 */
function spanOf(data, { first, last }) {
  const { start, end } = linkTo(data, first, last);
  return start === null || end === null ? null : { start, end };
}

/**
 * Where the page is for everybody: where it was loaded from, unless that is this computer alone.
 * @param {Told} told
 */
function publicBase({ base }) {
  const isOnWeb = /^https?:$/.test(location.protocol) && !HERE.test(location.host);
  return isOnWeb ? location.href.split("#")[0] : base;
}

/** @param {Told} told */
const reachOf = (told) => (publicBase(told) ? "public" : "local");

/**
 * @param {EpisodeData} data
 * @param {Selected} selection
 * @param {Told} told
 */
function addressOf(data, { first, last }, told) {
  return `${publicBase(told) ?? location.href.split("#")[0]}#${writeFragment(linkTo(data, first, last))}`;
}

/**
 * The words between quotation marks, who says them in which show and episode, and where. What several people say is a
 * dialogue: who speaks stands before what they say.
 * @param {Transcript} transcript
 * @param {Selected} selection
 * @param {Told} told
 */
function cited(transcript, selection, told) {
  const { data } = transcript, lines = linesOf(transcript, selection);
  const speakers = [...new Set(lines.map(({ speaker }) => speaker).filter((name) => name !== null))];
  const isDialogue = speakers.length > 1;
  const text = isDialogue
    ? lines.map(({ speaker, text }) => `${speaker ? `${speaker}${told.name_mark} ` : ""}${quoted(text, told)}`).join("\n")
    : quoted(lines.map(({ text }) => text).join("\n"), told);
  const credits = [isDialogue ? null : speakers[0], data.show, data.title].filter(Boolean).join(", ");
  return [text, credits && `— ${credits}`, addressOf(data, selection, told)].filter(Boolean).join("\n");
}

/**
 * @param {string} text
 * @param {Told} told
 */
function quoted(text, { marks, inner }) {
  let within = text;
  marks.forEach((mark, k) => { within = within.replaceAll(mark, inner[k]); });
  return marks.join(within);
}

/**
 * What is printed of the words, a line for each paragraph, and who says it.
 * @param {Transcript} transcript
 * @param {Selected} selection
 */
function linesOf(transcript, { first, last }) {
  /** @type {{speaker: string | null, text: string}[]} */
  const lines = [];
  for (let from = first; from < last;) {
    const block = transcript.word(from).closest("[data-segment]");
    let to = from + 1;
    while (to < last && transcript.word(to).closest("[data-segment]") === block) to++;
    const turn = transcript.data.turns.find(([start, end]) => from >= start && from < end);
    lines.push({ speaker: turn?.[2] ?? null, text: textOf(transcript, from, to) });
    from = to;
  }
  return lines;
}

/**
 * The text of some words of a paragraph, without what the page puts between them.
 * @param {Transcript} transcript
 * @param {number} first
 * @param {number} last
 */
function textOf(transcript, first, last) {
  const range = new Range();
  range.setStartBefore(transcript.word(first));
  range.setEndAfter(transcript.word(last - 1));
  const shown = range.cloneContents();
  for (const button of shown.querySelectorAll("button")) button.remove();
  return (shown.textContent ?? "").replace(/\s+/g, (blank) => (/[\u00a0\u202f]/.test(blank) ? "\u00a0" : " "));
}
