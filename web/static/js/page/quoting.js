// What a reader makes of an episode: selecting words, links to them, quotes kept, clips made.

import { get } from "../ui/api.js";
import { ClipPanel } from "../clips/clip-panel.js";
import { copyText } from "../ui/clipboard.js";
import { Clips } from "../clips/clips.js";
import { Kept } from "./kept.js";
import { useLinks } from "./opening.js";
import { usePointing } from "./pointing.js";
import { data, player, transcript } from "./reading.js";
import { SelectionBar } from "./selection-bar.js";
import { announce, t } from "../ui/strings.js";
import { Toast } from "../ui/toast.js";

const byId = (id) => document.getElementById(id);
const SETTLED_MS = 150;

const toast = new Toast(byId("toast"));
const bar = new SelectionBar(byId("selection-bar"), transcript);
const kept = new Kept(byId("kept"), data.id, toast);
const clips = new Clips(byId("clips"), data.id, toast);
const panel = new ClipPanel(byId("clip-panel"), { data, transcript, player, clips });
let told = null; // a promise of what the server says of the selection
let copied = null; // the text of the selected quote, once it is known
let timer = 0;

usePointing(transcript);
useLinks({ data, transcript, player, toast });
clips.addEventListener("play", () => player.pause());
kept.addEventListener("clip", ({ detail: quote }) => panel.open(quote));
kept.addEventListener("export", ({ detail: exports }) => clips.make(exports).catch((error) => toast.failed(error)));

transcript.addEventListener("select", learn);
if (transcript.selection) learn();

// What is selected is asked for at once, so that it is there when a button is pressed.
function learn() {
  clearTimeout(timer);
  told = copied = null;
  if (!transcript.selection) return;
  timer = setTimeout(async () => {
    const asked = ask();
    const { text, start, first, last, sentence, cautions } = await asked.catch(() => ({}));
    if (text === undefined || told !== asked) return;
    bar.allow({ sound: start !== null, extend: sentence[0] < first || sentence[1] > last });
    const unsaid = cautions.find(({ kind }) => kind === "not-said");
    announce(unsaid ? t("caution.not-said", { detail: "" }) : t("bar.selected", { n: last - first }));
  }, SETTLED_MS);
}

function ask() {
  if (told) return told;
  const asked = get(`/api/episodes/${data.id}/selection?${new URLSearchParams(transcript.selection)}`);
  told = asked;
  asked.then(({ copy }) => { if (told === asked) copied = copy; }, () => {}); // who asked is told of a failure
  return asked;
}

const actions = {
  async play() {
    const { start, end } = await ask();
    if (player.playing && player.time >= start && player.time < end) player.pause();
    else await player.playSpan(start, end);
  },
  async copy() {
    const { copy, public: isPublic } = await ask();
    await copyText(copy);
    toast.show(t(isPublic ? "bar.copied.public" : "bar.copied.local"));
  },
  async link() {
    const { link, public: isPublic } = await ask();
    await copyText(link);
    toast.show(t(isPublic ? "bar.linked.public" : "bar.linked.local"));
  },
  async extend() {
    const [first, last] = (await ask()).sentence;
    getSelection().removeAllRanges();
    transcript.select(first, last);
  },
  async keep() {
    const { first, last } = transcript.selection;
    await kept.keep(first, last);
    toast.show(t("bar.kept"));
  },
  async clip() { panel.open(transcript.selection); },
  async audiogram() { panel.open(transcript.selection, "portrait"); },
};

// Words that were selected by keys are none to the browser; what it cannot copy, the page does.
document.addEventListener("copy", (event) => {
  if (!copied || !getSelection().isCollapsed || event.target.closest?.("input, textarea, dialog")) return;
  event.clipboardData.setData("text/plain", copied);
  event.preventDefault();
});

bar.addEventListener("do", async ({ detail: name }) => {
  try {
    await actions[name]();
  } catch (error) {
    toast.failed(error);
  }
});
