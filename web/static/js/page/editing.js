// @ts-check
// Editing paragraphs where they stand. One is opened by a double click, by E on its word, or by the button beside it;
// what is typed is kept on this device until it is saved. When somebody else changes the page, the server says what now
// stands in the place of what is edited: what was typed stays, and theirs is shown.

import { get } from "../ui/api.js";
import { all, around, byId, one } from "../ui/elements.js";
import { FIELDS } from "../ui/keys.js";
import { announce, t } from "../ui/strings.js";
import { Editor } from "./editor.js";
import { offsetOf, wordsBefore } from "./paragraphs.js";
import { Unsaved } from "./unsaved.js";

/** @typedef {import("./editor.js").Passage} Passage */

const PARAGRAPH = "[data-segment]";
const EDITED = "edited"; // what the fields stand for, which is not shown
const KEEPING_MS = 300; // after the last key
const WIDE = "(min-width: 800px)"; // from here on there is room beside the text
const CLICKS_MS = 500; // what systems count as one click and another: a third one selects the paragraph
const FREE = 6; // pixels above a line of text into which flags reach
const ABOVE = 36; // pixels over a paragraph that stands under no name

export class Editing {
  #page;
  #changes;
  #toast;
  #url;
  #unsaved;
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
    this.#button = useButton(byId("edit-here", HTMLButtonElement), transcript.root, (paragraph) => this.open(paragraph));
    useDoubleClick(transcript, async (word, typed) => {
      await this.#openAt(word, true);
      this.#editor?.fields.type(typed());
    });
    transcript.root.addEventListener("editing", (event) => this.#openAt(transcript.indexOf(event.target), false));
    transcript.root.addEventListener("keydown", (event) => {
      const word = transcript.indexOf(event.target);
      if (event.key.toLowerCase() !== "e" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || word < 0) return;
      if (!byId("keys-on", HTMLInputElement).checked || around(event, FIELDS)) return;
      event.preventDefault();
      this.#openAt(word, false);
    });
    changes.addEventListener("changing", () => { this.#before = this.#view(); });
    changes.addEventListener("changed", () => this.#follow());
    for (const name of ["pagehide", "visibilitychange"]) addEventListener(name, () => this.#keep());
    this.#restore();
  }

  get #paragraphs() { return all(this.#page.transcript.root, PARAGRAPH); }

  // The number among the paragraphs of the first that is edited, or of that before which the fields stand.
  get #number() {
    const { paragraphs, first } = { paragraphs: this.#paragraphs, first: this.#editor?.now.first ?? 0 };
    const number = paragraphs.findIndex((each) => segmentOf(each) >= first);
    return number < 0 ? paragraphs.length : number;
  }

  /**
   * @param {number} word
   * @param {boolean} selected whether the word is selected in the fields
   */
  async #openAt(word, selected) {
    const { transcript } = this.#page, [start, end] = transcript.data.chars.slice(2 * word, 2 * word + 2);
    const paragraph = around(transcript.word(word), PARAGRAPH);
    if (paragraph) await this.open(paragraph, [start, selected ? end : start]);
  }

  /**
   * @param {HTMLElement} paragraph
   * @param {Words | null} [chars] of the transcript's text that are selected
   */
  async open(paragraph, chars = null) {
    if (this.#editor && !(await this.#leave())) return;
    const { top } = paragraph.getBoundingClientRect(), first = segmentOf(paragraph);
    try {
      const passage = await this.#ask(this.#shown(first, first + 1)), [part] = passage.paragraphs;
      if (!part) throw new Error(t("editing.gone"));
      this.#use(passage);
      this.#mount();
      const [at, end] = (chars ?? [0, 0]).map((offset) => offsetOf(part.text, offset - part.char_start));
      this.#editor?.fields.enter(at, end);
      stay(this.#editor?.fields.place, top);
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  /**
   * Segments of the page as it is.
   * @param {number} first
   * @param {number} stop
   */
  #shown(first, stop) {
    const { history, transcript: version } = this.#changes.state;
    return { history, version, first, stop };
  }

  /**
   * What stands now in the place of some segments; the page shows it by then.
   * @param {Omit<Passage, "paragraphs">} was
   * @returns {Promise<Passage>}
   */
  async #ask({ history, version, first, stop }) {
    const query = Object.entries({ first, stop, since: history, of: version }).map(([name, value]) => `${name}=${value}`);
    const passage = await get(`${this.#url}?${query.join("&")}`);
    if (passage.history > this.#changes.history) await this.#changes.ask();
    return passage.history < this.#changes.history ? this.#ask(passage) : passage;
  }

  /**
   * Makes the fields of a passage.
   * @param {Passage} passage
   */
  #use(passage) {
    const { data, transcript } = this.#page;
    const speakers = [...new Set(data.turns.flatMap(([, , speaker]) => speaker ?? []))];
    byId("known-speakers").replaceChildren(...speakers.map((speaker) => new Option("", speaker)));
    const [form, block] = ["editor", "editor-block"].map((id) => byId(id, HTMLTemplateElement));
    const editor = (this.#editor = new Editor(form, block, passage, { speakers, language: data.language }));
    editor.addEventListener("change", () => this.#typed());
    editor.addEventListener("taken", () => this.#taken(editor));
    editor.addEventListener("save", () => this.#save());
    editor.addEventListener("leave", () => this.#leave());
    editor.addEventListener("merge", () => this.#merge());
    editor.addEventListener("delete", () => this.#delete());
    editor.addEventListener("play", () => this.#play());
    transcript.drop();
    transcript.leave(); // the page stays, wherever the voice goes
    transcript.landing.release();
    this.#button.hide();
    return editor;
  }

  // Puts the fields in the place of the paragraphs that they are of.
  #mount() {
    const editor = this.#editor;
    if (!editor) return;
    const { root } = this.#page.transcript, { form, now: { first, stop } } = editor, paragraphs = this.#paragraphs;
    for (const each of paragraphs) each.classList.toggle(EDITED, segmentOf(each) >= first && segmentOf(each) < stop);
    const next = paragraphs[this.#number], last = next ?? paragraphs.at(-1);
    // Its names and buttons are written the page's way, and tell nothing of the way of the turn that they stand in.
    form.dir = "ltr";
    one(form, ".blocks").dir = last ? getComputedStyle(last).direction : "auto";
    const isOver = first === stop && next?.parentElement?.querySelector(PARAGRAPH) === next; // not below the name of who goes on
    const place = isOver ? next.closest(".turn") ?? next : next;
    if (place ? place.previousElementSibling === form : root.lastElementChild === form) return; // what is moved loses the focus
    if (place) place.before(form);
    else root.append(form);
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
    if (editor.change) this.#unsaved.keep({ begun: editor.begun, blocks: editor.fields.blocks });
    else this.#unsaved.forget();
  }

  // What was typed and left behind, here or in a tab that was closed.
  async #restore() {
    const draft = await this.#unsaved.takeUp();
    if (!draft || this.#editor) return;
    try {
      const now = await this.#ask(draft.begun), editor = this.#use(draft.begun);
      editor.fields.show(draft.blocks);
      editor.standsAt(now);
      this.#mount();
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
      this.#mount();
      if (isIn && !editor.form.contains(document.activeElement)) editor.fields.enter(caret);
      if (isSeen) stay(editor.fields.place, top);
    };
    if (!editor.form.isConnected) mount(); // its turn was rendered again
    try {
      const now = await this.#ask(editor.begun);
      if (this.#editor !== editor || now.history !== this.#changes.history) return; // another change is followed by now
      if (editor.standsAt(now) || editor.isGone) this.#toast.show(t(now.paragraphs.length ? "editing.changed" : "editing.deleted_theirs"));
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
    if (editor.showsTheirs) editor.catchUp(); // who saves now has seen it
    const { change, begun: { history, version: transcript } } = editor;
    if (!change) return void this.#close();
    const { top } = this.#view(), place = placeOfCaret(editor.fields), at = this.#number;
    this.#keep();
    this.#saving = editor.saving = true;
    const answer = await this.#changes.correct({ kind: "text", ...change }, { history, transcript }).finally(() => { this.#saving = editor.saving = false; });
    if (!answer) return this.#unlessSaved(editor);
    this.#unsaved.forget();
    this.#close();
    const paragraphs = this.#paragraphs;
    this.#land(paragraphs[at + place.paragraph] ?? paragraphs[at], place.word, top);
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
    if (this.#editor === editor && editor.isBehind) editor.catchUp();
  }

  // Goes on where the paragraph before ends.
  async #merge() {
    const editor = this.#editor, before = this.#paragraphs[this.#number - 1];
    if (editor?.isBehind) return editor.failed(new Error(t("editing.behind")));
    if (!editor || !before) return;
    const { top } = this.#view();
    try {
      editor.mergeWith(await this.#ask(this.#shown(segmentOf(before), editor.now.stop)));
      this.#mount();
      editor.fields.enter(editor.fields.caret);
      stay(editor.fields.place, top);
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
    const said = (this.#editor?.now.paragraphs ?? []).filter(({ start }) => start !== null);
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
    const { top } = this.#view(), first = this.#paragraphs[this.#number];
    this.#unsaved.forget();
    this.#close();
    this.#land(first, 0, top);
    return true;
  }

  /**
   * What others wrote is taken; where they deleted it nothing is left to edit.
   * @param {Editor} editor
   */
  #taken(editor) {
    editor.catchUp();
    if (!editor.isGone) return this.#typed();
    this.#unsaved.forget();
    this.#close();
  }

  #close() {
    clearTimeout(this.#timer);
    this.#editor?.form.remove();
    this.#editor = null;
    for (const paragraph of all(this.#page.transcript.root, `.${EDITED}`)) paragraph.classList.remove(EDITED);
  }

  /**
   * Leads to a word of a paragraph, which is to stand at a height of the window.
   * @param {HTMLElement | undefined} paragraph
   * @param {number} word
   * @param {number} top
   */
  #land(paragraph, word, top) {
    if (!paragraph) return;
    const { transcript } = this.#page, words = all(paragraph, ".w");
    transcript.enter(transcript.indexOf(words[Math.min(Math.max(0, word), words.length - 1)]));
    stay(paragraph, top);
  }
}

/** @param {HTMLElement} paragraph */
function segmentOf(paragraph) { return Number(paragraph.dataset.segment); }

/**
 * Scrolls so that an element is where it should be in the window.
 * @param {Element | undefined} place
 * @param {number} top
 */
function stay(place, top) {
  if (place) scrollBy({ top: place.getBoundingClientRect().top - top, behavior: "instant" });
}

/**
 * In which of the paragraphs that are edited the caret stands, and in or after which of its words.
 * @param {import("./editor.js").Blocks} fields
 */
function placeOfCaret({ blocks, current, caret }) {
  const before = blocks.slice(0, current).flatMap(({ text }) => text.split("\n")).filter((line) => line.trim()).length;
  const lines = blocks[current].text.slice(0, caret).split("\n");
  const line = lines.pop() ?? "";
  return { paragraph: before + lines.filter((each) => each.trim()).length, word: wordsBefore(line, line.length) - 1 };
}

// Asks whether what was typed is to be dropped.
async function isDropped() {
  const dialog = byId("leave-editing", HTMLDialogElement);
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  return dialog.returnValue === "drop";
}

/**
 * The button beside the paragraph that is pointed at or has the focus, so that the text stays free of controls; on a
 * narrow page it is over the turn.
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} root the transcript
 * @param {(paragraph: HTMLElement) => void} open
 */
function useButton(button, root, open) {
  /** @type {HTMLElement | null} */
  let paragraph = null;
  const wide = matchMedia(WIDE);
  const main = /** @type {HTMLElement} */ (button.offsetParent ?? root.parentElement);
  const place = () => {
    if (!paragraph?.isConnected || !paragraph.checkVisibility()) return void (button.hidden = true);
    const turn = around(paragraph, ".turn"), who = turn?.querySelector(".who");
    const box = (wide.matches ? paragraph : who ?? paragraph).getBoundingClientRect();
    button.hidden = false;
    // Where it stands over the text, it ends above the first line, at whose end a flag may be.
    const above = wide.matches ? 0 : who ? Math.max(0, button.offsetHeight + FREE - box.height) : ABOVE;
    button.classList.toggle("leftwards", getComputedStyle(turn ?? paragraph).direction === "rtl");
    button.style.setProperty("--top", `${Math.round(box.top - main.getBoundingClientRect().top - above)}px`);
  };
  /** @param {HTMLElement | null} next */
  const show = (next) => {
    paragraph = next;
    place();
  };
  for (const name of ["pointerover", "focusin"]) {
    root.addEventListener(name, (event) => { const next = around(event, PARAGRAPH); if (next) show(next); });
  }
  main.addEventListener("pointerleave", () => { if (!root.contains(document.activeElement) && document.activeElement !== button) show(null); });
  new ResizeObserver(place).observe(root);
  button.addEventListener("click", () => { if (paragraph) open(paragraph); });
  return { hide: () => show(null) };
}

/**
 * Opens at a word that is clicked twice, unless a third click or a drag says that more is to be selected. What is typed
 * until the fields are there is text.
 * @param {import("./transcript.js").Transcript} transcript
 * @param {(word: number, typed: () => string) => Promise<void>} open `typed` takes what was typed by then
 */
function useDoubleClick(transcript, open) {
  let timer = 0, typed = "";
  const rest = () => {
    clearTimeout(timer);
    timer = 0;
    typed = "";
  };
  const taken = () => {
    const text = typed;
    rest();
    return text;
  };
  for (const name of ["pointerdown", "copy"]) document.addEventListener(name, rest, { capture: true });
  document.addEventListener("keydown", (event) => {
    if (!timer || event.key === "Shift") return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1) return rest();
    event.preventDefault();
    event.stopPropagation();
    typed += event.key;
  }, { capture: true });
  transcript.root.addEventListener("dblclick", (event) => {
    const word = transcript.indexOf(event.target);
    if (word < 0 || around(event, ".flag") || event.shiftKey) return;
    rest();
    timer = window.setTimeout(() => {
      const { first, last } = transcript.selection ?? { first: word, last: word + 1 };
      if (first === word && last === word + 1) open(word, taken).finally(rest);
      else rest();
    }, CLICKS_MS);
  });
}
