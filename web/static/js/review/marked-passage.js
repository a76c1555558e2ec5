// @ts-check
// A passage of the audio that a reader marks between handles on the waveform: as an ad or jingle that was not detected, or
// as the place of some words. Times are milliseconds.

import { around, one } from "../ui/elements.js";
import { exact, t } from "../ui/strings.js";
import { isOpen } from "./queue.js";

const USUAL = 1000, LEAST = 100; // milliseconds of a passage

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
   * The marked passage in seconds; null if none is marked.
   * @returns {[number, number] | null}
   */
  get span() {
    const { marked } = this.#editor;
    return marked && [marked.from / 1000, marked.to / 1000];
  }

  /**
   * Begin to mark, or stop. The mark starts as the passage under review if that has no words, else as the gap between the
   * audio position and the next word.
   * @param {import("./queue.js").Position} position
   */
  toggle(position) {
    if (this.#editor.marked) return this.#end();
    const { player, data } = this.#reading, { shown } = position, from = player.time * 1000;
    const next = data.starts.find((start) => start !== null && start >= from + LEAST) ?? Infinity;
    const isAsked = isOpen(position) && shown && (shown.kind === "untranscribed" || shown.kind === "otherwise");
    this.#editor.marked = isAsked
      ? { from: shown.start * 1000, to: shown.end * 1000 }
      : { from, to: Math.min(from + USUAL, next) };
    one(this.#panel, ".handle").focus({ preventScroll: true });
  }

  /** Move the selected words into the marked passage. */
  belong() { if (this.#words) this.#say("words"); }

  #end() {
    this.#editor.marked = null;
    this.#editor.focusable.focus({ preventScroll: true });
  }

  /** The words to move: those selected in the transcript, else under the waveform. */
  get #words() { return this.#reading.transcript.selection ?? this.#editor.chosen; }

  #show() {
    const { span } = this;
    one(this.#panel, ".marks").hidden = !span;
    one(this.#panel, "[data-do=mark]").setAttribute("aria-pressed", String(span !== null));
    one(this.#panel, "[data-do=mark-words]", HTMLButtonElement).disabled = !this.#words;
    if (span) one(this.#panel, "[data-part=marked]").textContent = t("review.marked", { start: exact(span[0]), end: exact(span[1]) });
  }

  /** @param {string} [as] kind of the passage */
  async #say(as) {
    const { span } = this, words = this.#words;
    if (!span || !as) return;
    const [start, end] = span, isWords = as === "words" && words;
    const answer = await this.#changes.correct(isWords ? { kind: "passage", first: words.first, stop: words.last, start, end } : { kind: "annotate", as, start, end });
    if (!answer) return;
    this.#end();
    this.#changes.report(answer, isWords ? undefined : t(`untranscribed.done.${as}`));
  }
}
