// @ts-check
// <quote-cast src="episode.cast.json">: an episode, a chapter or a quote of it, played in step with its transcript on any
// web page. web/page/bundle.py joins this and what it imports into the one script that a page needs; docs/embedding.md says
// how it is used, and what the data is.
//
// It asks for nothing but its data and its sound, keeps nothing, and sets no text as HTML. It makes no inline style and
// evaluates nothing, so that it works where a page allows neither. Times are whole milliseconds; those of the methods
// and events, as those of <audio>, are seconds.

import { castFor } from "./data.js";
import { h } from "./elements.js";
import { homeOf, isFirst, linkInto, linkedTime, selectedWords, uncopied } from "./links.js";
import { shownOf, timesOf } from "./passage.js";
import { CastError } from "./fetching.js";
import { Sound } from "./sound.js";
import { dress } from "./style.js";
import { View } from "./view.js";
import { Wording } from "./wording.js";

const NEAR = "300px"; // from the window, where it begins to load

// Where there are no elements, as in Node, it is not of use, but may be loaded.
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (/** @type {unknown} */ (class {}));

export class QuoteCast extends Base {
  static observedAttributes = ["src", "audio", "chapter", "quote", "start", "end", "lang", "transcript"];

  #root = this.attachShadow({ mode: "open" });
  #slot = h("slot", {});
  #frame = h("div", { class: "frame", role: "group" });
  #status = h("p", { class: "status", role: "status" });
  #wording = new Wording(this);
  #sound = new Sound({
    turned: (silently) => this.#turned(silently), moved: () => this.#moved(), ended: () => this.#tell("end"),
    waits: (isLoading) => (isLoading ? this.#say(this.#wording.t("loading")) : this.#status.replaceChildren()),
    fails: (problem) => { if (problem === "jump" || this.#shown) this.#complain(new CastError(problem)); },
  });
  /** @type {import("./controls.js").Player} */
  #player = {
    root: this.#root, follows: true, selected: null, now: () => this.#sound.now, paused: () => this.paused, rate: () => this.playbackRate,
    play: () => void this.play(), toggle: () => void (this.paused ? this.play() : this.pause()), seek: (ms) => this.#seek(ms),
    setRate: (rate) => { this.playbackRate = rate; }, copy: () => void this.#copy(),
    toggleTranscript: () => this.#open(Boolean(this.#view?.transcript.box.hidden)),
  };
  /** @type {import("./passage.js").Shown | null} */
  #shown = null;
  /** @type {View | null} */
  #view = null;
  /** @type {Promise<void> | null} */
  #loading = null;
  /** @type {Promise<{cast: import("./data.js").Cast, base: string}> | null} */
  #reading = null;
  #stop = new AbortController(); // of what it reads
  #asked = 0; // how often it began to show something: what comes after something else was asked for is nothing
  #pauses = 0; // how often it was paused: what was to play before that does no more
  #heralds = false; // whether it is still to be told that it is ready: off the page nobody would hear it
  /** @type {IntersectionObserver | null} */
  #nearing = null;
  #told = -1; // the tenth of a second that was told last

  constructor() {
    super();
    dress(this.#root);
    this.#root.append(this.#slot, this.#frame);
    this.#frame.hidden = true;
    this.#frame.addEventListener("keydown", (event) => this.#view?.press(event));
  }

  connectedCallback() {
    document.addEventListener("quote-cast-play", this.#hush);
    document.addEventListener("selectionchange", this.#select);
    addEventListener("hashchange", this.#follow);
    this.#herald();
    if (this.#loading) return;
    const isSoon = this.getAttribute("loading") === "eager" || (isFirst(this) && linkedTime() !== null);
    if (isSoon || !globalThis.IntersectionObserver) return void this.load();
    this.#nearing?.disconnect();
    this.#nearing = new IntersectionObserver((seen) => { if (seen.some((each) => each.isIntersecting)) this.load(); }, { rootMargin: NEAR });
    this.#nearing.observe(this);
  }

  // One that is only moved is on the page again by then, and goes on.
  disconnectedCallback() { queueMicrotask(() => { if (!this.isConnected) this.#leave(); }); }

  #leave() {
    document.removeEventListener("quote-cast-play", this.#hush);
    document.removeEventListener("selectionchange", this.#select);
    removeEventListener("hashchange", this.#follow);
    this.#nearing?.disconnect();
    this.pause();
    if (!this.#view) this.#forget();
    this.#sound.release();
  }

  /** @type {(name: string, was: string | null, is: string | null) => void} */
  attributeChangedCallback(name, was, is) {
    if (was === is || !this.#loading) return;
    if (name === "transcript") return this.#open(is !== "closed");
    if (name === "lang" && this.#view) return this.#show();
    this.pause();
    if (name === "src") this.#forget();
    this.#loading = null;
    if (this.isConnected) this.load();
  }

  // What it is reading, or has read, it needs no more.
  #forget() {
    this.#stop.abort();
    this.#asked++;
    this.#loading = this.#reading = null;
  }

  // --- What a page's scripts may do; times are seconds of the episode

  get currentTime() { return this.#sound.now / 1000; }
  set currentTime(seconds) { this.#seek(Number(seconds) * 1000); }
  get duration() { return (this.#shown?.cast.duration ?? 0) / 1000; }
  get paused() { return this.#sound.paused; }
  get playbackRate() { return this.#sound.rate; }
  set playbackRate(rate) {
    this.#sound.rate = rate;
    if (this.#view) this.#view.controls.speed.value = String(rate);
  }

  // Loads what it shows, which it does by itself when it comes near the view. It never throws: it says so.
  load() {
    this.#nearing?.disconnect();
    return (this.#loading ??= this.#load());
  }

  // Plays from where it is; from the start where it is at the end.
  async play() {
    const pauses = this.#pauses;
    await this.load();
    if (pauses !== this.#pauses || !this.#shown || !this.#view || !this.isConnected) return;
    const { start, end } = this.#shown.passage, { now } = this.#sound;
    if (now >= end - 50 || now < start) this.#seek(start);
    else this.#sound.arrive();
    await this.#sound.play();
  }

  pause() {
    this.#pauses++;
    this.#sound.pause();
  }

  /**
   * A link to what is said between two times, or from one on: to the episode's own page, else to this one.
   * @param {number} start seconds
   * @param {number} [end]
   */
  linkTo(start, end) { return linkInto(homeOf(this, this.#shown?.cast) ?? location.href, start, end); }

  // --- Loading and showing

  async #load() {
    const asked = ++this.#asked;
    await null; // of attributes that are set one after the other the last counts
    if (asked !== this.#asked) return;
    try {
      const { cast, base } = await (this.#reading ??= castFor(this, (this.#stop = new AbortController())));
      if (asked !== this.#asked) return;
      this.#shown = shownOf(cast, { chapter: this.getAttribute("chapter"), quote: this.getAttribute("quote"), start: this.getAttribute("start"), end: this.getAttribute("end") });
      const own = this.getAttribute("audio");
      const given = own !== null ? [{ src: own, type: null, base: document.baseURI }] : cast.sources.map((each) => ({ ...each, base }));
      this.#sound.use(given, this.#shown.passage.start);
      this.#show();
      this.#follow();
      this.#heralds = true;
      this.#herald();
    } catch (error) {
      if (asked === this.#asked) this.#complain(error instanceof CastError ? error : new CastError("data", String(error)));
    }
  }

  #herald() {
    if (!this.#heralds || !this.isConnected) return;
    this.#heralds = false;
    this.#tell("ready");
  }

  /**
   * A sentence of ours, which runs its own way in an episode that runs the other.
   * @param {string} sentence
   * @param {...Node} more
   */
  #say(sentence, ...more) { this.#status.replaceChildren(h("bdi", {}, sentence), ...more); }

  /** @param {CastError} error */
  #complain(error) {
    const said = this.#wording.t(`error.${error.problem}`);
    if (error.problem !== "sound" && error.problem !== "jump") {
      this.pause();
      this.#view = this.#shown = null;
      this.#frame.replaceChildren(this.#status);
      this.#frame.hidden = false;
      this.#slot.hidden = false;
    }
    this.#say(said);
    this.#tell("error", { problem: error.problem, message: said, place: error.place });
  }

  #show() {
    const shown = this.#shown;
    if (!shown) return;
    const level = Math.min(6, Math.max(1, Math.trunc(Number(this.getAttribute("heading-level"))) || 2));
    this.#view = new View(shown, this.#player, { wording: this.#wording, home: homeOf(this, shown.cast), level });
    this.#view.fill(this.#frame, this.#status);
    this.#slot.hidden = true;
    this.#open(shown.passage.kind === "quote" || this.getAttribute("transcript") !== "closed");
    this.#turned(true);
    this.#select();
  }

  /** @param {boolean} open */
  #open(open) {
    this.#view?.open(open);
    this.#view?.light(this.#sound.now);
  }

  // --- Playing

  /** @param {number} ms of the episode */
  #seek(ms) {
    if (!this.#shown || !Number.isFinite(ms)) return;
    const at = Math.min(Math.max(ms, this.#shown.passage.start), this.#shown.passage.end);
    this.#player.follows = true;
    this.#sound.seek(at);
    this.#moved(at);
  }

  #turned(silently = false) {
    const playing = !this.paused;
    this.#frame.classList.toggle("playing", playing);
    this.#view?.controls.turn(playing);
    if (!silently) this.#tell(playing ? "play" : "pause");
    if (playing) this.#sound.tick();
    else this.#moved();
  }

  #moved(now = this.#sound.now) {
    const shown = this.#shown, view = this.#view;
    if (!shown || !view) return;
    const { cast, passage: { start, end } } = shown;
    if (now >= end && !this.#sound.isSilent && end < cast.duration) {
      this.pause();
      this.#tell("end");
    }
    const at = Math.min(Math.max(now, start), end);
    view.move(at);
    const tenth = Math.floor(at / 250);
    if (tenth !== this.#told) this.#tell("time", { currentTime: at / 1000 });
    this.#told = tenth;
  }

  // Where one plays, the others stop.
  #hush = (/** @type {Event} */ event) => { if (event.target !== this) this.pause(); };

  // --- Links

  // A link to this very page leads to its time in the first whole episode that stands on it.
  #follow = () => {
    const time = linkedTime();
    if (time === null || !isFirst(this) || this.linkTo(0).split("#")[0] !== location.href.split("#")[0]) return;
    this.#seek(time);
    this.scrollIntoView({ block: "nearest" });
  };

  // Which words are selected, if any.
  #select = () => {
    if (!this.#view || !this.#shown) return;
    const { cast, passage: { kind } } = this.#shown;
    const selected = (this.#player.selected = selectedWords(this.#root, cast));
    this.#view.controls.copy.textContent = this.#wording.t(selected ? "copy.selection" : kind === "quote" ? "copy.quote" : "copy.moment");
  };

  async #copy() {
    if (!this.#shown) return;
    const { cast, passage } = this.#shown, { selected } = this.#player;
    const said = selected && timesOf(cast, ...selected);
    const { start, end = undefined } = said ?? (passage.kind === "quote" ? passage : { start: this.#sound.now });
    const link = this.linkTo(start / 1000, end && end / 1000);
    const field = await uncopied(link, this.#wording.t("here"));
    if (field) this.#say(this.#wording.t("here"), field);
    else this.#say(this.#wording.t("copied"));
    field?.select();
    this.#tell("copy", { link });
  }

  /** @type {(name: string, detail?: object) => void} */
  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`quote-cast-${name}`, { bubbles: true, composed: true, detail }));
  }
}

if (globalThis.customElements && !customElements.get("quote-cast")) customElements.define("quote-cast", QuoteCast);
