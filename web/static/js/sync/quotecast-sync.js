// @ts-check
// Finds the passages of an episode in audio into which a host put ads, with the episode's NAME.sync file. Usable alone: no
// imports, no page. docs/sync.md specifies the file and the matching. Anyone may use and change this file freely.
//
//   const { spans } = await align("https://host.example/episode.mp3", await (await fetch("episode.sync")).arrayBuffer());
//
// `own` is the audio that was aligned, `delivered` the audio of one listener. A fingerprint has 32 bits for each hop (time
// step); `k` counts hops of the own audio, `i` those of the delivered audio, which are FINER times shorter.

/**
 * @typedef {{bits: Uint32Array, sounds: Uint8Array, duration: number}} Hops
 *   `sounds` is 0 for hops of silence or a steady tone; `duration` is in seconds
 * @typedef {Hops & {sha256: string}} Sidecar
 * @typedef {{own_start: number, own_end: number, delivered_start: number, delivered_end: number}} Span seconds
 * @typedef {{start: number, end: number}} Passage seconds of the delivered audio
 * @typedef {{spans: Span[], foreign: Passage[], is_complete: boolean, is_same: boolean, url: string | null}} Result
 *   `spans` are in order of both recordings; `foreign` is what is known to be other audio; `is_same` that nothing was
 *   added or cut; `url` is where the host's redirects led
 * @typedef {(bytes: Uint8Array) => Promise<Float32Array>} Decode decodes audio to mono samples at 8 kHz
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

const HOP = 0.064, FINE_HOP = 0.016, FINER = 4; // seconds
const BITS = 32;

// The sidecar.

const MAGIC = "quotecast sound\n", HEAD = 60, CRC = 4;
const MOST_SAMPLES = 48 * 3600 * 16000;

/**
 * Read a NAME.sync file. Throws a SyncError if it is damaged or something else.
 * @param {ArrayBuffer | Uint8Array} content
 * @returns {Sidecar}
 */
export function readSidecar(content) {
  const bytes = new Uint8Array(content), view = new DataView(bytes.buffer);
  const magic = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (bytes.length < HEAD + CRC || magic !== MAGIC) throw new SyncError("sidecar", "not a sync file");
  if (view.getUint16(16, true) !== 1 || view.getUint16(18, true) !== 1000 * HOP) throw new SyncError("sidecar", "a sync file of another version");
  const samples = Number(view.getBigUint64(20, true)), count = samples > MOST_SAMPLES ? NaN : hopCount(Math.floor(samples / 2), 1000 * HOP);
  const flags = HEAD + 4 * count, end = flags + Math.ceil(count / 8);
  if (bytes.length !== end + CRC || view.getUint32(end, true) !== crcOf(bytes.subarray(0, end))) throw new SyncError("sidecar", "a damaged sync file");
  return {
    bits: Uint32Array.from({ length: count }, (_, k) => view.getUint32(HEAD + 4 * k, true)),
    sounds: Uint8Array.from({ length: count }, (_, k) => (bytes[flags + (k >> 3)] >> (7 - (k & 7))) & 1),
    duration: samples / 16000,
    sha256: Array.from(bytes.subarray(28, HEAD), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  };
}

/** Return the CRC-32 of bytes. @param {Uint8Array} bytes */
function crcOf(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

// The fingerprint: each bit is the sign of the change, over 64 ms, of the difference between two neighbouring bands.

const RATE = 8000, FRAME = 1024, BANDS = 33, LOWEST_HZ = 300, HIGHEST_HZ = 2000, FIRST_BIN = 32, LAST_BIN = 288;
const FLOOR = 1e-3; // added to a band's energy
const QUIET = 3e-7, STEADY = 0.02; // mean square of a frame, and mean change of a difference, below which a hop is silent

const WINDOW = Float32Array.from({ length: FRAME }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME));
const EDGES = Array.from({ length: BANDS + 2 }, (_, n) => LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** (n / (BANDS + 1)));
const COSINES = Float64Array.from({ length: FRAME }, (_, n) => Math.cos((2 * Math.PI * n) / FRAME));
const SINES = Float64Array.from({ length: FRAME }, (_, n) => -Math.sin((2 * Math.PI * n) / FRAME));

/** The weights of the frequency bins in each band: a triangle from the edge below to the edge above. */
const WEIGHTS = Array.from({ length: BANDS }, (_, band) => {
  const [low, middle, high] = EDGES.slice(band, band + 3);
  return Float64Array.from({ length: LAST_BIN }, (_, bin) => {
    const hz = (bin * RATE) / FRAME;
    return bin < FIRST_BIN ? 0 : Math.max(0, Math.min((hz - low) / (middle - low), (high - hz) / (high - middle)));
  });
});
const RANGES = WEIGHTS.map((weights) => [weights.findIndex((each) => each > 0), weights.findLastIndex((each) => each > 0) + 1]);

/** Return how many hops audio of `samples` at 8 kHz has. @param {number} samples @param {number} hopMs */
const hopCount = (samples, hopMs) => (samples ? Math.floor(samples / (8 * hopMs)) + 1 : 0);

/** Halve the rate of samples at 16 kHz, as the sidecar's were. @param {Float32Array} samples */
export function halved(samples) {
  const at = (/** @type {number} */ n) => samples[n] ?? 0;
  return Float32Array.from({ length: samples.length >> 1 }, (_, n) => (at(2 * n - 1) + 3 * (at(2 * n) + at(2 * n + 1)) + at(2 * n + 2)) / 8);
}

/** The fingerprint of mono samples at 8 kHz, added piece by piece. */
export class Fingerprinter {
  #step;
  #hop;
  #rest = new Float32Array(FRAME / 2); // from the start of the next frame; hop 0 is centred on the first sample
  #past = /** @type {Float64Array[]} */ ([]); // differences between bands of the hops over the last 64 ms
  #real = new Float64Array(FRAME / 2);
  #imaginary = new Float64Array(FRAME / 2);
  #bits = /** @type {number[]} */ ([]);
  #sounds = /** @type {number[]} */ ([]);
  samples = 0;

  /** @param {number} hopMs */
  constructor(hopMs = 1000 * FINE_HOP) {
    this.#hop = 8 * hopMs;
    this.#step = (8 * 1000 * HOP) / this.#hop;
  }

  /** @param {Float32Array} samples */
  add(samples) {
    this.samples += samples.length;
    this.#measure(samples);
  }

  /** The hops of what was added so far; the last ones are known once more is added. @returns {Hops} */
  get hops() { return { bits: Uint32Array.from(this.#bits), sounds: Uint8Array.from(this.#sounds), duration: this.samples / RATE }; }

  /** Return all hops; nothing may be added afterwards. @returns {Hops} */
  finished() {
    this.#measure(new Float32Array(FRAME));
    const count = hopCount(this.samples, this.#hop / 8), { bits, sounds, duration } = this.hops;
    return { bits: bits.subarray(0, count), sounds: sounds.subarray(0, count), duration };
  }

  /** @param {Float32Array} samples */
  #measure(samples) {
    const run = new Float32Array(this.#rest.length + samples.length);
    run.set(this.#rest);
    run.set(samples, this.#rest.length);
    let at = 0;
    for (; at + FRAME <= run.length; at += this.#hop) this.#measureFrame(run, at);
    this.#rest = run.slice(at);
  }

  /** @param {Float32Array} run @param {number} at */
  #measureFrame(run, at) {
    const real = this.#real, imaginary = this.#imaginary;
    let energy = 0;
    for (let n = 0; n < FRAME; n += 2) {
      const even = run[at + n] * WINDOW[n], odd = run[at + n + 1] * WINDOW[n + 1];
      energy += even * even + odd * odd;
      real[REVERSED[n >> 1]] = even;
      imaginary[REVERSED[n >> 1]] = odd;
    }
    const power = powersOf(real, imaginary), differences = new Float64Array(BITS);
    let before = 0;
    for (let band = 0; band < BANDS; band++) {
      const weights = WEIGHTS[band], [first, last] = RANGES[band];
      let sum = FLOOR;
      for (let bin = first; bin < last; bin++) sum += power[bin] * weights[bin];
      const level = Math.log(sum);
      if (band) differences[band - 1] = level - before;
      before = level;
    }
    this.#past.push(differences);
    const past = this.#past.length > this.#step ? this.#past.shift() ?? differences : this.#past[0];
    let bits = 0, changed = 0;
    for (let bit = 0; bit < BITS; bit++) {
      const change = differences[bit] - past[bit];
      changed += Math.abs(change);
      if (change > 0) bits |= 1 << ((bit & ~7) + 7 - (bit & 7));
    }
    this.#bits.push(bits >>> 0);
    this.#sounds.push(Number(energy > QUIET * FRAME && changed > STEADY * BITS));
  }
}

const HALF = FRAME / 2;
const REVERSED = Uint16Array.from({ length: HALF }, (_, n) => parseInt(n.toString(2).padStart(Math.log2(HALF), "0").split("").reverse().join(""), 2));
const POWERS = new Float64Array(LAST_BIN);

/**
 * Return the power of a real frame at each bin up to LAST_BIN: a complex transform of half its length, whose real parts
 * are the even samples and whose imaginary parts the odd ones, in bit-reversed order.
 * @param {Float64Array} real
 * @param {Float64Array} imaginary
 */
function powersOf(real, imaginary) {
  for (let size = 2; size <= HALF; size *= 2) {
    const half = size / 2, turn = FRAME / size;
    for (let start = 0; start < HALF; start += size) {
      for (let n = 0, a = start, b = start + half; n < half; n++, a++, b++) {
        const cosine = COSINES[n * turn], sine = SINES[n * turn];
        const x = real[b] * cosine - imaginary[b] * sine, y = real[b] * sine + imaginary[b] * cosine;
        real[b] = real[a] - x;
        imaginary[b] = imaginary[a] - y;
        real[a] += x;
        imaginary[a] += y;
      }
    }
  }
  for (let bin = FIRST_BIN; bin < LAST_BIN; bin++) {
    const other = HALF - bin;
    const evenReal = (real[bin] + real[other]) / 2, evenImaginary = (imaginary[bin] - imaginary[other]) / 2;
    const oddReal = (imaginary[bin] + imaginary[other]) / 2, oddImaginary = (real[other] - real[bin]) / 2;
    const x = evenReal + oddReal * COSINES[bin] - oddImaginary * SINES[bin];
    const y = evenImaginary + oddReal * SINES[bin] + oddImaginary * COSINES[bin];
    POWERS[bin] = x * x + y * y;
  }
  return POWERS;
}

// The matching: seeds (hops with equal bits and similar neighbours) grow into runs, the best runs in the same order in
// both recordings are chosen, each is fitted by a line, and the edges of the lines are moved to the cuts.

const MOST_EQUAL = 8; // own hops with the same bits; more are hum
const NEIGHBOURS = 16, LEAST_COMPARED = 12, MOST_WRONG = 0.33; // hops on either side of a seed, and their share of wrong bits
const GAIN = 0.3, ONE_SIDED = -0.1; // a hop scores GAIN less its share of wrong bits; ONE_SIDED with sound in one recording only
const MOST_LOST = 3, LEAST_GAIN = 4, JUMP = 4; // of score: where a run ends, what it needs, and what it must add to follow another
const MOST_RUNS = 500;
const STEP = 32, DRIFT = 2, NOTICEABLE = 0.02; // a run may drift by DRIFT delivered hops in STEP own hops if this share of bits is gained
const NEAR = 3; // delivered hops within which a seed belongs to a run
const PART = 64, REACH = 2; // own hops that give one point of a line, and delivered hops on either side that are tried
const LONG = 1000, LEAST_OFF = 2e-4, LEAST_OFF_OF_SHORT = 2e-3; // own hops of a long run, and by how much a pace differs from the usual one
const FAILING = [-1.1, 1.3], RETURNING = [-0.6, 1.6]; // own hops around a cut in which bits become wrong or right, as a frame holds 128 ms
const CUT_REACH = 6, CUT_STEPS = 8, SAME_CUT = 3; // own hops by which an edge may be off, places tried in each, and edges that are one cut
const TO_THE_END = 12; // own hops at the start and end of a recording that a span is assumed to cover

/**
 * @typedef {{first: number, positions: number[], gains: number[], score: number}} Run own hop `first + n` is at `positions[n]`
 * @typedef {{first: number, last: number, start: number, pace: number, wrong: number}} Line
 *   own hop `k` from `first` to `last` is at `start + k * pace`; `wrong` is its share of wrong bits
 */

/** Return the spans of own audio that delivered audio has, in order. @param {Hops} own @param {Hops} delivered @returns {Span[]} */
export function match(own, delivered) {
  const pair = new Pair(own, delivered), lines = chainOf(pair.runs()).map((run) => pair.lineOf(run));
  pair.moveToCuts(lines);
  return lines.filter(({ first, last }) => last - first > 1).map((line) => ({
    own_start: line.first * HOP, own_end: line.last * HOP,
    delivered_start: Math.max(0, at(line, line.first) * FINE_HOP), delivered_end: at(line, line.last) * FINE_HOP,
  }));
}

/** @type {(line: Line, k: number) => number} */
const at = ({ start, pace }, k) => start + k * pace;
/** @type {(line: Line, i: number) => number} the own hop at a position of the delivered audio */
const back = ({ start, pace }, i) => (i - start) / pace;
/** @type {(values: number[]) => number} */
const sum = (values) => values.reduce((total, value) => total + value, 0);
/** @type {(values: number[]) => number} */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Count the bits that are 1. @param {number} x */
function onesIn(x) {
  x -= (x >>> 1) & 0x55555555;
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Own and delivered audio that are compared. */
class Pair {
  /** @param {Hops} own @param {Hops} delivered */
  constructor(own, delivered) {
    this.own = own;
    this.delivered = delivered;
  }

  /** Return the share of bits in which two hops differ; -1 with sound in one of them, -2 in none. @param {number} k @param {number} i */
  wrong(k, i) {
    const one = this.own.sounds[k] ?? 0, other = this.delivered.sounds[i] ?? 0;
    return one && other ? onesIn(this.own.bits[k] ^ this.delivered.bits[i]) / BITS : -2 + (one | other);
  }

  /** Return the runs, the best first; they may overlap. @returns {Run[]} */
  runs() {
    const { own, delivered } = this, index = new Map(), runs = /** @type {Run[]} */ ([]); // the latest first
    own.bits.forEach((bits, k) => { if (own.sounds[k]) index.set(bits, [...(index.get(bits) ?? []), k].slice(0, MOST_EQUAL + 1)); });
    delivered.bits.forEach((bits, i) => {
      const equal = (delivered.sounds[i] && index.get(bits)) || [];
      for (const k of equal.length > MOST_EQUAL ? [] : equal) {
        if (runs.some(({ first, positions }) => Math.abs(positions[k - first] - i) <= NEAR) || !this.isSeed(k, i)) continue;
        const later = this.extended(k, i, 1), earlier = this.extended(k - 1, i - FINER, -1);
        const [positions, gains] = [earlier.positions.reverse().concat(later.positions), earlier.gains.reverse().concat(later.gains)];
        if (sum(gains) >= LEAST_GAIN) runs.unshift({ first: k - earlier.positions.length, positions, gains, score: sum(gains) });
      }
    });
    return runs.sort((a, b) => b.score - a.score).slice(0, MOST_RUNS);
  }

  /** @param {number} k @param {number} i */
  isSeed(k, i) {
    let compared = 0, wrong = 0;
    for (let n = -NEIGHBOURS; n <= NEIGHBOURS; n++) {
      const share = this.wrong(k + n, i + n * FINER);
      if (share >= 0) [compared, wrong] = [compared + 1, wrong + share];
    }
    return compared >= LEAST_COMPARED && wrong < MOST_WRONG * compared;
  }

  /** Extend a run forwards (`way` 1) or backwards (-1) to where its score is highest. @param {number} k @param {number} i @param {number} way */
  extended(k, i, way) {
    const positions = /** @type {number[]} */ ([]), gains = /** @type {number[]} */ ([]);
    let score = 0, best = 0, length = 0;
    while (k in this.own.bits && Math.round(i) in this.delivered.bits && best - score <= MOST_LOST) {
      const step = this.followed(k, i, way);
      for (let n = 0; n < STEP && best - score <= MOST_LOST; n++) {
        positions.push(i + way * n * FINER + (step.off * n) / STEP);
        gains.push(step.gains[n]);
        score += step.gains[n];
        if (score > best) [best, length] = [score, positions.length];
      }
      k += way * STEP;
      i += way * STEP * FINER + step.off;
    }
    return { positions: positions.slice(0, length), gains: gains.slice(0, length) };
  }

  /** Score the next STEP hops at the usual pace, or at one that fits clearly better. @param {number} k @param {number} i @param {number} way */
  followed(k, i, way) {
    const tried = [0, -1, 1, -DRIFT, DRIFT].map((off) => {
      const shares = Array.from({ length: STEP }, (_, n) => this.wrong(k + way * n, Math.round(i + way * n * FINER + (off * n) / STEP)));
      const compared = shares.filter((share) => share >= 0);
      const gains = shares.map((share) => (share >= 0 ? GAIN - share : share === -1 ? ONE_SIDED : 0));
      return { off, gains, wrong: compared.length ? sum(compared) / compared.length : 1 };
    });
    const best = tried.reduce((one, other) => (other.wrong < one.wrong ? other : one));
    return best.wrong < tried[0].wrong - NOTICEABLE ? best : tried[0];
  }

  /** Fit a line to a run. @param {Run} run @returns {Line} */
  lineOf({ first, positions, gains }) {
    const count = Math.max(1, Math.floor(positions.length / PART)), length = Math.floor(positions.length / count);
    const points = Array.from({ length: count }, (_, n) => this.pointOf(first + n * length, positions.slice(n * length, (n + 1) * length)));
    const slopes = points.flatMap(([x, y], n) => points.slice(n + 1 + (count >> 1)).map(([u, v]) => (v - y) / (u - x)));
    const slope = slopes.length ? median(slopes) : (positions[positions.length - 1] - positions[0]) / (positions.length - 1);
    const pace = Math.abs(slope / FINER - 1) > (positions.length < LONG ? LEAST_OFF_OF_SHORT : LEAST_OFF) ? slope : FINER;
    const found = gains.filter((gain) => gain > 0);
    return { first, last: first + positions.length, start: median(points.map(([k, i]) => i - k * pace)), pace, wrong: GAIN - sum(found) / found.length };
  }

  /**
   * Return the middle hop of a part of a run, and the position, interpolated between hops, at which the part fits best.
   * @param {number} first @param {number[]} positions
   */
  pointOf(first, positions) {
    const shares = Array.from({ length: 2 * REACH + 1 }, (_, tried) => {
      const compared = positions.map((position, n) => this.wrong(first + n, Math.round(position) + tried - REACH)).filter((share) => share >= 0);
      return compared.length ? sum(compared) / compared.length : 1;
    });
    const best = Math.min(2 * REACH - 1, Math.max(1, shares.indexOf(Math.min(...shares))));
    const [left, middle, right] = shares.slice(best - 1, best + 2), deep = Math.max(left, right) - middle;
    const shift = deep > 0 ? Math.max(-1, Math.min(1, (left - right) / (2 * deep))) : 0;
    return [first + (positions.length - 1) / 2, sum(positions.map(Math.round)) / positions.length + best - REACH + shift];
  }

  /** Move the edges of lines to the cuts. @param {Line[]} lines */
  moveToCuts(lines) {
    for (const line of lines) this.extendIntoSilence(line);
    lines.forEach((line, n) => {
      if (n) return this.moveToCut(lines[n - 1], line);
      const lowest = Math.max(0, back(line, 0)), isWhole = line.first - lowest < TO_THE_END;
      line.first = isWhole ? lowest : this.cutNear(line.first, line.first, [{ line, way: -1 }]);
    });
    for (const line of lines.slice(-1)) {
      const highest = Math.min(this.own.duration / HOP, back(line, this.delivered.duration / FINE_HOP)), isWhole = highest - line.last < TO_THE_END;
      line.last = isWhole ? highest : this.cutNear(line.last, line.last, [{ line, way: 1 }]);
    }
  }

  /** @param {Line} line */
  extendIntoSilence(line) {
    const isSilent = (/** @type {number} */ k) => k in this.own.bits && this.wrong(k, Math.round(at(line, k))) === -2;
    while (isSilent(line.last)) line.last += 1;
    while (isSilent(line.first - 1)) line.first -= 1;
  }

  /** Move the edges between two lines. Where audio was only added, or only cut out, they are one cut. @param {Line} before @param {Line} after */
  moveToCut(before, after) {
    const last = { line: before, way: 1 }, first = { line: after, way: -1 };
    const meets = back(before, at(after, after.first)); // where `after` begins in the delivered audio
    if (after.first - before.last < SAME_CUT) {
      before.last = after.first = this.cutNear(before.last, after.first, [last, first]);
    } else if (meets - before.last < SAME_CUT) {
      const across = (/** @type {number} */ cut) => back(after, at(before, cut));
      before.last = this.cutNear(before.last, meets, [last, { ...first, across }]);
      after.first = across(before.last);
    } else {
      before.last = this.cutNear(before.last, before.last, [last]);
      after.first = this.cutNear(after.first, after.first, [first]);
    }
  }

  /**
   * Return the own hop near `one` and `other` at which the `sides` of a cut become wrong (`way` 1) or right (-1) as expected.
   * @param {number} one @param {number} other
   * @param {{line: Line, way: number, across?: (cut: number) => number}[]} sides `across` converts the cut to hops of the side's line
   */
  cutNear(one, other, sides) {
    const lowest = Math.min(one, other) - CUT_REACH, highest = Math.max(one, other) + CUT_REACH;
    const cuts = Array.from({ length: Math.ceil((highest - lowest) * CUT_STEPS) + 1 }, (_, n) => lowest + n / CUT_STEPS);
    const errors = cuts.map(() => 0);
    for (const { line, way, across = (/** @type {number} */ cut) => cut } of sides) {
      const [begin, end] = way > 0 ? FAILING : RETURNING;
      for (let k = Math.floor(across(lowest)); k <= across(highest); k++) {
        const found = this.wrong(k, Math.round(at(line, k)));
        if (found === -2) continue;
        cuts.forEach((cut, n) => {
          const after = Math.min(1, Math.max(0, (k - across(cut) - begin) / (end - begin))), outside = way > 0 ? after : 1 - after;
          errors[n] += ((found === -1 ? 0.5 : found) - line.wrong - (0.5 - line.wrong) * outside) ** 2;
        });
      }
    }
    return cuts[errors.indexOf(Math.min(...errors))];
  }
}

/**
 * Return the runs, in the same order in both recordings, with the highest score. What a run shares with the one before
 * it adds no score, so that an excerpt of the episode in an ad loses to the episode.
 * @param {Run[]} runs
 */
function chainOf(runs) {
  const order = [...runs].sort((a, b) => a.first - b.first), ends = order.map(({ positions }) => positions[positions.length - 1]);
  const best = /** @type {{score: number, before: number}[]} */ ([]);
  order.forEach((run, later) => {
    const rest = [0];
    for (const gain of [...run.gains].reverse()) rest.unshift(rest[0] + gain);
    const here = { score: rest[0], before: -1 };
    best.forEach(({ score }, k) => {
      const other = order[k], last = other.first + other.positions.length;
      if (other.positions[0] >= run.positions[0] || ends[k] >= ends[later] || last >= run.first + run.positions.length) return;
      const free = run.positions.findIndex((position, n) => position > ends[k] && run.first + n >= last);
      if (score + rest[free] - JUMP > here.score) Object.assign(here, { score: score + rest[free] - JUMP, before: k });
    });
    best.push(here);
  });
  const chain = /** @type {Run[]} */ ([]);
  for (let k = best.findIndex(({ score }) => score === Math.max(...best.map((each) => each.score))); k >= 0; k = best[k].before) chain.unshift(order[k]);
  return chain;
}

// The delivered audio: MP3, read in order, split at its frames and decoded PIECE seconds at a time.

const MINUTE = 60, PIECE = 20, MOST_SECONDS = 48 * 3600;
const LEAD = 10, SOME_FRAMES = 1000; // frames decoded before a piece, which may hold data of its first ones; frames taken at once
const DECODER_DELAY = 529; // samples
const MOST_JUNK = 1e5, MOST_TAGS = 5000; // bytes between frames, and of tags at the end
const SAME_LENGTH = 0.15, SAME_PLACE = 0.04; // seconds by which two encodings of the same audio may differ
const BORDER = 3; // seconds at the end of what was read in which it is not known yet what is other audio
const LEAST_GAP = 0.1, SAME_EPISODE = 0.4; // seconds of other audio; share of the own audio that must be found
const BITRATES = [[0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160], [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]]; // kb/s
const RATES = [44100, 48000, 32000];

/** @typedef {{bytes: Uint8Array, at: number, samples: number, rate: number, kbits: number}} Frame `at` is its place in the file */

/** Splits MP3 at its frames. */
class Mp3 {
  #rest = new Uint8Array(0);
  #at; // of the rest in the file
  #skip = 0; // bytes of a tag to come
  #junk = 0;

  /** @param {number} at */
  constructor(at = 0) { this.#at = at; }

  /** Return the frames that more bytes complete. @param {Uint8Array} more @returns {Frame[]} */
  add(more) {
    const bytes = joined([this.#rest, more]), frames = /** @type {Frame[]} */ ([]);
    let at = Math.min(this.#skip, bytes.length);
    this.#skip -= at;
    while (at + 10 <= bytes.length) {
      const frame = frameAt(bytes, at), size = frame?.size ?? tagAt(bytes, at);
      if (frame && at + frame.size + 4 > bytes.length) break;
      // Two bytes may look like a header by chance.
      if (frame && (frames.length || frameAt(bytes, at + size))) frames.push({ ...frame, bytes: bytes.slice(at, at + size), at: this.#at + at });
      else if (frame || !size) {
        if (++this.#junk > MOST_JUNK) throw new SyncError("codec", "the audio is not MP3");
        at += 1;
        continue;
      }
      this.#skip = Math.max(0, at + size - bytes.length);
      at = Math.min(at + size, bytes.length);
    }
    this.#rest = bytes.slice(at);
    this.#at += at;
    return frames;
  }
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(sum(parts.map(({ length }) => length)));
  parts.reduce((at, part) => { whole.set(part, at); return at + part.length; }, 0);
  return whole;
}

/** Return the MP3 frame that starts at a byte, without its bytes; null if none does. @param {Uint8Array} bytes @param {number} at */
function frameAt(bytes, at) {
  const [sync, second, third] = bytes.subarray(at, at + 3), version = (second >> 3) & 3; // 3 is MPEG 1, 2 is 2, 0 is 2.5
  if (sync !== 0xff || (second & 0xe6) !== 0xe2 || version === 1) return null;
  const kbits = BITRATES[Number(version === 3)][third >> 4], rate = RATES[(third >> 2) & 3] >> [2, 0, 1, 0][version];
  const samples = version === 3 ? 1152 : 576;
  return kbits && rate ? { size: Math.floor((samples * kbits * 125) / rate) + ((third >> 1) & 1), samples, rate, kbits } : null;
}

/** Return the size of the ID3 tag that starts at a byte, else 0. @param {Uint8Array} bytes @param {number} at */
function tagAt(bytes, at) {
  return textOf(bytes.subarray(at, at + 3)) === "ID3" ? 10 + [6, 7, 8, 9].reduce((size, n) => size * 128 + (bytes[at + n] & 127), 0) : 0;
}

/** @param {Uint8Array} bytes */
const textOf = (bytes) => String.fromCharCode(...bytes);

/**
 * Return what a file says of itself in its first frame: the number of `frames` and `bytes`, and the encoder's and the
 * decoder's `delay` in samples; null if the frame holds audio.
 * @param {Frame} frame
 */
function headerOf({ bytes }) {
  const text = textOf(bytes.subarray(0, 200)), at = text.search(/Xing|Info/), view = new DataView(bytes.buffer);
  if (at < 0 || at + 144 > bytes.length) return null;
  const delay = /^L/.test(text.slice(at + 120)) ? (view.getUint16(at + 141) >> 4) + DECODER_DELAY : 0; // LAME, Lavc, Lavf
  return { frames: view.getUint32(at + 8), bytes: view.getUint32(at + 12), delay };
}

/** Decode audio in the browser. @type {Decode} */
async function decodeHere(bytes) {
  const audio = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes.slice().buffer);
  const channels = Array.from({ length: audio.numberOfChannels }, (_, n) => audio.getChannelData(n));
  return channels[0].map((_, n) => channels.reduce((total, channel) => total + channel[n], 0) / channels.length);
}

/** A part of the delivered audio, fingerprinted piece by piece. */
class Part {
  #fingerprinter = new Fingerprinter();
  #decode;
  #lead = /** @type {Frame[]} */ ([]);
  #waiting = /** @type {Frame[]} */ ([]);
  #hops = /** @type {Hops | null} */ (null); // once finished

  /** @param {number} start seconds @param {Decode} decode */
  constructor(start, decode) {
    this.start = this.end = start;
    this.#decode = decode;
  }

  /** @param {Frame[]} frames */
  async add(frames) {
    for (const frame of frames) {
      const waits = this.#waiting[0];
      if (waits && (frame.rate !== waits.rate || this.#waiting.length * frame.samples >= PIECE * frame.rate)) await this.flush();
      this.#waiting.push(frame);
    }
  }

  // Decodes the frames that wait. What the decoder leaves out is missing at the beginning.
  async flush() {
    if (!this.#waiting.length) return;
    const [{ rate }] = this.#waiting, frames = this.#lead.filter((each) => each.rate === rate).concat(this.#waiting);
    this.end += sum(this.#waiting.map(({ samples }) => samples)) / rate;
    const decoded = await this.#decode(joined(frames.map(({ bytes }) => bytes))).catch((error) => {
      throw new SyncError("codec", "the audio cannot be decoded here", error);
    });
    const count = Math.round((this.end - this.start) * RATE) - this.#fingerprinter.samples, samples = new Float32Array(count);
    samples.set(decoded.subarray(Math.max(0, decoded.length - count)), Math.max(0, count - decoded.length));
    this.#fingerprinter.add(samples);
    [this.#lead, this.#waiting] = [frames.slice(-LEAD), []];
  }

  // Decodes what is left, as nothing follows.
  async finish() {
    await this.flush();
    this.#hops = this.#fingerprinter.finished();
  }

  /** Return the spans found so far, in seconds of the whole. @param {Hops} own */
  spans(own) {
    const shift = this.start, found = match(own, this.#hops ?? this.#fingerprinter.hops);
    return found.map((span) => ({ ...span, delivered_start: span.delivered_start + shift, delivered_end: span.delivered_end + shift }));
  }
}

/**
 * Open audio: its size if known, what reads it in order, and `slice`, which returns some bytes, or null where the host
 * sends only all. A host that redirects may put other ads in for each request: only the first follows redirects.
 * @param {string | Blob | ArrayBuffer} audio @param {AbortSignal} [signal]
 */
async function opened(audio, signal) {
  if (typeof audio !== "string") {
    const blob = new Blob([audio]), slice = async (/** @type {number} */ first, /** @type {number} */ last) => new Uint8Array(await blob.slice(first, last).arrayBuffer());
    return { size: blob.size, url: null, reader: blob.stream().getReader(), slice };
  }
  const answer = await fetched(audio, { signal });
  if (!answer.ok || !answer.body) throw new SyncError("unreadable", `the host answers ${answer.status}`);
  const slice = async (/** @type {number} */ first, /** @type {number} */ last) => {
    const part = await fetched(answer.url, { signal, headers: { Range: `bytes=${first}-${last - 1}` } });
    if (part.status === 206) return new Uint8Array(await part.arrayBuffer());
    await part.body?.cancel();
    return null;
  };
  return { size: Number(answer.headers.get("Content-Length")), url: answer.url, reader: answer.body.getReader(), slice };
}

/** @param {string} address @param {RequestInit} options */
const fetched = (address, options) => fetch(address, { ...options, credentials: "omit" }).catch((error) => {
  throw error.name === "AbortError" ? error : new SyncError("unreadable", "the audio may not be read", error);
});

/** Audio in the course of delivery. */
class Delivery {
  #mp3 = new Mp3();
  #first = /** @type {Frame | null} */ (null); // with audio
  #kbits = new Set();
  #header = /** @type {ReturnType<typeof headerOf>} */ (null);
  #frames = /** @type {Frame[]} */ ([]); // read, not yet decoded
  #decode;

  /** @param {Awaited<ReturnType<typeof opened>>} source @param {Decode} decode */
  constructor(source, decode) {
    this.source = source;
    this.#decode = decode;
    this.whole = new Part(0, decode);
  }

  /** Read on, by some seconds; return whether the audio has ended. */
  async read() {
    const { done, value } = this.#frames.length ? { done: false, value: null } : await this.source.reader.read().catch((error) => {
      throw error.name === "AbortError" ? error : new SyncError("unreadable", "the audio breaks off", error);
    });
    if (value) this.#frames = this.#mp3.add(value);
    if (!this.#first && this.#frames.length) {
      this.#header = headerOf(this.#frames[0]);
      if (this.#header) this.#frames.shift();
    }
    const frames = this.#frames.splice(0, SOME_FRAMES);
    if (!this.#first && frames.length) {
      this.#first = frames[0];
      this.whole = new Part(-(this.#header?.delay ?? 0) / frames[0].rate, this.#decode);
    }
    for (const { kbits } of frames) this.#kbits.add(kbits);
    await this.whole.add(frames);
    if (done && !this.#first) throw new SyncError("codec", "the audio is not MP3");
    if (done) await this.whole.finish();
    return done || this.whole.end > MOST_SECONDS;
  }

  // The bytes of audio and how many bytes a second has, if every second has as many or the file says so.
  get #layout() {
    const { size } = this.source, first = this.#first, header = this.#header;
    if (!first || !size) return null;
    const bytes = size - first.at;
    if (this.#kbits.size === 1) return { first, bytes, seconds: bytes / (first.kbits * 125), isSteady: true };
    return header && Math.abs(header.bytes - bytes) < MOST_TAGS ? { first, bytes, seconds: (header.frames * first.samples) / first.rate, isSteady: false } : null;
  }

  /** Whether the audio is the `own` one, as far as its length and its first and last minute tell. @param {Sidecar} own */
  async isSame(own) {
    const layout = this.#layout;
    if (!layout || Math.abs(layout.seconds + this.whole.start - own.duration) > SAME_LENGTH) return false;
    const bytes = await this.source.slice(this.source.size - Math.round((layout.bytes / layout.seconds) * MINUTE), this.source.size);
    if (!bytes) return false;
    const frames = new Mp3().add(bytes);
    const last = new Part(0, this.#decode);
    await last.add(frames);
    await last.finish();
    last.start = layout.seconds + this.whole.start - last.end;
    return [this.whole, last].every((part) => {
      const spans = part.spans(own), [span] = spans;
      return spans.length === 1 && Math.abs(span.own_start - span.delivered_start) < SAME_PLACE && span.delivered_end - span.delivered_start > part.end - part.start - BORDER;
    });
  }

  /** Return the minute around a second; null where only all can be read, or its place cannot be known. @param {number} near */
  async partAround(near) {
    const layout = this.#layout;
    if (!layout?.isSteady || near < this.whole.end - BORDER) return null;
    const { first } = layout, perSecond = first.kbits * 125, from = first.at + Math.round((near - MINUTE / 2) * perSecond);
    const bytes = await this.source.slice(from, Math.min(from + MINUTE * perSecond, this.source.size));
    const frames = bytes ? new Mp3(from).add(bytes) : [];
    if (!frames.length) return null;
    const seconds = first.samples / first.rate, before = Math.round((frames[0].at - first.at) / (perSecond * seconds));
    const part = new Part(this.whole.start + before * seconds, this.#decode);
    await part.add(frames);
    await part.finish();
    return part;
  }
}

/**
 * Return what parts of the delivered audio tell.
 * @param {Sidecar} own @param {Part[]} parts @param {boolean} isComplete @returns {Omit<Result, "url">}
 */
function resultOf(own, parts, isComplete) {
  const spans = /** @type {Span[]} */ ([]), foreign = /** @type {Passage[]} */ ([]);
  for (const part of parts) {
    const found = part.spans(own), isFirst = part === parts[0];
    let known = isFirst ? 0 : part.start + BORDER;
    for (const { delivered_start: start, delivered_end: end } of [...found, { delivered_start: part.end - (isComplete ? 0 : BORDER), delivered_end: 0 }]) {
      if (start - known >= LEAST_GAP) foreign.push({ start: known, end: start });
      known = Math.max(known, end);
    }
    spans.push(...found);
  }
  const audible = (/** @type {number} */ from, /** @type {number} */ to) => sum([...own.sounds.subarray(Math.round(from / HOP), Math.round(to / HOP))]);
  const found = sum(spans.map(({ own_start, own_end }) => audible(own_start, own_end)));
  if (isComplete && found < SAME_EPISODE * audible(0, own.duration)) throw new SyncError("another", "the audio is another episode");
  const [{ own_start, own_end, delivered_start }] = [...spans, { own_start: 1, own_end: 0, delivered_start: 0 }];
  const isSame = isComplete && !foreign.length && spans.length === 1 && own_start < LEAST_GAP && own_end > own.duration - SAME_LENGTH && delivered_start < SAME_PLACE;
  return { spans, foreign, is_complete: isComplete, is_same: isSame };
}

/**
 * Find the passages of an episode in audio as a host delivers it. An audio without ads is read no further than its first
 * and its last minute. Rejects with a SyncError.
 * @param {string | Blob | ArrayBuffer} audio its address or content @param {ArrayBuffer | Uint8Array} sidecar
 * @param {Options} options @returns {Promise<Result>}
 */
export async function align(audio, sidecar, { near = 0, report = () => {}, signal, decode = decodeHere } = {}) {
  const own = readSidecar(sidecar), source = await opened(audio, signal), { url } = source, delivery = new Delivery(source, decode);
  try {
    let around = /** @type {Part | null} */ (null);
    for (let next = MINUTE; !(await delivery.read());) {
      signal?.throwIfAborted();
      if (delivery.whole.end < next) continue;
      if (next === MINUTE) {
        const whole = { own_start: 0, own_end: own.duration, delivered_start: 0, delivered_end: own.duration };
        if (await delivery.isSame(own)) return { spans: [whole], foreign: [], is_complete: true, is_same: true, url };
        around = await delivery.partAround(near);
      }
      next *= 4;
      report({ ...resultOf(own, around && around.start > delivery.whole.end ? [delivery.whole, around] : [delivery.whole], false), url });
    }
    return { ...resultOf(own, [delivery.whole], true), url };
  } finally {
    await source.reader.cancel();
  }
}
