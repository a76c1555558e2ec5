// @ts-check
// What a stretch of the sound is marked as: its buttons, and where it begins.

import { around, one } from "../ui/elements.js";
import { exact, t } from "../ui/strings.js";
import { Marking, wordless } from "./marking.js";
import { isOpen } from "./queue.js";

const SILENCE = 300; // milliseconds without a word that are marked around where the sound is

export class Marks {
  #tools;
  #button;
  #marking;
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
    this.#tools = one(panel, ".marks");
    this.#button = one(panel, "[data-do=mark]");
    this.#editor = editor;
    this.#reading = reading;
    this.#changes = changes;
    this.#marking = new Marking(one(panel, ".word-wave"), editor, reading.data.duration);
    this.#marking.addEventListener("shown", () => this.#show());
    editor.addEventListener("chosen", () => this.#show());
    reading.transcript.addEventListener("select", () => this.#show());
    this.#tools.addEventListener("click", (event) => this.#clicked(event));
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.span) return;
      event.stopPropagation();
      this.#end();
    });
    this.#show();
  }

  get span() { return this.#marking.span; }

  /**
   * Begins to mark: the passage in question where it is sound without words of its own, else what has no words where the
   * sound is, else what is chosen. Or ends it.
   * @param {import("./queue.js").Standing} standing
   */
  toggle(standing) {
    if (this.span) return this.#end();
    const { shown } = standing, { player, data } = this.#reading;
    const asked = isOpen(standing) && (shown?.kind === "lacking" || shown?.kind === "otherwise") ? shown : null;
    const around = wordless(data, player.time * 1000), [start, end] = this.#editor.span ?? [player.time, player.time + 1];
    if (asked) this.#marking.begin({ from: asked.start * 1000, to: asked.end * 1000 });
    else if (around && around.to - around.from >= SILENCE) this.#marking.begin(around);
    else this.#marking.begin({ from: start * 1000, to: end * 1000 });
  }

  #end() {
    this.#marking.end();
    this.#editor.focusable.focus({ preventScroll: true });
  }

  /** The words that may belong in the stretch: those selected in the transcript, else those chosen under their sound. */
  get #words() { return this.#reading.transcript.selection ?? this.#editor.chosen; }

  #show() {
    const { span } = this;
    this.#tools.hidden = !span;
    this.#button.setAttribute("aria-pressed", String(span !== null));
    one(this.#tools, "[data-part=marked]").textContent = span ? t("review.marked", { start: exact(span[0]), end: exact(span[1]) }) : "";
    one(this.#tools, "[data-do=mark-words]", HTMLButtonElement).disabled = !this.#words;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = around(event, "[data-do]");
    event.stopPropagation();
    if (button) this.#say(button.dataset.do?.replace("mark-", "") ?? "");
  }

  // That the words belong in the stretch.
  belong() { if (this.#words) this.#say("words"); }

  /** @param {string} as what the stretch is */
  async #say(as) {
    const { span } = this, words = this.#words;
    if (!span) return;
    const [start, end] = span;
    const correction = as === "words" && words ? { kind: "passage", first: words.first, stop: words.last, start, end } : { kind: "settle", as, start, end };
    const made = await this.#changes.correct(correction);
    if (!made) return;
    this.#end();
    this.#changes.tell(made, as === "words" ? undefined : t(`lacking.done.${as}`));
  }
}
