// @ts-check
// A passage of the audio that a reader marks between the handles of the waveform: as an ad or a jingle that nobody has
// found, or as where words belong. Times are milliseconds.

import { around, one } from "../ui/elements.js";
import { exact, t } from "../ui/strings.js";
import { isOpen } from "./queue.js";

const SILENCE = 300; // milliseconds without a word that are marked around where the audio is
const LEAST = 100; // milliseconds of a passage

export class MarkedPassage {
  #panel;
  #editor;
  #reading;
  #changes;

  /**
   * @param {HTMLElement} panel
   * @param {import("./word-editor.js").WordEditor} editor
   * @param {import("../page/reading.js").Reading} reading
   * @param {import("../page/changes.js").Changes} changes
   */
  constructor(panel, editor, reading, changes) {
    this.#panel = panel;
    this.#editor = editor;
    this.#reading = reading;
    this.#changes = changes;
    for (const name of ["shown", "chosen"]) editor.addEventListener(name, () => this.#show());
    reading.transcript.addEventListener("select", () => this.#show());
    one(panel, ".marks").addEventListener("click", (event) => {
      event.stopPropagation();
      this.#say(around(event, "[data-do]")?.dataset.do?.replace("mark-", ""));
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !editor.marked) return;
      event.stopPropagation();
      this.#end();
    });
    this.#show();
  }

  /**
   * From and to which second is marked; null where nothing is.
   * @returns {[number, number] | null}
   */
  get span() {
    const { marked } = this.#editor;
    return marked && [marked.from / 1000, marked.to / 1000];
  }

  /**
   * Begin to mark the passage in question where it has no words of its own, else what has no words where the audio is,
   * else what is chosen; or end it.
   * @param {import("./queue.js").Standing} standing
   */
  toggle(standing) {
    if (this.#editor.marked) return this.#end();
    const { player, data } = this.#reading, { shown } = standing, silence = silenceAround(data, player.time * 1000);
    const [start, end] = this.#editor.span ?? [player.time, player.time + 1];
    if (isOpen(standing) && (shown?.kind === "lacking" || shown?.kind === "otherwise")) {
      this.#editor.marked = { from: shown.start * 1000, to: shown.end * 1000 };
    } else if (silence && silence.to - silence.from >= SILENCE) {
      this.#editor.marked = silence;
    } else {
      this.#editor.marked = { from: start * 1000, to: Math.max(end * 1000, start * 1000 + LEAST) };
    }
    one(this.#panel, ".handle").focus({ preventScroll: true });
  }

  /** Say that the words belong in what is marked. */
  belong() { if (this.#words) this.#say("words"); }

  #end() {
    this.#editor.marked = null;
    this.#editor.focusable.focus({ preventScroll: true });
  }

  /** The words that may belong there: those selected in the transcript, else those chosen under their audio. */
  get #words() { return this.#reading.transcript.selection ?? this.#editor.chosen; }

  #show() {
    const { span } = this;
    one(this.#panel, ".marks").hidden = !span;
    one(this.#panel, "[data-do=mark]").setAttribute("aria-pressed", String(span !== null));
    one(this.#panel, "[data-do=mark-words]", HTMLButtonElement).disabled = !this.#words;
    if (span) one(this.#panel, "[data-part=marked]").textContent = t("review.marked", { start: exact(span[0]), end: exact(span[1]) });
  }

  /** @param {string} [as] what is marked */
  async #say(as) {
    const { span } = this, words = this.#words;
    if (!span || !as) return;
    const [start, end] = span, isWords = as === "words" && words;
    const made = await this.#changes.correct(isWords ? { kind: "passage", first: words.first, stop: words.last, start, end } : { kind: "settle", as, start, end });
    if (!made) return;
    this.#end();
    this.#changes.tell(made, isWords ? undefined : t(`lacking.done.${as}`));
  }
}

/**
 * Return the silence of words around a moment: from the end of the last before it to the start of the next; null within a
 * word.
 * @param {Pick<EpisodeData, "starts" | "ends" | "duration">} data
 * @param {number} time
 */
function silenceAround({ starts, ends, duration }, time) {
  let from = 0, to = duration * 1000;
  for (let word = 0; word < starts.length; word++) {
    const start = starts[word], end = ends[word];
    if (start === null || end === null) continue;
    if (end <= time) from = Math.max(from, end);
    else if (start >= time) to = Math.min(to, start);
    else return null;
  }
  return { from, to };
}
