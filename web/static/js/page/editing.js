// @ts-check
// Editing paragraphs where they stand. One is opened by a double click, by E on its word, or by the button beside it;
// what is typed is kept on this device until it is saved, and follows its paragraph when somebody else changes the page.

import { byId } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";
import { useWaysIn } from "./edit-ways.js";
import { Editor } from "./editor.js";
import { EditedPlace, placeOfCaret, stay } from "./edited-place.js";
import { aroundOf } from "./found-again.js";
import { offsetOf } from "./paragraphs.js";
import { Unsaved } from "./unsaved.js";

/** @typedef {import("./editor.js").Stand} Stand */

const KEEPING_MS = 300; // after the last key

export class Editing {
  #page;
  #changes;
  #toast;
  #unsaved;
  #place;
  #button;
  /** @type {Editor | null} */
  #editor = null;
  #saving = false;
  #before = { top: 0, isSeen: false, isIn: false }; // how its fields were seen before the page became another
  #timer = 0;

  /**
   * @param {import("./reading.js").Reading} page
   * @param {import("./changes.js").Changes} changes
   * @param {import("../ui/toast.js").Toast} toast
   */
  constructor(page, changes, toast) {
    const { data, transcript } = page;
    this.#page = page;
    this.#changes = changes;
    this.#toast = toast;
    this.#unsaved = new Unsaved(data.id);
    this.#place = new EditedPlace(transcript, changes, `/api/episodes/${data.id}/paragraphs`);
    this.#button = useWaysIn(transcript, byId("edit-here", HTMLButtonElement), (paragraph, chars) => this.open(paragraph, chars));
    changes.addEventListener("changing", () => { this.#before = this.#view(); });
    changes.addEventListener("changed", () => this.#follow());
    for (const name of ["pagehide", "visibilitychange"]) addEventListener(name, () => this.#keep());
    this.#restore();
  }

  /**
   * @param {HTMLElement} paragraph
   * @param {Words | null} [chars] of the transcript's text that are selected
   */
  async open(paragraph, chars = null) {
    if (this.#editor && !(await this.#leave())) return;
    const top = paragraph.getBoundingClientRect().top;
    try {
      const stand = await this.#place.stand(() => placed(this.#place.paragraphs.indexOf(paragraph)));
      this.#use(stand);
      const [at, end] = (chars ?? [0, 0]).map((offset) => offsetOf(stand.parts[0].text, offset - stand.parts[0].char_start));
      this.#enter(top, at, end);
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  /**
   * Opens the fields of some paragraphs.
   * @param {Stand} stand
   * @param {import("./changes.js").State} history
   */
  #use(stand, history = this.#changes.state) {
    const { data } = this.#page;
    const speakers = [...new Set(data.turns.flatMap(([, , speaker]) => speaker ?? []))];
    byId("known-speakers").replaceChildren(...speakers.map((speaker) => Object.assign(document.createElement("option"), { value: speaker })));
    const [form, block] = ["editor", "editor-block"].map((id) => byId(id, HTMLTemplateElement));
    const editor = (this.#editor = new Editor(form, block, stand, { speakers, language: data.language, history }));
    editor.addEventListener("change", () => this.#typed());
    editor.addEventListener("taken", () => this.#taken(editor));
    editor.addEventListener("save", () => this.#save());
    editor.addEventListener("leave", () => this.#leave());
    editor.addEventListener("merge", () => this.#merge());
    editor.addEventListener("delete", () => this.#delete());
    editor.addEventListener("play", () => this.#play());
    this.#page.transcript.drop();
    this.#page.transcript.leave(); // the page stays, wherever the voice goes
    this.#page.transcript.landing.release();
    this.#button.hide();
    this.#place.mount(editor.form, this.#place.found(stand.around));
    return editor;
  }

  /**
   * Puts the caret into the text, which stands where it stood.
   * @param {number} top of the text in the window
   * @param {number} at
   * @param {number} [end]
   */
  #enter(top, at, end) {
    this.#editor?.fields.enter(at, end);
    stay(this.#editor?.fields.place, top);
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#keep(), KEEPING_MS);
  }

  // On this device, until it is saved.
  #keep() {
    clearTimeout(this.#timer);
    const editor = this.#editor;
    if (!editor) return;
    const { begun: { parts, before, around }, fields, history: { history, transcript: hash } } = editor;
    if (editor.change) this.#unsaved.keep({ hash, history, segment: before, was: parts, around, blocks: fields.blocks });
    else this.#unsaved.forget();
  }

  // What was typed and left behind, here or in a tab that was closed.
  async #restore() {
    const draft = await this.#unsaved.takeUp();
    if (!draft || this.#editor) return;
    const { was: parts, segment: before, history, hash: transcript } = draft, { state } = this.#changes;
    const around = draft.around ?? aroundOf(parts.map(({ text }) => ({ who: "", text })), 0, parts.length);
    try {
      const now = await this.#place.stand(() => this.#place.found(around));
      const editor = history === undefined ? this.#use(now) : this.#use({ parts, before, around }, { history, transcript });
      editor.fields.show(draft.blocks);
      editor.standsAt(now, state);
      editor.form.scrollIntoView({ block: "center", behavior: "instant" });
      editor.fields.enter(draft.blocks[0].text.length);
      this.#toast.show(t("editing.restored"));
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  // Where the fields stand in the window, and whether the caret is in them.
  #view() {
    const { fields, form } = this.#editor ?? {};
    if (!fields || !form) return this.#before;
    const { top } = fields.place.getBoundingClientRect(), whole = form.getBoundingClientRect();
    const isSeen = whole.bottom > 0 && whole.top < innerHeight;
    return { top, isSeen, isIn: form.contains(document.activeElement) };
  }

  // The page was changed, by somebody else or elsewhere.
  async #follow() {
    const editor = this.#editor;
    if (!editor || this.#saving) return;
    const { top, isIn, isSeen } = this.#before, { caret } = editor.fields;
    const mount = () => {
      this.#place.mount(editor.form, this.#place.found(editor.begun.around));
      if (isIn && !editor.form.contains(document.activeElement)) editor.fields.enter(caret);
      if (isSeen) stay(editor.fields.place, top);
    };
    mount();
    const { state } = this.#changes;
    try {
      const now = await this.#place.stand(() => this.#place.found(editor.begun.around));
      if (this.#editor !== editor || state.history !== this.#changes.history) return; // another change is followed by now
      if (editor.standsAt(now, state) || editor.isGone) this.#toast.show(t(now.parts.length ? "editing.changed" : "editing.deleted_theirs"));
    } catch (error) {
      return editor.failed(error);
    }
    if (editor.isGone) this.#close();
    else mount();
  }

  /** @returns {Promise<import("./changes.js").Answer | undefined>} */
  async #save() {
    const editor = this.#editor;
    if (!editor || this.#saving) return;
    if (editor.showsTheirs) editor.catchUp(this.#changes.state); // who saves now has seen it
    const { change } = editor;
    if (!change) return void this.#close();
    const { top } = this.#view(), place = placeOfCaret(editor.fields);
    const at = this.#place.number;
    this.#keep();
    this.#saving = editor.saving = true;
    const begun = editor.isBehind ? editor.history : null;
    const answer = await this.#changes.correct({ kind: "text", ...change }, begun).finally(() => { this.#saving = editor.saving = false; });
    if (!answer) return this.#unlessSaved(editor);
    this.#unsaved.forget();
    this.#close();
    const { paragraphs } = this.#place;
    this.#place.land(paragraphs[at + place.paragraph] ?? paragraphs[at], place.word, top);
    announce(t("editing.saved"));
    return answer;
  }

  /**
   * Why it was not saved is told, and what others made of it meanwhile is shown; saved again, it takes the place of that.
   * @param {Editor} editor
   * @returns {Promise<undefined>}
   */
  async #unlessSaved(editor) {
    await this.#follow();
    if (this.#editor === editor && editor.isBehind) editor.catchUp(this.#changes.state);
  }

  // Goes on where the paragraph before ends.
  async #merge() {
    const editor = this.#editor;
    if (editor?.isBehind) return editor.failed(new Error(t("editing.behind")));
    const { number } = this.#place, stop = number + (editor?.now.parts.length ?? 0);
    if (!editor || !number) return;
    const { top } = this.#view();
    try {
      editor.mergeWith(await this.#place.stand(() => ({ first: number - 1, stop })));
      this.#place.mount(editor.form, { first: number - 1, stop });
      this.#enter(top, editor.fields.caret);
    } catch (error) {
      editor.failed(error);
    }
  }

  async #delete() {
    const editor = this.#editor;
    if (!editor) return;
    if (!editor.isWhole) {
      const undo = editor.fields.remove();
      return this.#toast.show(t("editing.deleted"), { undo: () => { if (this.#editor === editor) undo(); } });
    }
    const { blocks } = editor.fields;
    editor.fields.show([]);
    const answer = await this.#save();
    if (this.#editor === editor) editor.fields.show(blocks); // it could not be saved
    else this.#changes.tell(answer ?? null, t("editing.deleted"));
  }

  #play() {
    const said = (this.#editor?.now.parts ?? []).filter(({ start }) => start !== null);
    if (said.length) this.#page.player.playSpan(Number(said[0].start), Number(said.at(-1)?.end));
  }

  /**
   * Leaves what is edited as it was, unless the reader would rather go on: whether it was left.
   * @returns {Promise<boolean>}
   */
  async #leave() {
    const editor = this.#editor;
    if (!editor) return true;
    if (editor.change && !(await isDropped())) {
      editor.fields.place.focus({ preventScroll: true });
      return false;
    }
    const { top } = this.#view(), first = this.#place.paragraphs[this.#place.number];
    this.#unsaved.forget();
    this.#close();
    this.#place.land(first, 0, top);
    return true;
  }

  /**
   * What others wrote is taken; where they deleted it nothing is left to edit.
   * @param {Editor} editor
   */
  #taken(editor) {
    editor.catchUp(this.#changes.state);
    if (!editor.isGone) return this.#typed();
    this.#unsaved.forget();
    this.#close();
  }

  #close() {
    clearTimeout(this.#timer);
    this.#editor?.form.remove();
    this.#editor = null;
    this.#place.clear();
  }
}

/** @param {number} number of a paragraph in the page */
function placed(number) { return { first: number, stop: number + 1 }; }

// Asks whether what was typed is to be dropped.
async function isDropped() {
  const dialog = byId("leave-editing", HTMLDialogElement);
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  return dialog.returnValue === "drop";
}
