// @ts-check
// Plays audio as a host delivers it, with ads inserted or passages cut, by the clock of the episode's own audio, to which
// captions and links belong. Times are seconds: "own" ones, or "delivered" ones of the <audio> element.

/** @typedef {typeof import("./quotecast-sync.js").align} Align @typedef {Awaited<ReturnType<Align>>} Result */

const SEAM = 0.05; // seconds by which a cut may be misplaced: closer before it, the audio after it is meant
const SHORTEST_AD = 1, LONGEST_GAP = 0.1; // seconds, of audio that is in no span and not foreign either
const NEAR = 25, BEGINNING = 60; // seconds that a matching knows first: around a place, and from the beginning
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

// When more is known, the element fires "timeupdate". If the audio cannot be matched, this fires "problem" (detail: "another"
// or "unmatched"); unless it is another episode, its times are then taken as they are.
export class Delivered extends EventTarget {
  #audio;
  #sync = "";
  #align = /** @type {Align | null} */ (null);
  #result = OWN;
  #matching = /** @type {AbortController | null} */ (null);
  #near = 0; // delivered time around which it matches
  #wanted = /** @type {number | null} */ (null); // own time to move to once its place is known
  #plays = false; // whether to play then

  /** @param {HTMLAudioElement} audio */
  constructor(audio) {
    super();
    this.#audio = audio;
    const look = () => {
      if (audio.paused) return;
      if (this.#wanted !== null) this.seek(this.#wanted);
      else if (Number.isNaN(this.spoken) && this.instead !== "ad") this.#match(audio.currentTime);
    };
    for (const name of ["play", "seeked"]) audio.addEventListener(name, look); // by anyone
  }

  /** Call when the audio is another. @param {string} [sync] the sync file's address; without, it is the own audio @param {Align} [align] */
  reset(sync = "", align) {
    this.#matching?.abort();
    [this.#sync, this.#align, this.#matching, this.#plays] = [sync, align ?? null, null, false];
    this.#result = sync ? UNKNOWN : OWN;
    this.#wanted = (sync && this.#audio.currentTime) || null;
  }

  // The own time; in an ad, that of the audio after it, so that a passage before it has ended; the best guess while unknown.
  get time() {
    if (this.#wanted !== null) return this.#wanted;
    const at = this.#audio.currentTime, { spans } = this.#result, span = spans.findLast(({ delivered_start }) => delivered_start <= at) ?? spans[0];
    if (!span) return at;
    const time = Math.round((span.own_start + (at - span.delivered_start) * paceOf(span)) * 1000) / 1000; // a word that was sought has begun
    return Math.max(0, Math.min(time, span.own_end + SEAM));
  }

  // The own time of the speech that is heard, or will be; NaN in an ad, and while it is unknown.
  get spoken() {
    const { spans, is_same } = this.#result, at = this.#audio.currentTime;
    const isKnown = is_same || this.#wanted !== null || spans.some(({ delivered_start, delivered_end }) => delivered_start <= at && at < delivered_end);
    return isKnown ? this.time : NaN;
  }

  /** @returns {"ad" | "finding" | null} what there is instead of speech: an ad, or a place that is not known yet */
  get instead() {
    const { foreign, is_complete } = this.#result, at = this.#audio.currentTime, isHere = this.#wanted === null;
    const ad = foreign.find(({ start, end }) => start <= at && at < end);
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

  /** Move to an own time, and be silent until its place is known. @param {number} own */
  seek(own) {
    const place = this.#placeOf(own), { spans } = this.#result;
    if (place !== null) return this.#moveTo(place);
    this.#wanted = Math.max(0, own);
    this.#plays = this.playing;
    this.#audio.pause();
    const span = spans.findLast(({ own_start }) => own_start <= own) ?? spans[0];
    this.#match(span ? span.delivered_start + own - span.own_start : own);
  }

  /** @param {number} at a delivered time */
  #moveTo(at) {
    const { duration } = this.#audio;
    this.#wanted = null;
    this.#audio.currentTime = Math.max(0, duration ? Math.min(at, duration) : at);
    if (this.#plays) this.#audio.play().catch(() => {});
    this.#plays = false;
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
    const report = (/** @type {Result} */ result) => { if (!signal.aborted) this.#learn(result); };
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
