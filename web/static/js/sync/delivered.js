// @ts-check
// Plays audio as a host delivers it, with ads inserted or passages cut, by the clock of the episode's own audio, to which
// captions and links belong. Some hosts do not answer range requests, so that the browser cannot seek: there the first jump
// loads the audio in full, and it plays from memory from then on. Times are seconds: "own" ones, or "delivered" ones of the
// <audio> element.

/** @typedef {typeof import("./quotecast-sync.js").align} Align @typedef {Awaited<ReturnType<Align>>} Result */

const SEAM = 0.05; // seconds by which a cut may be misplaced: closer before it, the audio after it is meant
const SHORTEST_AD = 1, LONGEST_GAP = 0.1; // seconds, of audio that is in no span and not foreign either
const NEAR_ENOUGH = 0.1; // seconds that a seekable range may miss a place by
const NEAR = 25, BEGINNING = 60; // seconds that a matching knows first: around a place, and from the beginning
const LONGEST = 8 * 3600, LARGEST = 5e8; // seconds that are matched, and bytes that are loaded in full: a stream may have no end
const UNKNOWN = /** @type {Result} */ ({ spans: [], foreign: [], is_complete: false, is_same: false, url: "" });
const ANOTHER = { ...UNKNOWN, is_complete: true }, OWN = { ...ANOTHER, is_same: true };

/** @type {(span: Result["spans"][number]) => number} the own seconds in a delivered one */
const paceOf = ({ own_start, own_end, delivered_start, delivered_end }) => (own_end - own_start) / (delivered_end - delivered_start);

/** Return the delivered time up to which a matching knows, or will first know, all audio. @param {Result} result */
function reachOf({ spans, foreign }) {
  const known = [...spans.map(({ delivered_start: start, delivered_end: end }) => ({ start, end })), ...foreign];
  known.sort((one, other) => one.start - other.start);
  return known.reduce((reach, { start, end }) => (start <= reach + LONGEST_GAP ? Math.max(reach, end) : reach), BEGINNING);
}

/** Return audio that a host sends in one piece. @param {string} address @param {AbortSignal} signal */
async function load(address, signal) {
  const answer = await fetch(address, { signal });
  if (!answer.ok || !answer.body) throw new Error(address);
  let size = 0;
  const limit = new TransformStream({
    transform: (piece, out) => ((size += piece.length) > LARGEST ? out.error(new Error("too large")) : out.enqueue(piece)),
  });
  return new Response(answer.body.pipeThrough(limit), { headers: answer.headers }).blob();
}

// When more is known, the element fires "timeupdate". Event: "problem" (detail: "another" or "unmatched" if the audio cannot
// be matched; unless it is another episode, its times are then taken as they are; or "jump" if a place cannot be reached).
export class Delivered extends EventTarget {
  #audio;
  #sync = "";
  #align = /** @type {Align | null} */ (null);
  #result = OWN;
  #matching = /** @type {AbortController | null} */ (null);
  #near = 0; // delivered time around which it matches
  #loading = /** @type {AbortController | null} */ (null); // of the audio in full
  #whole = ""; // address of the audio loaded in full
  #wanted = /** @type {number | null} */ (null); // own time to move to once its place is known and can be reached
  #plays = false; // whether to play then

  /** @param {HTMLAudioElement} audio */
  constructor(audio) {
    super();
    this.#audio = audio;
    const look = () => {
      const own = this.#wanted;
      if (own !== null && (!audio.paused || this.#placeOf(own) !== null)) this.seek(own);
      else if (!audio.paused && Number.isNaN(this.spoken) && this.instead !== "ad") this.#match(audio.currentTime);
    };
    for (const name of ["loadedmetadata", "play", "seeked"]) audio.addEventListener(name, look); // by anyone
  }

  /**
   * Call when the audio is another.
   * @param {string} [sync] the sync file's address; without, it is the own audio
   * @param {Align | null} [align]
   * @param {number} [start] own time to begin at; 0 is the beginning with the ads before it
   */
  reset(sync = "", align = null, start = 0) {
    this.#matching?.abort();
    this.#loading?.abort();
    URL.revokeObjectURL(this.#whole);
    [this.#sync, this.#align, this.#matching, this.#loading, this.#plays] = [sync, align, null, null, false];
    this.#result = sync ? UNKNOWN : OWN;
    this.#wanted = start || null;
  }

  // The own time of what is heard, or will be.
  get time() { return this.#wanted ?? this.timeAt(this.#audio.currentTime); }

  /** Return the own time at a delivered one; in an ad, that of the audio after it, and the best guess while unknown. @param {number} at */
  timeAt(at) {
    const { spans } = this.#result, span = spans.findLast(({ delivered_start }) => delivered_start <= at) ?? spans[0];
    if (!span) return at;
    const time = Math.round((span.own_start + (at - span.delivered_start) * paceOf(span)) * 1000) / 1000; // a word that was sought has begun
    return Math.max(0, Math.min(time, span.own_end + SEAM)); // a passage before an ad has ended in it
  }

  // The own time if it is speech; NaN in an ad, and while it is unknown.
  get spoken() {
    const { spans, is_same } = this.#result, at = this.#audio.currentTime;
    const isKnown = is_same || this.#wanted !== null || spans.some(({ delivered_start, delivered_end }) => delivered_start <= at && at < delivered_end);
    return isKnown ? this.time : NaN;
  }

  /** @returns {"ad" | "finding" | "loading" | null} what there is instead of speech: an ad, after which the episode goes on (else it may be another one), or a place not known or reached yet */
  get instead() {
    if (this.#loading) return "loading";
    const { spans, foreign, is_complete } = this.#result, at = this.#audio.currentTime, isHere = this.#wanted === null;
    const ad = foreign.find(({ start, end }) => start <= at && at < end && (is_complete || spans.some((span) => span.delivered_start >= end)));
    if (isHere && ad) return ad.end - ad.start >= SHORTEST_AD ? "ad" : null;
    return this.#matching && !is_complete && !(isHere && this.spoken >= 0) ? "finding" : null;
  }

  get playing() { return !this.#audio.paused || this.#plays; }

  pause() {
    const waited = this.#plays;
    this.#plays = false;
    this.#audio.pause();
    if (waited) this.#audio.dispatchEvent(new Event("pause")); // it was paused already
  }

  /** Move to an own time, and be silent until its place is known and can be reached. @param {number} own */
  seek(own) {
    const place = this.#placeOf(own), { spans } = this.#result, audio = this.#audio;
    this.#wanted = Math.max(0, own);
    if (place === null || !this.#reaches(place)) {
      this.#plays = this.playing;
      audio.pause();
      if (place !== null) return void this.#loadWhole();
      const span = spans.findLast(({ own_start }) => own_start <= own) ?? spans[0];
      return void this.#match(span ? span.delivered_start + own - span.own_start : own);
    }
    if (audio.readyState) { // else when its metadata is loaded
      this.#wanted = null;
      audio.currentTime = Math.max(0, Math.min(place, audio.duration || Infinity));
    }
    if (this.#plays) audio.play().catch(() => {});
    this.#plays = false;
  }

  /** @param {number} place */
  #reaches(place) {
    const { readyState, seekable, duration, currentSrc } = this.#audio, end = seekable.length ? seekable.end(seekable.length - 1) : 0;
    return !readyState || !(Math.min(place, duration) > end + NEAR_ENOUGH) || !/^https?:/.test(currentSrc);
  }

  async #loadWhole() {
    const audio = this.#audio, address = audio.currentSrc;
    if (this.#loading) return;
    const { signal } = (this.#loading = new AbortController()), whole = await load(address, signal).catch(() => null);
    if (signal.aborted) return; // other audio plays by now
    this.#loading = null;
    if (!whole) return this.#giveUp();
    audio.src = this.#whole = URL.createObjectURL(whole);
    if (this.#wanted !== null) this.seek(this.#wanted);
    audio.addEventListener("error", (event) => {
      if (audio.src !== this.#whole) return;
      event.stopImmediatePropagation(); // the page's policy forbids playing from memory
      audio.src = address;
      this.#giveUp();
    }, { capture: true, once: true });
  }

  // Stays at its position, since it cannot seek.
  #giveUp() {
    [this.#wanted, this.#plays] = [null, false];
    for (const name of ["pause", "timeupdate"]) this.#audio.dispatchEvent(new Event(name)); // a new address fires none
    this.dispatchEvent(new CustomEvent("problem", { detail: "jump" }));
  }

  /** Return the delivered time of an own one; where audio was cut, that of the audio after it. Null while unknown. @param {number} own */
  #placeOf(own) {
    const { spans, is_complete } = this.#result, span = spans.find(({ own_end }) => own < own_end - SEAM);
    const isKnown = is_complete || (span && (own >= span.own_start - SEAM || span.delivered_start <= reachOf(this.#result)));
    if (!isKnown) return null;
    return span ? span.delivered_start + Math.max(0, own - span.own_start) / paceOf(span) : spans.at(-1)?.delivered_end ?? own;
  }

  /** @param {number} near a delivered time */
  async #match(near) {
    if (this.#result.is_complete || !this.#align) return;
    if (this.#matching && (near < reachOf(this.#result) || Math.abs(near - this.#near) < NEAR)) return; // it knows or soon will
    this.#matching?.abort();
    this.#near = near;
    const { signal } = (this.#matching = new AbortController());
    const report = (/** @type {Result} */ result) => {
      if (!signal.aborted) this.#learn(result);
      if (!result.is_complete && reachOf(result) > LONGEST) throw new Error("too long");
    };
    try {
      const answer = await fetch(this.#sync, { credentials: "omit", signal });
      if (answer.status === 404) return report(OWN); // taken away, as by a publisher whose host inserts no ads
      if (!answer.ok) throw new Error(this.#sync);
      report(await this.#align(this.#audio.src, await answer.arrayBuffer(), { near, report, signal }));
    } catch (error) {
      if (signal.aborted) return;
      const isAnother = /** @type {{code?: string}} */ (error).code === "another", known = this.#result;
      this.#learn(isAnother ? ANOTHER : known.spans.length ? { ...known, is_complete: true } : OWN);
      this.dispatchEvent(new CustomEvent("problem", { detail: isAnother ? "another" : "unmatched" }));
    }
  }

  /** @param {Result} result */
  #learn(result) {
    this.#result = result.is_same ? OWN : result;
    const { src, currentTime, paused } = this.#audio;
    if (result.url && result.url !== src.split("#")[0] && /^https?:/.test(src)) {
      this.#audio.src = result.url; // another request could be answered with other ads than those that were matched
      this.#audio.currentTime = currentTime;
      if (!paused) this.#audio.play().catch(() => {});
    }
    if (this.#wanted !== null) this.seek(this.#wanted);
    this.#audio.dispatchEvent(new Event("timeupdate"));
  }
}
