// @ts-check
// Finds an episode in audio into which a host put ads, by the episode's NAME.sync file. It imports nothing and needs no
// page. docs/sync.md specifies the file and the matching; anyone may use and change this script.
//
//   const { spans } = await align("https://host.example/episode.mp3", await (await fetch("episode.sync")).arrayBuffer());
//
// `own` is the audio that was aligned, `delivered` the audio that a listener got. A fingerprint has 32 bits for each hop
// (time step): `k` counts hops of the own audio, `i` those of the delivered audio, which are FINER times shorter.

/**
 * @typedef {{bits: Uint32Array, sounds: Uint8Array, duration: number}} Hops `sounds` is 0 in silence and steady tones
 * @typedef {{own_start: number, own_end: number, delivered_start: number, delivered_end: number}} Span seconds
 * @typedef {{start: number, end: number}} Passage seconds of the delivered audio
 * @typedef {{spans: Span[], foreign: Passage[], is_complete: boolean, is_same: boolean, url: string}} Result
 *   `spans` are in order; `foreign` is known to be other audio; `is_same` if nothing was added or cut; `url` is where redirects led
 * @typedef {(bytes: Uint8Array) => Promise<Float32Array>} Decode decodes MP3 or ADTS to mono samples at 8 kHz
 * @typedef {{near?: number, report?: (result: Result) => void, signal?: AbortSignal, decode?: Decode}} Options
 *   `near` is the second of the delivered audio whose surroundings come first; `report` gets each better result
 */

/** Why audio cannot be aligned: a damaged "sidecar", an "unreadable" address, an unknown "codec", "another" episode. */
export class SyncError extends Error {
  /** @param {"sidecar" | "unreadable" | "codec" | "another"} code @param {string} message @param {unknown} [cause] */
  constructor(code, message, cause) {
    super(message, { cause });
    this.code = code;
  }
}

const MOST_SECONDS = 48 * 3600;
const HOP = 0.064, FINE_HOP = 0.016, FINER = 4, BITS = 32; // seconds
const MAGIC = "quotecast sound\n", HEAD = 60, CRC = 4; // bytes of a sync file

/** Read a NAME.sync file. Throws a SyncError if it is damaged or something else. @param {ArrayBuffer | Uint8Array} content @returns {Hops} */
export function readSidecar(content) {
  const bytes = new Uint8Array(content), view = new DataView(bytes.buffer);
  if (bytes.length < HEAD + CRC || textOf(bytes.subarray(0, MAGIC.length)) !== MAGIC) throw new SyncError("sidecar", "not a sync file");
  if (view.getUint16(16, true) !== 1 || view.getUint16(18, true) !== 1000 * HOP) throw new SyncError("sidecar", "a sync file of another version");
  const samples = Number(view.getBigUint64(20, true)), count = hopCount(Math.floor(samples / 2), HOP), flags = HEAD + 4 * count, end = flags + Math.ceil(count / 8);
  if (samples > 16000 * MOST_SECONDS || bytes.length !== end + CRC || view.getUint32(end, true) !== crcOf(bytes.subarray(0, end))) throw new SyncError("sidecar", "a damaged sync file");
  return {
    bits: Uint32Array.from({ length: count }, (_, k) => view.getUint32(HEAD + 4 * k, true)),
    sounds: Uint8Array.from({ length: count }, (_, k) => (bytes[flags + (k >> 3)] >> (7 - (k & 7))) & 1),
    duration: samples / 16000,
  };
}

/** @type {(bytes: Uint8Array) => string} */
const textOf = (bytes) => new TextDecoder("latin1").decode(bytes); // a character for each byte

/** Return the CRC-32. @param {Uint8Array} bytes */
function crcOf(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

// The fingerprint: each bit is the sign of the change, over 64 ms, of the difference between two neighbouring bands.

const RATE = 8000, FRAME = 1024, HALF = FRAME / 2, BANDS = 33, LOWEST_HZ = 300, HIGHEST_HZ = 2000, LAST_BIN = 288;
const FLOOR = 1e-3, QUIET = 3e-7, STEADY = 0.02; // added to a band's energy; mean square and mean change below which a hop is silent
const USUAL_LEVEL = 0.06, QUIETER = 2, MOST_GAIN = 30; // root mean square to which audio is raised, and the least and most factor

const WINDOW = Float32Array.from({ length: FRAME }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME));
const COSINES = Float64Array.from({ length: HALF }, (_, n) => Math.cos((2 * Math.PI * n) / FRAME));
const SINES = Float64Array.from({ length: HALF }, (_, n) => -Math.sin((2 * Math.PI * n) / FRAME));
const REVERSED = Uint16Array.from({ length: FRAME }, (_, n) => [...Array(10).keys()].reduce((reversed, bit) => reversed * 2 + ((n >> bit) & 1), 0));
const EDGES = Array.from({ length: BANDS + 2 }, (_, n) => LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** (n / (BANDS + 1)));
/** The weights of the bins of each band from its `first` on: a triangle from the edge below to the edge above. */
const WEIGHTS = Array.from({ length: BANDS }, (_, band) => {
  const [low, middle, high] = EDGES.slice(band, band + 3).map((hz) => (hz * FRAME) / RATE), first = Math.ceil(low);
  return { first, weights: Float64Array.from({ length: Math.ceil(high) - first }, (_, n) => Math.min((first + n - low) / (middle - low), (high - first - n) / (high - middle))) };
});

/** @type {(samples: number, hop: number) => number} how many hops samples at 8 kHz have */
const hopCount = (samples, hop) => (samples ? Math.floor(samples / (RATE * hop)) + 1 : 0);

/** The fingerprint of mono samples at 8 kHz, added piece by piece. */
export class Fingerprinter {
  #rest = new Float32Array(HALF); // from the start of the next frame; hop 0 is centred on the first sample
  #past = /** @type {Float64Array[]} */ ([]); // differences between bands of the hops over the last 64 ms
  #bits = /** @type {number[]} */ ([]);
  #sounds = /** @type {number[]} */ ([]);
  #gain;
  samples = 0;

  /** @param {boolean} raises whether to raise quiet audio, as the delivered one */
  constructor(raises = true) { this.#gain = raises ? 0 : 1; }

  /** Add samples; if the first ones are quiet, all are raised. @param {Float32Array} samples */
  add(samples) {
    this.#gain ||= Math.min(MOST_GAIN, USUAL_LEVEL / Math.sqrt(samples.reduce((energy, each) => energy + each * each, 0) / samples.length));
    const run = joined(Float32Array, [this.#rest, this.#gain > QUIETER ? samples.map((each) => each * this.#gain) : samples]);
    let at = 0;
    for (; at + FRAME <= run.length; at += RATE * FINE_HOP) this.#measure(run.subarray(at, at + FRAME));
    this.#rest = run.slice(at);
    this.samples += samples.length;
  }

  /** Return the hops whose audio was added, or at the end of the audio all. @param {boolean} isEnd @returns {Hops} */
  hops(isEnd = false) {
    const duration = this.samples / RATE, count = isEnd ? hopCount(this.samples, FINE_HOP) : this.#bits.length;
    if (isEnd) this.add(new Float32Array(FRAME));
    return { bits: Uint32Array.from(this.#bits.slice(0, count)), sounds: Uint8Array.from(this.#sounds.slice(0, count)), duration };
  }

  /** @param {Float32Array} frame */
  #measure(frame) {
    const powers = powersOf(frame);
    const levels = WEIGHTS.map(({ first, weights }) => {
      let energy = FLOOR;
      for (let n = 0; n < weights.length; n++) energy += weights[n] * powers[first + n];
      return Math.log(energy);
    });
    const differences = Float64Array.from({ length: BITS }, (_, bit) => levels[bit + 1] - levels[bit]), [past = differences] = this.#past;
    this.#past.push(differences);
    if (this.#past.length > FINER) this.#past.shift();
    let bits = 0, changed = 0, energy = 0;
    differences.forEach((difference, bit) => {
      if (difference > past[bit]) bits |= 1 << ((bit & ~7) + 7 - (bit & 7));
      changed += Math.abs(difference - past[bit]);
    });
    for (let n = 0; n < FRAME; n++) energy += (frame[n] * WINDOW[n]) ** 2;
    this.#bits.push(bits >>> 0);
    this.#sounds.push(Number(energy > QUIET * FRAME && changed > STEADY * BITS));
  }
}

const real = new Float64Array(FRAME), imaginary = new Float64Array(FRAME);

/** Return the power of a frame in each bin up to the highest needed, by a Fourier transform. @param {Float32Array} frame */
function powersOf(frame) {
  for (let n = 0; n < FRAME; n++) real[REVERSED[n]] = frame[n] * WINDOW[n];
  imaginary.fill(0);
  for (let size = 2; size <= FRAME; size *= 2) {
    for (let start = 0; start < FRAME; start += size) {
      for (let n = 0, a = start, b = start + size / 2; n < size / 2; n++, a++, b++) {
        const cosine = COSINES[(n * FRAME) / size], sine = SINES[(n * FRAME) / size];
        const x = real[b] * cosine - imaginary[b] * sine, y = real[b] * sine + imaginary[b] * cosine;
        real[b] = real[a] - x;
        imaginary[b] = imaginary[a] - y;
        real[a] += x;
        imaginary[a] += y;
      }
    }
  }
  return real.subarray(0, LAST_BIN).map((x, bin) => x * x + imaginary[bin] ** 2);
}

/**
 * @template {Float32Array | Uint8Array} T
 * @param {new (length: number) => T} type @param {T[]} parts
 */
function joined(type, parts) {
  const whole = new type(sum(parts.map(({ length }) => length)));
  parts.reduce((at, part) => { whole.set(part, at); return at + part.length; }, 0);
  return whole;
}

// The matching: seeds (hops with at most one wrong bit and similar neighbours) grow into runs, the best runs in the same
// order in both recordings are chosen, and their edges are moved to the cuts.

const MOST_EQUAL = 8; // own hops with the same bits; more are hum or a tone
const MOST_RUNS = 1000;
const FLIPS = [0, ...Array.from({ length: BITS }, (_, bit) => 1 << bit)];
const NEIGHBOURS = [-8, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8], LEAST_COMPARED = 8, MOST_WRONG = 0.33; // around a seed
const GAIN = 0.3, ONE_SIDED = -0.1; // a hop scores GAIN less its share of wrong bits; ONE_SIDED with sound in one recording only
const MOST_LOST = 3, LEAST_GAIN = 2.5, JUMP = 2; // of score: where a run ends, what it needs, and what one more in a chain costs
const NEAR = 2; // delivered hops
const LEAST_APART = 31, LEAST_PAIRS = 12, MOST_OFF = 0.4, JITTER = 1; // pairs of seeds that tell the pace: own hops between them, delivered hops by which they may be off
const WRONG = GAIN / 2; // share of bits, of the same audio
const LIKE = 0.4, UNLIKE = -0.05; // hops between two runs belong to them if LIKE less their share of wrong bits is more on average
const FAILING = [-1.1, 1.3], RETURNING = [1.6, -0.6]; // own hops around a cut from which bits are right to which they are wrong
const CUT_REACH = 6, CUT_STEPS = 8, SAME_CUT = 3; // own hops by which an edge may be off; places tried in each; edges this near are one cut
const MOST_ROOM = 32; // own hops between two runs that may meet
const SAME_EPISODE = 0.4; // share of the own audio that must be found
const TO_THE_END = 12; // own hops at either end of a recording that a span covers

/**
 * @typedef {{first: number, last: number, start: number, pace: number}} Line own hop `k`, from `first` to `last`, is at `start + k * pace`
 * @typedef {Line & {gains: number[], score: number}} Run what each hop adds to the score
 */

/** @type {(line: Line, k: number) => number} the position of an own hop in the delivered audio */
const at = ({ start, pace }, k) => start + k * pace;
/** @type {(line: Line, i: number) => number} the own hop at a position */
const back = ({ start, pace }, i) => (i - start) / pace;
/** @type {(values: number[]) => number} */
const sum = (values) => values.reduce((total, value) => total + value, 0);
/** Count the bits that are 1. @param {number} x */
function onesIn(x) {
  x -= (x >>> 1) & 0x55555555;
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Return the spans of own audio that delivered audio has, in order. @param {Hops} own @param {Hops} delivered @returns {Span[]} */
export function match(own, delivered) {
  const pair = new Pair(own, delivered), lines = chainOf(pair.runs()).map((run) => pair.fitted(run));
  pair.moveToCuts(lines);
  return lines.filter(({ first, last }) => last - first > 1).map((line) => ({
    own_start: line.first * HOP, own_end: line.last * HOP,
    delivered_start: Math.max(0, at(line, line.first) * FINE_HOP), delivered_end: at(line, line.last) * FINE_HOP,
  }));
}

/** Return whether spans have too little of the own audio to be the same episode. @param {Hops} own @param {Span[]} spans */
export function isAnother(own, spans) {
  const audible = (/** @type {number} */ from, /** @type {number} */ to) => sum([...own.sounds.subarray(Math.round(from / HOP), Math.round(to / HOP))]);
  return sum(spans.map(({ own_start, own_end }) => audible(own_start, own_end))) <= SAME_EPISODE * audible(0, own.duration);
}

/** Own and delivered audio that are compared. */
class Pair {
  /** @param {Hops} own @param {Hops} delivered */
  constructor(own, delivered) {
    this.own = own;
    this.delivered = delivered;
  }

  /** Return the share of bits in which two hops differ; -1 with sound in one of them, -2 in none. @param {number} k @param {number} position */
  wrong(k, position) {
    const i = Math.round(position), one = this.own.sounds[k] ?? 0, other = this.delivered.sounds[i] ?? 0;
    return one && other ? onesIn(this.own.bits[k] ^ this.delivered.bits[i]) / BITS : -2 + (one | other);
  }

  /** Return what two hops add to the score. @param {number} k @param {number} position */
  gain(k, position) {
    const share = this.wrong(k, position);
    return share >= 0 ? GAIN - share : share === -1 ? ONE_SIDED : 0;
  }

  /** Return the runs, the best first; they may overlap. @returns {Run[]} */
  runs() {
    const seeds = this.seeds(), pace = paceOf(seeds), runs = /** @type {Run[]} */ ([]), counts = new Map();
    const starts = seeds.map(([k, i]) => Math.round(i - k * pace));
    for (const start of starts) counts.set(start, (counts.get(start) ?? 0) + 1);
    const order = [...seeds.keys()].sort((a, b) => counts.get(starts[b]) - counts.get(starts[a]) || a - b);
    for (const n of order) {
      const [k, i] = seeds[n], isKnown = runs.some((run) => run.first <= k && k < run.last && Math.abs(at(run, k) - i) <= NEAR);
      if (runs.length === MOST_RUNS) break;
      if (isKnown) continue;
      const later = this.extended(k, starts[n], pace, 1), earlier = this.extended(k - 1, starts[n], pace, -1).reverse();
      const gains = [...earlier, ...later], score = sum(gains);
      if (score >= LEAST_GAIN) runs.push({ first: k - earlier.length, last: k + later.length, start: starts[n], pace, gains, score });
    }
    return runs;
  }

  /** Return pairs of an own and a delivered hop that seem to be the same, in order of the delivered ones. */
  seeds() {
    const { own, delivered } = this, index = new Map(), seeds = /** @type {[number, number][]} */ ([]);
    own.bits.forEach((bits, k) => { if (own.sounds[k]) index.set(bits, [...(index.get(bits) ?? []), k].slice(0, MOST_EQUAL + 1)); });
    delivered.bits.forEach((bits, i) => {
      for (const flip of delivered.sounds[i] ? FLIPS : []) {
        const equal = /** @type {number[]} */ (index.get((bits ^ flip) >>> 0) ?? []);
        if (equal.length <= MOST_EQUAL) seeds.push(...equal.filter((k) => this.isAlikeAround(k, i)).map((k) => /** @type {[number, number]} */ ([k, i])));
      }
    });
    return seeds;
  }

  /** @param {number} k @param {number} i */
  isAlikeAround(k, i) {
    const shares = NEIGHBOURS.map((n) => this.wrong(k + n, i + n * FINER)).filter((share) => share >= 0);
    return shares.length >= LEAST_COMPARED && sum(shares) < MOST_WRONG * shares.length;
  }

  /** Return the gains of the hops from one on, forwards (`way` 1) or backwards (-1), to where their sum is highest. @param {number} k @param {number} start @param {number} pace @param {number} way */
  extended(k, start, pace, way) {
    const gains = /** @type {number[]} */ ([]);
    for (let score = 0, best = 0, length = 0; ; k += way) {
      const position = start + k * pace;
      if (best - score > MOST_LOST || !(k in this.own.bits) || !(Math.round(position) in this.delivered.bits)) return gains.slice(0, length);
      gains.push(this.gain(k, position));
      score += gains[gains.length - 1];
      if (score >= best) [best, length] = [score, gains.length]; // silence in both goes on
    }
  }

  /** Move a run to where it fits best, to a fraction of a hop. @param {Run} run @returns {Line} */
  fitted({ first, last, start, pace, gains }) {
    const [left, middle, right] = [-1, 0, 1].map((by) => sum(gains.map((_, n) => this.gain(first + n, start + by + (first + n) * pace))));
    const high = middle - Math.min(left, right), shift = high > 0 ? Math.max(-1, Math.min(1, (right - left) / (2 * high))) : 0;
    return { first, last, start: start + shift, pace };
  }

  /** Move the edges of lines to the cuts, or to the ends of the recordings. @param {Line[]} lines */
  moveToCuts(lines) {
    if (!lines.length) return;
    for (const line of lines) [line.first, line.last] = [this.cutNear(line.first, line.first, null, line), this.cutNear(line.last, line.last, line, null)];
    lines.slice(1).forEach((after, n) => this.moveToCut(lines[n], after));
    const first = lines[0], last = lines[lines.length - 1];
    const lowest = Math.max(0, back(first, 0)), highest = Math.min(this.own.duration / HOP, back(last, this.delivered.duration / FINE_HOP));
    if (first.first - lowest < TO_THE_END) first.first = lowest;
    if (highest - last.last < TO_THE_END) last.last = highest;
  }

  /** Move the edges between two lines to one cut, if little or the same audio lies between them. @param {Line} before @param {Line} after */
  moveToCut(before, after) {
    const missing = after.first - before.last, added = (at(after, after.first) - at(before, before.last)) / after.pace;
    const room = Math.min(missing, added), cutOut = Math.max(0, missing - added); // own hops
    if (Math.abs(room) >= MOST_ROOM) return;
    const cut = this.cutNear(before.last, before.last + room, before, after, cutOut), hops = [...Array(Math.max(0, Math.ceil(room))).keys()].map((n) => before.last + n);
    const total = sum(hops.map((k) => (k < cut ? this.likeness(before, k) : this.likeness(after, k + cutOut))));
    if (room < SAME_CUT || total > UNLIKE * hops.length) [before.last, after.first] = [cut, cut + cutOut];
  }

  /** Return how much a hop between two lines belongs to one. Unlike in a run, silence in both counts. @param {Line} line @param {number} k */
  likeness(line, k) {
    const share = this.wrong(Math.round(k), at(line, Math.round(k)));
    return share >= 0 ? LIKE - share : share === -1 ? ONE_SIDED : -ONE_SIDED;
  }

  /**
   * Return the own hop near `one` and `other` at which the bits of the line before a cut become wrong, and those of the
   * line after it right, `cutOut` hops later.
   * @param {number} one @param {number} other @param {Line | null} before @param {Line | null} after @param {number} cutOut
   */
  cutNear(one, other, before, after, cutOut = 0) {
    const lowest = Math.min(one, other) - CUT_REACH, highest = Math.max(one, other) + CUT_REACH;
    const errorOf = (/** @type {Line} */ line, /** @type {number} */ cut, /** @type {number[]} */ [begin, end], by = 0) => {
      let error = 0;
      for (let k = Math.floor(lowest + by); k <= highest + by; k++) {
        const found = this.wrong(k, at(line, k)), share = Math.min(1, Math.max(0, (k - by - cut - begin) / (end - begin)));
        if (found !== -2) error += ((found === -1 ? 0.5 : found) - WRONG - (0.5 - WRONG) * share) ** 2;
      }
      return error;
    };
    const cuts = Array.from({ length: Math.ceil((highest - lowest) * CUT_STEPS) + 1 }, (_, n) => lowest + n / CUT_STEPS);
    const errors = cuts.map((cut) => (before ? errorOf(before, cut, FAILING) : 0) + (after ? errorOf(after, cut, RETURNING, cutOut) : 0));
    const least = Math.min(...errors); // the middle one, where several are as good, as in silence
    return cuts[(errors.indexOf(least) + errors.lastIndexOf(least)) >> 1];
  }
}

/**
 * Return the median pace of pairs of seeds. Those that are further apart tell it more precisely, but there may be a cut
 * between them, so they only refine what nearer ones tell.
 * @param {[number, number][]} seeds
 */
function paceOf(seeds) {
  for (let pace = FINER, off = MOST_OFF, hops = LEAST_APART, reached = 0; ; [reached, hops] = [hops, hops * 4]) {
    const slopes = /** @type {number[]} */ ([]);
    for (let apart = 1; apart < seeds.length; apart *= 2) {
      for (let n = apart; n < seeds.length; n++) {
        const along = seeds[n][0] - seeds[n - apart][0], across = seeds[n][1] - seeds[n - apart][1];
        if (hops <= along && along <= 4 * hops && Math.abs(across - along * pace) < off * along) slopes.push(across / along);
      }
    }
    if (slopes.length < LEAST_PAIRS) return Math.abs(pace - FINER) * reached > 1 ? pace : FINER;
    off = JITTER / hops;
    pace = slopes.sort((a, b) => a - b)[slopes.length >> 1];
  }
}

/** @type {(one: Line, other: Line) => boolean} whether a line is before another in both recordings */
const isBefore = (one, other) => one.last < other.last && at(one, one.first) < at(other, other.first) && at(one, one.last) < at(other, other.last);

/**
 * Return the best chain: runs in the same order in both recordings, with the highest total score. What a run shares with
 * the run before it counts against both: where something was put in, one ends and the next one begins at the same own hop,
 * but an ad that quotes the episode shares audio with the runs around it.
 * @param {Run[]} runs
 */
function chainOf(runs) {
  const chains = [{ score: 0, runs: /** @type {Run[]} */ ([]) }];
  for (const run of runs.sort((a, b) => a.first - b.first)) {
    let best = { score: run.score, runs: [run] };
    for (const { score, runs } of chains) {
      const other = runs[runs.length - 1];
      if (!other || !isBefore(other, run)) continue;
      const shared = Math.max(0, Math.round(Math.max(other.last, back(run, at(other, other.last))) - run.first));
      const total = score + run.score - 2 * sum(run.gains.slice(0, shared)) - JUMP;
      if (total > best.score) best = { score: total, runs: [...runs, run] };
    }
    chains.push(best);
  }
  return chains.reduce((best, chain) => (chain.score > best.score ? chain : best)).runs;
}

// The delivered audio: MP3 or AAC, read in order, split at its frames and decoded some seconds at a time.

const MINUTE = 60, PIECE = 20, BORDER = 3; // seconds; at the border of what was read, other audio is not known yet
const LEAD = 10, SOME_FRAMES = 1000; // frames decoded before a piece, which may hold its data; frames taken at once
const MOST_JUNK = 1e5, MOST_WAITING = 2e7; // bytes between frames, and of a tag or table
const SAME_LENGTH = 0.15, SAME_PLACE = 0.04; // seconds by which two encodings of the same audio may differ
const LEAST_GAP = 0.1; // seconds of other audio
const RATES = [44100, 48000, 32000], AAC_RATES = [96000, 88200, 64000], ADTS_HEAD = 7, NOTHING = new Uint8Array(0);

/** @typedef {{bytes: Uint8Array, at: number, samples: number, rate: number, kbits: number}} Frame `at` is its place in the file */

const damaged = () => new SyncError("codec", "the audio is damaged, or neither MP3 nor AAC in ADTS");

/** Return what splits MP3 or ADTS: it takes more bytes and returns the frames that they complete. @param {number} place of the first byte */
function framesFrom(place) {
  let rest = NOTHING, junk = 0;
  return (/** @type {Uint8Array} */ more) => {
    const bytes = joined(Uint8Array, [rest, more]), frames = /** @type {Frame[]} */ ([]);
    let at = 0;
    while (at + 10 <= bytes.length) {
      const frame = frameAt(bytes, at), end = at + (frame?.size ?? tagSize(bytes, at));
      if (end > bytes.length) break;
      const isChance = frame && !frames.length && end + 10 <= bytes.length && !frameAt(bytes, end); // two bytes may look like a header
      if (isChance || end === at) {
        if (++junk > MOST_JUNK) throw damaged();
        at++;
        continue;
      }
      if (frame) frames.push({ ...frame, bytes: bytes.slice(at, end), at: place + at });
      at = end;
    }
    rest = bytes.slice(at);
    if (rest.length > MOST_WAITING) throw damaged();
    place += at;
    return frames;
  };
}

/** @type {(bytes: Uint8Array, at: number) => number} the size of the ID3 tag at a byte, 0 if none is there */
const tagSize = (bytes, at) => (textOf(bytes.subarray(at, at + 3)) === "ID3" ? bytes.subarray(at + 6, at + 10).reduce((size, byte) => size * 128 + (byte & 127), 0) + 10 : 0);

/** Return the frame that starts at a byte, without its bytes; null if none does. @param {Uint8Array} bytes @param {number} at */
function frameAt(bytes, at) {
  const [sync, second, third, ...more] = bytes.subarray(at, at + ADTS_HEAD), version = (second >> 3) & 3; // 3 is MPEG 1, 2 is 2, 0 is 2.5
  if (sync === 0xff && (second & 0xf6) === 0xf0) {
    const n = (third >> 2) & 15, size = ((more[0] & 3) << 11) | (more[1] << 3) | (more[2] >> 5);
    return n < 12 && size > ADTS_HEAD ? { size, samples: 1024, rate: AAC_RATES[n % 3] >> (n / 3), kbits: NaN } : null;
  }
  if (sync !== 0xff || (second & 0xe6) !== 0xe2 || version === 1) return null;
  const n = third >> 4, kbits = version === 3 ? (4 + ((n + 3) & 3)) << ((n + 11) >> 2) : 8 * Math.max(n, 2 * n - 8);
  const rate = RATES[(third >> 2) & 3] >> [2, 0, 1, 0][version], samples = version === 3 ? 1152 : 576;
  return n % 15 && rate ? { size: Math.floor((samples * kbits * 125) / rate) + ((third >> 1) & 1), samples, rate, kbits } : null;
}

/** Return the delay of encoder and decoder in samples that a file's first frame tells; null if it holds audio instead. @param {Frame} frame */
function delayOf({ bytes }) {
  const text = textOf(bytes.subarray(0, 200)), at = text.search(/Xing|Info/);
  if (at < 0) return null;
  return text[at + 120] === "L" ? (bytes[at + 141] << 4) + (bytes[at + 142] >> 4) + 529 : 0; // LAME, Lavc, Lavf; decoders add 529
}

/** @type {Decode} */
async function decodeHere(bytes) {
  const audio = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes.slice().buffer);
  const channels = Array.from({ length: audio.numberOfChannels }, (_, n) => audio.getChannelData(n));
  return channels[0].map((_, n) => channels.reduce((total, channel) => total + channel[n], 0) / channels.length);
}

/** @type {(code: "codec" | "unreadable", message: string) => (error: Error) => never} what an error of the browser means */
const failing = (code, message) => (error) => { throw error.name === "AbortError" ? error : new SyncError(code, message, error); };

/** A part of the delivered audio, fingerprinted piece by piece. */
class Part {
  #fingerprinter = new Fingerprinter();
  #decode;
  #lead = /** @type {Frame[]} */ ([]);
  #waiting = /** @type {Frame[]} */ ([]);
  #hops = /** @type {Hops | null} */ (null); // of all, once it has ended

  /** @param {number} start seconds @param {Decode} decode */
  constructor(start, decode) {
    this.start = this.end = start;
    this.#decode = decode;
  }

  /** @param {Frame[]} frames @param {boolean} isEnd */
  async add(frames, isEnd) {
    for (const frame of frames) {
      if (frame.rate !== this.#waiting[0]?.rate || this.#waiting.length * frame.samples >= PIECE * frame.rate) await this.#flush();
      this.#waiting.push(frame);
    }
    if (isEnd) await this.#flush();
    if (isEnd) this.#hops = this.#fingerprinter.hops(true);
  }

  // Decodes the frames that wait. What the decoder leaves out is missing at the beginning.
  async #flush() {
    if (!this.#waiting.length) return;
    const [{ rate }] = this.#waiting, frames = this.#lead.filter((each) => each.rate === rate).concat(this.#waiting);
    this.end += sum(this.#waiting.map(({ samples }) => samples)) / rate;
    const decoded = await this.#decode(joined(Uint8Array, frames.map(({ bytes }) => bytes))).catch(failing("codec", "the audio cannot be decoded here"));
    const count = Math.round((this.end - this.start) * RATE) - this.#fingerprinter.samples, samples = new Float32Array(count);
    samples.set(decoded.subarray(Math.max(0, decoded.length - count)), Math.max(0, count - decoded.length));
    this.#fingerprinter.add(samples);
    [this.#lead, this.#waiting] = [frames.slice(-LEAD), []];
  }

  /** Return the spans found so far, in seconds of the whole. @param {Hops} own */
  spans(own) {
    const found = match(own, this.#hops ?? this.#fingerprinter.hops()), { start } = this;
    return found.map((span) => ({ ...span, delivered_start: span.delivered_start + start, delivered_end: span.delivered_end + start }));
  }
}

/** Audio that is being delivered. */
class Delivery {
  #split = framesFrom(0);
  #waiting = /** @type {Frame[]} */ ([]);
  #first = /** @type {Frame | null} */ (null); // with audio
  #kbits = new Set();
  #own;
  #answer;
  #options;

  /** @param {Hops} own @param {Response} answer @param {{signal?: AbortSignal, decode: Decode}} options */
  constructor(own, answer, options) {
    if (!answer.ok || !answer.body) throw new SyncError("unreadable", `the host answers ${answer.status}`);
    this.#own = own;
    this.#answer = answer;
    this.reader = answer.body.getReader();
    this.#options = options;
    this.whole = new Part(0, options.decode); // in order, as far as it was read
  }

  /** Read on; return whether the audio has ended. */
  async read() {
    const { done, value } = this.#waiting.length ? { done: false, value: null } : await this.reader.read().catch(failing("unreadable", "the audio breaks off"));
    if (value) this.#waiting = this.#split(value);
    if (!this.#first && this.#waiting.length) this.#begin(this.#waiting[0]);
    const frames = this.#waiting.splice(0, SOME_FRAMES);
    for (const { kbits } of frames) this.#kbits.add(kbits);
    await this.whole.add(frames, done);
    if (done && !this.#first) throw damaged();
    return done;
  }

  /** @param {Frame} frame */
  #begin(frame) {
    const delay = delayOf(frame);
    if (delay !== null) this.#waiting.shift();
    this.#first = this.#waiting[0] ?? null;
    this.whole = new Part(-(delay ?? 0) / frame.rate, this.#options.decode);
  }

  /**
   * Return the minute around a second; nothing if its place cannot be known, or the host sends only all. A host that
   * redirects may put other ads in for each request, so only the first one follows redirects.
   * @param {number} near
   */
  async partAround(near) {
    const first = this.#first, { start } = this.whole;
    if (!first || this.#kbits.size > 1) return;
    const perSecond = first.kbits * 125, from = first.at + Math.round((near - MINUTE / 2 - start) * perSecond);
    if (!(from < Number(this.#answer.headers.get("Content-Length") ?? Infinity))) return;
    const { signal, decode } = this.#options, headers = { Range: `bytes=${from}-${from + MINUTE * perSecond - 1}` };
    const answer = await fetch(this.#answer.url, { credentials: "omit", headers, signal }).catch(() => null);
    const frames = answer?.status === 206 ? framesFrom(from)(new Uint8Array(await answer.arrayBuffer().catch(() => new ArrayBuffer(0)))) : [];
    if (!frames.length || frames.some(({ kbits }) => kbits !== first.kbits)) return void answer?.body?.cancel().catch(() => {});
    const seconds = first.samples / first.rate, before = Math.round((frames[0].at - first.at) / (perSecond * seconds));
    const part = new Part(start + before * seconds, decode);
    await part.add(frames, true);
    return part;
  }

  /** Return whether this is the own audio, as far as its length and its first and last minute tell. */
  async isSame() {
    const own = this.#own, size = Number(this.#answer.headers.get("Content-Length")), first = this.#first;
    const end = first ? this.whole.start + (size - first.at) / (first.kbits * 125) : 0;
    if (!(Math.abs(end - own.duration) < SAME_LENGTH)) return false;
    return [this.whole, await this.partAround(end - MINUTE / 2)].every((part) => {
      const spans = part?.spans(own) ?? [], [span] = spans;
      return spans.length === 1 && Math.abs(span.own_start - span.delivered_start) < SAME_PLACE && span.delivered_end - span.delivered_start > MINUTE - BORDER;
    });
  }

  /** Return what parts of the audio tell. @param {Part[]} parts @param {boolean} isComplete @returns {Result} */
  result(parts, isComplete) {
    const spans = /** @type {Span[]} */ ([]), foreign = /** @type {Passage[]} */ ([]), own = this.#own;
    for (const part of parts) {
      const found = part.spans(own), known = part === this.whole ? 0 : part.start + BORDER;
      const ends = [known, ...found.map((span) => span.delivered_end)], starts = [...found.map((span) => span.delivered_start), part.end - (isComplete ? 0 : BORDER)];
      foreign.push(...ends.map((start, n) => ({ start, end: starts[n] })).filter(({ start, end }) => end - start >= LEAST_GAP));
      spans.push(...found);
    }
    if (isComplete && isAnother(own, spans)) throw new SyncError("another", "the audio is another episode");
    const [span] = spans, isSame = isComplete && spans.length === 1 && !foreign.length && span.own_end > own.duration - SAME_LENGTH
      && Math.abs(span.own_start - span.delivered_start) < SAME_PLACE && Math.abs(span.own_end - span.delivered_end) < SAME_LENGTH;
    return { spans, foreign, is_complete: isComplete, is_same: isSame, url: this.#answer.url };
  }
}

/**
 * Find the passages of an episode in audio as a host delivers it. An audio without ads is read no further than its first
 * and its last minute. Rejects with a SyncError.
 * @param {string} audio its address @param {ArrayBuffer | Uint8Array} sidecar
 * @param {Options} options @returns {Promise<Result>}
 */
export async function align(audio, sidecar, { near = 0, report = () => {}, signal, decode = decodeHere } = {}) {
  const own = readSidecar(sidecar), answer = await fetch(audio, { credentials: "omit", signal }).catch(failing("unreadable", "the audio may not be read"));
  const delivery = new Delivery(own, answer, { signal, decode });
  try {
    let around = /** @type {Part | void} */ (undefined);
    for (let next = MINUTE; !(await delivery.read());) {
      const { whole } = delivery;
      const isWithin = around && around.start <= whole.end - BORDER && whole.end < around.end + BORDER; // it tells more than this
      if (whole.end < next || isWithin) continue;
      if (next === MINUTE) {
        const all = { own_start: 0, own_end: own.duration, delivered_start: 0, delivered_end: own.duration };
        if (await delivery.isSame()) return { spans: [all], foreign: [], is_complete: true, is_same: true, url: answer.url };
        if (near > whole.end - BORDER) around = await delivery.partAround(Math.max(near, whole.end + MINUTE / 2));
      }
      next *= 2;
      report(delivery.result(around && around.start > whole.end - BORDER ? [whole, around] : [whole], false));
    }
    return delivery.result([delivery.whole], true);
  } finally {
    await delivery.reader.cancel().catch(() => {}); // where reading failed, that error is thrown already
  }
}
