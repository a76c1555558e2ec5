// @ts-check
// The form for a paragraph: its speaker, kind and text, which is never parsed as HTML.

import { around, byId, copyOf, one } from "../ui/elements.js";
import { WITH_SPEAKER, areSame, asEdited, completedName, paragraphsOf } from "./paragraphs.js";

const COLOURS = 8;

export class Editor {
  /** @type {Passage} the passage that the draft is compared with, and replaces */
  base;
  #theirs;
  #speakers;
  #kind;

  /**
   * @param {Passage} passage a paragraph, or the gap between two
   * @param {{speakers: string[], language: string, paragraph: Paragraph}} episode the paragraph fills the fields
   * @param {(name: string) => void} act runs the action of a button or key, and "typed" after each change
   */
  constructor(passage, { speakers, language, paragraph }, act) {
    this.base = passage;
    this.form = /** @type {HTMLFormElement} */ (copyOf(byId("editor", HTMLTemplateElement)));
    this.field = one(this.form, "textarea", HTMLTextAreaElement);
    this.name = one(this.form, "input", HTMLInputElement);
    this.#kind = one(this.form, "select", HTMLSelectElement);
    this.#theirs = one(this.form, ".theirs");
    this.field.lang = one(this.#theirs, ".version").lang = language;
    this.#speakers = speakers;
    this.#fill(paragraph);
    this.form.addEventListener("submit", (event) => { event.preventDefault(); act("save"); });
    this.form.addEventListener("click", (event) => { const name = around(event, "[data-do]")?.dataset.do; if (name) act(name); });
    this.form.addEventListener("keydown", (event) => this.#pressed(event, act));
    this.form.addEventListener("input", () => { this.#typed(); act("typed"); });
  }

  /** @returns {Paragraph} from the fields */
  get paragraph() { return { kind: this.#kind.value, speaker: this.name.value || null, text: this.field.value }; }

  /** The paragraphs to save. */
  get paragraphs() { return paragraphsOf(this.paragraph); }

  get isChanged() { return !areSame(this.base.paragraphs, this.paragraphs); }

  /** The text before the caret, and after it. */
  get halves() {
    const { value, selectionStart: at } = this.field;
    return [value.slice(0, at), value.slice(at)];
  }

  /**
   * Put the caret into the text.
   * @param {number} at
   * @param {number} [end] of the selection
   */
  enter(at, end = at) {
    this.field.focus({ preventScroll: true });
    this.field.setSelectionRange(at, end);
  }

  /** Replace the selection by text. @param {string} text */
  type(text) {
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /**
   * Compare with the current paragraphs. Somebody else's version is shown below the draft, which replaces it when saved;
   * returns whether there is one.
   * @param {Passage} now
   */
  rebase(now) {
    const isOther = !areSame(this.base.paragraphs, now.paragraphs), isTyped = this.isChanged;
    const [part] = now.paragraphs;
    this.base = isTyped || !part ? now : { ...now, stop: part.stop, paragraphs: [part] };
    if (isOther && !isTyped && part) this.#fill(asEdited(part));
    if (!this.isChanged) this.#theirs.hidden = true;
    if (!isOther || !this.isChanged) return false;
    this.#theirs.hidden = false;
    one(this.#theirs, ".version").replaceChildren(...now.paragraphs.map(({ speaker, text }) => (
      Object.assign(document.createElement("p"), { dir: "auto", textContent: (speaker ? `${speaker}: ` : "") + text })
    )));
    one(this.#theirs, ".none").hidden = now.paragraphs.length > 0;
    return true;
  }

  /** @param {boolean} saving */
  set saving(saving) {
    this.form.setAttribute("aria-busy", String(saving));
    this.form.inert = saving;
  }

  /** @param {Paragraph} paragraph */
  #fill({ kind, speaker, text }) {
    this.#kind.value = kind;
    this.name.value = speaker ?? "";
    this.field.value = text;
    this.#typed();
  }

  // Styles the form like the paragraph in it.
  #typed() {
    const kind = this.#kind.value, hasSpeaker = WITH_SPEAKER.includes(kind), block = one(this.form, ".block");
    const colour = this.#speakers.indexOf(this.name.value.trim());
    block.className = hasSpeaker && colour >= 0 ? `block c${colour % COLOURS}` : "block";
    block.dataset.kind = kind;
    this.name.hidden = !hasSpeaker;
  }

  /** @param {KeyboardEvent} event @param {(name: string) => void} act */
  #pressed(event, act) {
    if (event.isComposing) return;
    const { key, target } = event;
    if (key === "Escape") act("leave");
    else if (key === "Enter" && (event.ctrlKey || event.metaKey)) act("save");
    else if (key === "Enter" && target === this.name) {
      this.name.value = completedName(this.name.value, this.#speakers); // completes the beginning of a name
      this.name.dispatchEvent(new Event("input", { bubbles: true }));
      this.enter(0);
    } else if (key === "Enter" && event.altKey && target === this.field) act("split");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
