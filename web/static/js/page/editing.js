// @ts-check
// Editing paragraphs where they stand. One is opened by a double click, by E on its word, or by the button beside it;
// what is typed is kept on this device until it is saved, and follows its paragraph when somebody else changes the page.

import { get } from "../ui/api.js";
import { byId } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";
import { useWaysIn } from "./edit-ways.js";
import { Editor } from "./editor.js";
import { EditedPlace, placeOfCaret, stay } from "./edited-place.js";
import { offsetOf } from "./paragraphs.js";
import { Unsaved } from "./unsaved.js";

/** @typedef {import("./editor.js").Part} Part */

const KEEPING_MS = 300; // after the last key

export class Editing {
  #page;
  #changes;
  #toast;
  #url;
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
    this.#url = `/api/episodes/${data.id}/paragraphs`;
    this.#unsaved = new Unsaved(data.id);
    this.#place = new EditedPlace(transcript);
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
      const part = await this.#part(paragraph);
      this.#use([part]);
      const [at, end] = (chars ?? [0, 0]).map((offset) => offsetOf(part.text, offset - part.char_start));
      this.#enter(top, at, end);
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  /**
   * A paragraph as the server has it.
   * @param {HTMLElement} paragraph
   * @returns {Promise<Part>}
   */
  #part(paragraph) { return get(`${this.#url}/${paragraph.dataset.segment}`); }

  /**
   * Opens the fields of some paragraphs.
   * @param {Part[]} parts
   * @param {import("./changes.js").State} history
   */
  #use(parts, history = this.#changes.state) {
    const { data } = this.#page;
    const speakers = [...new Set(data.turns.flatMap(([, , speaker]) => speaker ?? []))];
    byId("known-speakers").replaceChildren(...speakers.map((speaker) => Object.assign(document.createElement("option"), { value: speaker })));
    const [form, block] = ["editor", "editor-block"].map((id) => byId(id, HTMLTemplateElement));
    const editor = (this.#editor = new Editor(form, block, parts, { speakers, language: data.language, history }));
    editor.addEventListener("change", () => this.#typed());
    editor.addEventListener("taken", () => { editor.catchUp(this.#changes.state); this.#typed(); });
    editor.addEventListener("save", () => this.#save());
    editor.addEventListener("leave", () => this.#leave());
    editor.addEventListener("merge", () => this.#merge());
    editor.addEventListener("delete", () => this.#delete());
    editor.addEventListener("play", () => this.#play());
    this.#page.transcript.drop();
    this.#page.transcript.leave(); // the page stays, wherever the voice goes
    this.#page.transcript.landing.release();
    this.#button.hide();
    this.#place.mount(editor);
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
    const { parts, fields, history: { history, transcript: hash } } = editor;
    if (editor.change) this.#unsaved.keep({ hash, history, segment: parts[0]?.first ?? 0, was: parts, blocks: fields.blocks });
    else this.#unsaved.forget();
  }

  // What was typed and left behind, here or in a tab that was closed.
  async #restore() {
    const draft = await this.#unsaved.takeUp();
    if (!draft || this.#editor) return;
    const { state } = this.#changes, isSame = draft.hash === this.#page.data.hash;
    const begun = draft.history === undefined ? state : { history: draft.history, transcript: draft.hash };
    const near = this.#place.paragraphs.findIndex(({ dataset }) => Number(dataset.segment) >= draft.segment);
    try {
      const parts = await this.#found(draft.was.map(({ text }) => text), near);
      const editor = isSame ? this.#use(parts) : this.#use(/** @type {Part[]} */ (draft.was), begun);
      editor.fields.show(draft.blocks);
      if (!isSame) editor.standsAt(parts, state);
      this.#place.mount(editor);
      editor.form.scrollIntoView({ block: "center", behavior: "instant" });
      editor.fields.enter(draft.blocks[0].text.length);
      this.#toast.show(t("editing.restored"));
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  /**
   * The paragraphs of these texts as they are now, wherever they stand.
   * @param {string[]} texts
   * @param {number} near
   */
  #found(texts, near) { return Promise.all(this.#place.found(texts, near).map((each) => this.#part(each))); }

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
      this.#place.mount(editor);
      if (isIn && !editor.form.contains(document.activeElement)) editor.fields.enter(caret);
      if (isSeen) stay(editor.fields.place, top);
    };
    mount();
    const near = this.#place.number;
    try {
      const parts = await this.#found(editor.standing.map(({ text }) => text), near);
      if (this.#editor === editor && editor.standsAt(parts, this.#changes.state)) this.#toast.show(t("editing.changed"));
    } catch (error) {
      editor.failed(error);
    }
    if (this.#editor === editor) mount();
  }

  /** @returns {Promise<import("./changes.js").Answer | undefined>} */
  async #save() {
    const editor = this.#editor;
    if (!editor || this.#saving) return;
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
   * Why it was not saved is told, and what others made of it meanwhile is shown; who saw both may choose.
   * @param {Editor} editor
   * @returns {Promise<import("./changes.js").Answer | undefined>}
   */
  async #unlessSaved(editor) {
    await this.#follow();
    const said = await this.#changes.chosen;
    if (this.#editor !== editor || !editor.isBehind) return;
    if (said === "theirs") editor.take();
    if (said !== "mine") return;
    editor.catchUp(this.#changes.state);
    return this.#save();
  }

  // Goes on where the paragraph before ends.
  async #merge() {
    const editor = this.#editor;
    if (editor?.isBehind) return editor.failed(new Error(t("editing.behind")));
    const before = this.#place.paragraphs[this.#place.number - 1];
    if (!editor || !before) return;
    const { top } = this.#view();
    try {
      editor.mergeWith(await this.#part(before));
      this.#place.mount(editor);
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
    const { standing = [] } = this.#editor ?? {};
    const said = standing.filter(({ start }) => start !== null);
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

  #close() {
    clearTimeout(this.#timer);
    this.#editor?.form.remove();
    this.#editor = null;
    this.#place.clear();
  }
}

// Asks whether what was typed is to be dropped.
async function isDropped() {
  const dialog = byId("leave-editing", HTMLDialogElement);
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  return dialog.returnValue === "drop";
}
