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
 * @typedef {(bytes: Uint8Array) => Promise<Float32Array>} Decode decodes MP3 to mono samples at 8 kHz
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

const HOP = 0.064, FINE_HOP = 0.016, FINER = 4, BITS = 32; // seconds
const MAGIC = "quotecast sound\n", HEAD = 60, CRC = 4; // bytes of a sync file
const MOST_SECONDS = 48 * 3600;

/** Read a NAME.sync file. Throws a SyncError if it is damaged or something else. @param {ArrayBuffer | Uint8Array} content @returns {Hops} */
export function readSidecar(content) {
  const bytes = new Uint8Array(content), view = new DataView(bytes.buffer);
  if (bytes.length < HEAD + CRC || textOf(bytes.subarray(0, MAGIC.length)) !== MAGIC) throw new SyncError("sidecar", "not a sync file");
  if (view.getUint16(16, true) !== 1 || view.getUint16(18, true) !== 1000 * HOP) throw new SyncError("sidecar", "a sync file of another version");
  const samples = Number(view.getBigUint64(20, true)), count = hopCount(Math.floor(samples / 2), HOP), flags = HEAD + 4 * count, end = flags + Math.ceil(count / 8);
  if (bytes.length !== end + CRC || view.getUint32(end, true) !== crcOf(bytes.subarray(0, end))) throw new SyncError("sidecar", "a damaged sync file");
  return {
    bits: Uint32Array.from({ length: count }, (_, k) => view.getUint32(HEAD + 4 * k, true)),
    sounds: Uint8Array.from({ length: count }, (_, k) => (bytes[flags + (k >> 3)] >> (7 - (k & 7))) & 1),
    duration: samples / 16000,
  };
}

/** @type {(bytes: Uint8Array) => string} */
const textOf = (bytes) => String.fromCharCode(...bytes);

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

const RATE = 8000, FRAME = 1024, HALF = FRAME / 2, BANDS = 33, LOWEST_HZ = 300, HIGHEST_HZ = 2000, FIRST_BIN = 32, LAST_BIN = 288;
const FLOOR = 1e-3, QUIET = 3e-7, STEADY = 0.02; // added to a band's energy; mean square and mean change below which a hop is silent

const WINDOW = Float32Array.from({ length: FRAME }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME));
const COSINES = Float64Array.from({ length: HALF }, (_, n) => Math.cos((2 * Math.PI * n) / FRAME));
const SINES = Float64Array.from({ length: HALF }, (_, n) => -Math.sin((2 * Math.PI * n) / FRAME));
const REVERSED = Uint16Array.from({ length: HALF }, (_, n) => [...Array(9).keys()].reduce((reversed, bit) => reversed * 2 + ((n >> bit) & 1), 0));
const EDGES = Array.from({ length: BANDS + 2 }, (_, n) => LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** (n / (BANDS + 1)));
/** The weights of the bins of each band from its `first` on: a triangle from the edge below to the edge above. */
const WEIGHTS = Array.from({ length: BANDS }, (_, band) => {
  const [low, middle, high] = EDGES.slice(band, band + 3).map((hz) => (hz * FRAME) / RATE), first = Math.ceil(low);
  return { first, weights: Float64Array.from({ length: Math.ceil(high) - first }, (_, n) => Math.min((first + n - low) / (middle - low), (high - first - n) / (high - middle))) };
});

/** @type {(samples: number, hop: number) => number} how many hops samples at 8 kHz have */
const hopCount = (samples, hop) => (samples ? Math.floor(samples / (RATE * hop)) + 1 : 0);

/** Halve the rate of samples at 16 kHz, as the sidecar's were. @param {Float32Array} samples */
export function halved(samples) {
  const at = (/** @type {number} */ n) => samples[n] ?? 0;
  return Float32Array.from({ length: samples.length >> 1 }, (_, n) => (at(2 * n - 1) + 3 * (at(2 * n) + at(2 * n + 1)) + at(2 * n + 2)) / 8);
}

/** The fingerprint of mono samples at 8 kHz, added piece by piece. */
export class Fingerprinter {
  #hop; // samples
  #rest = new Float32Array(HALF); // from the start of the next frame; hop 0 is centred on the first sample
  #past = /** @type {Float64Array[]} */ ([]); // differences between bands of the hops over the last 64 ms
  #bits = /** @type {number[]} */ ([]);
  #sounds = /** @type {number[]} */ ([]);
  samples = 0;

  /** @param {number} hop seconds */
  constructor(hop = FINE_HOP) { this.#hop = RATE * hop; }

  /** @param {Float32Array} samples */
  add(samples) {
    const run = joined(Float32Array, [this.#rest, samples]);
    let at = 0;
    for (; at + FRAME <= run.length; at += this.#hop) this.#measure(run.subarray(at, at + FRAME));
    this.#rest = run.slice(at);
    this.samples += samples.length;
  }

  /** Return the hops whose audio was added, or at the end of the audio all. @param {boolean} isEnd @returns {Hops} */
  hops(isEnd = false) {
    const duration = this.samples / RATE, count = isEnd ? hopCount(this.samples, this.#hop / RATE) : this.#bits.length;
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
    if (this.#past.length > (RATE * HOP) / this.#hop) this.#past.shift();
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

const real = new Float64Array(HALF), imaginary = new Float64Array(HALF), powers = new Float64Array(LAST_BIN);

/**
 * Return the power of a frame in each bin: a complex Fourier transform of half its length, of which the even samples are
 * the real parts and the odd ones the imaginary parts, and which is then taken apart.
 * @param {Float32Array} frame
 */
function powersOf(frame) {
  for (let n = 0; n < HALF; n++) {
    real[REVERSED[n]] = frame[2 * n] * WINDOW[2 * n];
    imaginary[REVERSED[n]] = frame[2 * n + 1] * WINDOW[2 * n + 1];
  }
  for (let size = 2; size <= HALF; size *= 2) {
    for (let start = 0; start < HALF; start += size) {
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
  for (let bin = FIRST_BIN; bin < LAST_BIN; bin++) {
    const other = HALF - bin, odd = (imaginary[bin] + imaginary[other]) / 2, oddImaginary = (real[other] - real[bin]) / 2;
    const x = (real[bin] + real[other]) / 2 + odd * COSINES[bin] - oddImaginary * SINES[bin];
    const y = (imaginary[bin] - imaginary[other]) / 2 + odd * SINES[bin] + oddImaginary * COSINES[bin];
    powers[bin] = x * x + y * y;
  }
  return powers;
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

// The matching: seeds (hops with equal bits) grow into runs, the best runs in the same order in both recordings are chosen,
// each is fitted by a line, and the edges of the lines are moved to the cuts.

const MOST_EQUAL = 8, FLIPS = [0, ...Array.from({ length: BITS }, (_, bit) => 1 << bit)]; // own hops with the same bits, more of which are hum; a seed has at most one wrong bit
const GAIN = 0.3, ONE_SIDED = -0.1; // a hop scores GAIN less its share of wrong bits; ONE_SIDED with sound in one recording only
const MOST_LOST = 3, LEAST_GAIN = 4, JUMP = 4; // of score: where a run ends, what it needs, and what a further run must add
const STEP = 32, DRIFTS = [0, -1, 1, -2, 2], NOTICEABLE = 0.02; // delivered hops of drift in STEP own hops, if this share of bits is gained
const PART = 64, REACH = 2; // own hops that give one point of a line; delivered hops on either side that are tried
const LONG = 1000, LEAST_OFF = 2e-4, LEAST_OFF_OF_SHORT = 2e-3; // own hops of a long run; by how much another pace differs
const FAILING = [-1.1, 1.3], RETURNING = [-0.6, 1.6]; // own hops around a cut in which bits become wrong or right
const CUT_REACH = 6, CUT_STEPS = 8, SAME_CUT = 3; // own hops by which an edge may be off; places tried in each; edges this near are one cut
const MOST_HOLE = 48; // own hops that noise may hide
const SAME_EPISODE = 0.4; // share of the own audio that must be found
const TO_THE_END = 12; // own hops at either end of a recording that a span covers

/**
 * @typedef {{first: number, positions: number[], gains: number[], score: number}} Run own hop `first + n` is at `positions[n]`
 * @typedef {{first: number, last: number, start: number, pace: number, wrong: number}} Line own hop `k` is at `start + k * pace`
 */

/** @type {(line: Line, k: number) => number} the position of an own hop in the delivered audio */
const at = ({ start, pace }, k) => start + k * pace;
/** @type {(line: Line, i: number) => number} the own hop at a position */
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

/** Return the spans of own audio that delivered audio has, in order. @param {Hops} own @param {Hops} delivered @returns {Span[]} */
export function match(own, delivered) {
  const pair = new Pair(own, delivered), lines = /** @type {Line[]} */ ([]);
  const found = pair.runs(), [longest] = [...found].sort((a, b) => b.positions.length - a.positions.length), usual = longest ? pair.lineOf(longest, FINER).pace : FINER;
  for (const line of chainOf(found).map((run) => pair.lineOf(run, usual))) {
    const before = lines[lines.length - 1], goesOn = before && line.first - before.last < MOST_HOLE && Math.abs(at(line, line.first) - at(before, line.first)) < FINER;
    if (goesOn) before.last = line.last; // after noise or a pause
    else lines.push(line);
  }
  pair.moveToCuts(lines);
  return lines.filter(({ first, last }) => last - first > 1).map((line) => ({
    own_start: line.first * HOP, own_end: line.last * HOP,
    delivered_start: Math.max(0, at(line, line.first) * FINE_HOP), delivered_end: at(line, line.last) * FINE_HOP,
  }));
}

/** Return whether spans have too little of the own audio to be the same episode. @param {Hops} own @param {Span[]} spans */
export function isAnother(own, spans) {
  const audible = (/** @type {number} */ from, /** @type {number} */ to) => sum([...own.sounds.subarray(Math.round(from / HOP), Math.round(to / HOP))]);
  return sum(spans.map(({ own_start, own_end }) => audible(own_start, own_end))) < SAME_EPISODE * audible(0, own.duration);
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

  /** Return the share of wrong bits of own hops from `first` on, at their positions. @param {number} first @param {number[]} positions */
  wrongIn(first, positions) {
    const shares = positions.map((position, n) => this.wrong(first + n, Math.round(position))).filter((share) => share >= 0);
    return shares.length ? sum(shares) / shares.length : 1;
  }

  /** Return the runs; they may overlap. @returns {Run[]} */
  runs() {
    const { own, delivered } = this, index = new Map(), runs = /** @type {Run[]} */ ([]); // the latest first
    own.bits.forEach((bits, k) => { if (own.sounds[k]) index.set(bits, [...(index.get(bits) ?? []), k].slice(0, MOST_EQUAL + 1)); });
    delivered.bits.forEach((bits, i) => {
      if (!delivered.sounds[i] || runs.some(({ positions }) => positions[0] <= i && i <= positions[positions.length - 1])) return;
      for (const flip of FLIPS) {
        const equal = index.get((bits ^ flip) >>> 0) ?? [];
        for (const k of equal.length > MOST_EQUAL ? [] : equal) {
          const later = this.extended(k, i, 1), earlier = this.extended(k - 1, i - FINER, -1), gains = [...earlier.gains.reverse(), ...later.gains];
          const run = { first: k - earlier.gains.length, positions: [...earlier.positions.reverse(), ...later.positions], gains, score: sum(gains) };
          if (run.score >= LEAST_GAIN) runs.unshift(run);
        }
      }
    });
    return runs;
  }

  /** Extend a run forwards (`way` 1) or backwards (-1) to where its score is highest. @param {number} k @param {number} i @param {number} way */
  extended(k, i, way) {
    const positions = /** @type {number[]} */ ([]), gains = /** @type {number[]} */ ([]);
    let score = 0, best = 0, length = 0;
    while (k in this.own.bits && Math.round(i) in this.delivered.bits && best - score <= MOST_LOST) {
      const drift = this.driftOf(k, i, way);
      for (let n = 0; n < STEP && best - score <= MOST_LOST; n++) {
        const position = i + way * n * FINER + (drift * n) / STEP, share = this.wrong(k + way * n, Math.round(position));
        positions.push(position);
        gains.push(share >= 0 ? GAIN - share : share === -1 ? ONE_SIDED : 0);
        score += gains[gains.length - 1];
        if (score >= best) [best, length] = [score, gains.length]; // silence in both goes on
      }
      k += way * STEP;
      i += way * STEP * FINER + drift;
    }
    return { positions: positions.slice(0, length), gains: gains.slice(0, length) };
  }

  /** Return how far the next STEP hops drift, as in faster audio. @param {number} k @param {number} i @param {number} way */
  driftOf(k, i, way) {
    const hops = Array.from({ length: STEP }, (_, n) => (way > 0 ? n : STEP - 1 - n));
    const tried = DRIFTS.map((drift) => this.wrongIn(way > 0 ? k : k - STEP + 1, hops.map((n) => i + way * n * FINER + (drift * n) / STEP)));
    const least = Math.min(...tried);
    return least < tried[0] - NOTICEABLE ? DRIFTS[tried.indexOf(least)] : 0;
  }

  /** Fit a line to a run; its pace is the `usual` one unless it is clearly another. @param {Run} run @param {number} usual @returns {Line} */
  lineOf({ first, positions, gains }, usual) {
    const count = Math.max(1, Math.floor(positions.length / PART)), length = Math.floor(positions.length / count);
    const points = Array.from({ length: count }, (_, n) => this.pointOf(first + n * length, positions.slice(n * length, (n + 1) * length)));
    const slopes = points.flatMap(([x, y], n) => points.slice(n + 1 + (count >> 1)).map(([u, v]) => (v - y) / (u - x)));
    const slope = slopes.length ? median(slopes) : usual, least = positions.length < LONG ? LEAST_OFF_OF_SHORT : LEAST_OFF;
    const pace = Math.abs(slope / usual - 1) > least ? slope : usual;
    const wrong = GAIN - median(gains.filter((gain) => gain > 0));
    return { first, last: first + positions.length, start: median(points.map(([k, i]) => i - k * pace)), pace, wrong };
  }

  /** Return the middle hop of a part of a run, and where it fits best. @param {number} first @param {number[]} positions */
  pointOf(first, positions) {
    const shares = Array.from({ length: 2 * REACH + 1 }, (_, n) => this.wrongIn(first, positions.map((position) => Math.round(position) + n - REACH)));
    const best = Math.min(2 * REACH - 1, Math.max(1, shares.indexOf(Math.min(...shares))));
    const [left, middle, right] = shares.slice(best - 1, best + 2), deep = Math.max(left, right) - middle;
    const shift = deep > 0 ? Math.max(-1, Math.min(1, (left - right) / (2 * deep))) : 0;
    return [first + (positions.length - 1) / 2, sum(positions.map(Math.round)) / positions.length + best - REACH + shift];
  }

  /** Move the edges of lines to the cuts, or to the ends of the recordings. @param {Line[]} lines */
  moveToCuts(lines) {
    lines.forEach((line, n) => { if (n) this.moveToCut(lines[n - 1], line); });
    const first = lines[0], last = lines[lines.length - 1];
    if (!last) return;
    const lowest = Math.max(0, back(first, 0)), highest = Math.min(this.own.duration / HOP, back(last, this.delivered.duration / FINE_HOP));
    first.first = first.first - lowest < TO_THE_END ? lowest : this.cutNear(first.first, first.first, [{ line: first, way: -1 }]);
    last.last = highest - last.last < TO_THE_END ? highest : this.cutNear(last.last, last.last, [{ line: last, way: 1 }]);
  }

  /** Move the edges between two lines. Where audio was only added, or only cut out, they are one cut. @param {Line} before @param {Line} after */
  moveToCut(before, after) {
    const last = { line: before, way: 1 }, first = { line: after, way: -1 }, meets = back(before, at(after, after.first));
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
    const cuts = Array.from({ length: Math.ceil((highest - lowest) * CUT_STEPS) + 1 }, (_, n) => lowest + n / CUT_STEPS), errors = cuts.map(() => 0);
    for (const { line, way, across = (/** @type {number} */ cut) => cut } of sides) {
      const [begin, end] = way > 0 ? FAILING : RETURNING;
      for (let k = Math.floor(across(lowest)); k <= across(highest); k++) {
        const found = this.wrong(k, Math.round(at(line, k)));
        if (found !== -2) cuts.forEach((cut, n) => {
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
    const here = { score: run.score, before: -1 }, rest = [run.score];
    for (const gain of run.gains) rest.push(rest[rest.length - 1] - gain);
    best.forEach(({ score }, k) => {
      const other = order[k], last = other.first + other.positions.length;
      if (other.positions[0] >= run.positions[0] || ends[k] >= ends[later] || last >= run.first + run.positions.length) return;
      const total = score + rest[run.positions.findIndex((position, n) => position > ends[k] && run.first + n >= last)] - JUMP;
      if (total > here.score) Object.assign(here, { score: total, before: k });
    });
    best.push(here);
  });
  const chain = /** @type {Run[]} */ ([]), most = Math.max(...best.map(({ score }) => score));
  for (let k = best.findIndex(({ score }) => score === most); k >= 0; k = best[k].before) chain.unshift(order[k]);
  return chain;
}

// The delivered audio: MP3, read in order, split at its frames and decoded some seconds at a time.

const MINUTE = 60, PIECE = 20, BORDER = 3; // seconds; at the border of what was read, other audio is not known yet
const LEAD = 10, SOME_FRAMES = 1000; // frames decoded before a piece, which may hold its data; frames taken at once
const DECODER_DELAY = 529; // samples
const MOST_JUNK = 1e5, MOST_TAGS = 5000; // bytes between frames, and of tags at the end
const SAME_LENGTH = 0.15, SAME_PLACE = 0.04; // seconds by which two encodings of the same audio may differ
const LEAST_GAP = 0.1; // seconds of other audio
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
    const bytes = joined(Uint8Array, [this.#rest, more]), frames = /** @type {Frame[]} */ ([]);
    let at = Math.min(this.#skip, bytes.length);
    this.#skip -= at;
    while (at + 10 <= bytes.length) {
      const frame = frameAt(bytes, at), isTag = textOf(bytes.subarray(at, at + 3)) === "ID3";
      if (frame && at + frame.size + 4 > bytes.length) break;
      const isFrame = frame && (frames.length || frameAt(bytes, at + frame.size)); // two bytes may look like a header by chance
      if (frame && isFrame) frames.push({ ...frame, bytes: bytes.slice(at, at + frame.size), at: this.#at + at });
      else if (!isTag && ++this.#junk > MOST_JUNK) throw new SyncError("codec", "the audio is not MP3");
      const tag = isTag ? 10 + [6, 7, 8, 9].reduce((size, n) => size * 128 + (bytes[at + n] & 127), 0) : 1, next = at + (frame && isFrame ? frame.size : tag);
      this.#skip = Math.max(0, next - bytes.length);
      at = next - this.#skip;
    }
    this.#rest = bytes.slice(at);
    this.#at += at;
    return frames;
  }
}

/** Return the MP3 frame that starts at a byte, without its bytes; null if none does. @param {Uint8Array} bytes @param {number} at */
function frameAt(bytes, at) {
  const [sync, second, third] = bytes.subarray(at, at + 3), version = (second >> 3) & 3; // 3 is MPEG 1, 2 is 2, 0 is 2.5
  if (sync !== 0xff || (second & 0xe6) !== 0xe2 || version === 1) return null;
  const kbits = BITRATES[Number(version === 3)][third >> 4], rate = RATES[(third >> 2) & 3] >> [2, 0, 1, 0][version];
  const samples = version === 3 ? 1152 : 576;
  return kbits && rate ? { size: Math.floor((samples * kbits * 125) / rate) + ((third >> 1) & 1), samples, rate, kbits } : null;
}

/**
 * Return what a file says of itself in its first frame: the number of `frames` and `bytes`, and the `delay` in samples of
 * encoder and decoder; null if the frame holds audio.
 * @param {Frame} frame
 */
function headerOf({ bytes }) {
  const text = textOf(bytes.subarray(0, 200)), at = text.search(/Xing|Info/), view = new DataView(bytes.buffer);
  if (at < 0 || at + 144 > bytes.length) return null;
  const delay = text[at + 120] === "L" ? (view.getUint16(at + 141) >> 4) + DECODER_DELAY : 0; // LAME, Lavc, Lavf
  return { frames: view.getUint32(at + 8), bytes: view.getUint32(at + 12), delay };
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
  #isEnd = false;

  /** @param {number} start seconds @param {Decode} decode */
  constructor(start, decode) {
    this.start = this.end = start;
    this.#decode = decode;
  }

  /** @param {Frame[]} frames @param {boolean} isEnd */
  async add(frames, isEnd) {
    for (const frame of frames) {
      const waits = this.#waiting[0];
      if (waits && (frame.rate !== waits.rate || this.#waiting.length * frame.samples >= PIECE * frame.rate)) await this.#flush();
      this.#waiting.push(frame);
    }
    if (isEnd && this.#waiting.length) await this.#flush();
    this.#isEnd = isEnd;
  }

  // Decodes the frames that wait. What the decoder leaves out is missing at the beginning.
  async #flush() {
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
    const found = match(own, this.#fingerprinter.hops(this.#isEnd)), { start } = this;
    return found.map((span) => ({ ...span, delivered_start: span.delivered_start + start, delivered_end: span.delivered_end + start }));
  }
}

/** @type {(address: string, options: RequestInit) => Promise<Response>} */
const fetched = (address, options) => fetch(address, { ...options, credentials: "omit" }).catch(failing("unreadable", "the audio may not be read"));

/**
 * Open audio: its size if known, what reads it in order, and `slice`, which returns some bytes, or null where the host
 * sends only all. A host that redirects may put other ads in for each request, so only the first one follows redirects.
 * @param {string} address @param {AbortSignal} [signal]
 */
async function opened(address, signal) {
  const answer = await fetched(address, { signal }), { url } = answer;
  if (!answer.ok || !answer.body) throw new SyncError("unreadable", `the host answers ${answer.status}`);
  const slice = async (/** @type {number} */ first, /** @type {number} */ last) => {
    const part = await fetched(url, { signal, headers: { Range: `bytes=${first}-${last - 1}` } });
    if (part.status === 206) return new Uint8Array(await part.arrayBuffer());
    await part.body?.cancel();
    return null;
  };
  return { size: Number(answer.headers.get("Content-Length")), url, reader: answer.body.getReader(), slice };
}

/** Audio that is being delivered. */
class Delivery {
  #mp3 = new Mp3();
  #frames = /** @type {Frame[]} */ ([]); // read, not yet decoded
  #first = /** @type {Frame | null} */ (null); // with audio
  #header = /** @type {ReturnType<typeof headerOf>} */ (null);
  #kbits = new Set();
  #source;
  #decode;

  /** @param {Awaited<ReturnType<typeof opened>>} source @param {Decode} decode */
  constructor(source, decode) {
    this.#source = source;
    this.#decode = decode;
    this.whole = new Part(0, decode); // in order, as far as it was read
  }

  /** Read on, by some seconds; return whether the audio has ended. */
  async read() {
    const { done, value } = this.#frames.length ? { done: false, value: null } : await this.#source.reader.read().catch(failing("unreadable", "the audio breaks off"));
    if (value) this.#frames = this.#mp3.add(value);
    if (!this.#first && this.#frames.length) this.#begin();
    const frames = this.#frames.splice(0, SOME_FRAMES), isEnd = done || this.whole.end > MOST_SECONDS;
    for (const { kbits } of frames) this.#kbits.add(kbits);
    await this.whole.add(frames, isEnd);
    if (isEnd && !this.#first) throw new SyncError("codec", "the audio is not MP3");
    return isEnd;
  }

  #begin() {
    this.#header = headerOf(this.#frames[0]);
    if (this.#header) this.#frames.shift();
    this.#first = this.#frames[0] ?? null;
    this.whole = new Part(-(this.#header?.delay ?? 0) / (this.#first?.rate ?? 1), this.#decode);
  }

  // The bytes and seconds of audio in the whole file, if every second has as many bytes or the file says it.
  get #layout() {
    const { size } = this.#source, first = this.#first, header = this.#header;
    if (!first || !size) return null;
    const bytes = size - first.at, isSteady = this.#kbits.size === 1, isTold = header && Math.abs(header.bytes - bytes) < MOST_TAGS;
    if (isSteady) return { first, bytes, seconds: bytes / (first.kbits * 125), isSteady };
    return isTold ? { first, bytes, seconds: (header.frames * first.samples) / first.rate, isSteady } : null;
  }

  /** Return whether this is the `own` audio, as far as its length and its first and last minute tell. @param {Hops} own */
  async isSame(own) {
    const layout = this.#layout, { size } = this.#source;
    if (!layout || Math.abs(layout.seconds + this.whole.start - own.duration) > SAME_LENGTH) return false;
    const bytes = await this.#source.slice(size - Math.round((layout.bytes / layout.seconds) * MINUTE), size), last = new Part(0, this.#decode);
    if (bytes) await last.add(new Mp3().add(bytes), true);
    last.start = layout.seconds + this.whole.start - last.end;
    return [this.whole, last].every((part) => {
      const spans = part.spans(own), [span] = spans;
      return spans.length === 1 && Math.abs(span.own_start - span.delivered_start) < SAME_PLACE && span.delivered_end - span.delivered_start > MINUTE - BORDER;
    });
  }

  /** Return the minute around a second; null where only all can be read, or its place cannot be known. @param {number} near */
  async partAround(near) {
    const layout = this.#layout;
    if (!layout?.isSteady || near < this.whole.end - BORDER) return null;
    const { first } = layout, perSecond = first.kbits * 125, from = first.at + Math.round((near - MINUTE / 2) * perSecond);
    const bytes = await this.#source.slice(from, Math.min(from + MINUTE * perSecond, this.#source.size)), frames = bytes ? new Mp3(from).add(bytes) : [];
    if (!frames.length) return null;
    const seconds = first.samples / first.rate, before = Math.round((frames[0].at - first.at) / (perSecond * seconds));
    const part = new Part(this.whole.start + before * seconds, this.#decode);
    await part.add(frames, true);
    return part;
  }
}

/** Return what parts of the delivered audio tell. @param {Hops} own @param {Part[]} parts @param {boolean} isComplete */
function resultOf(own, parts, isComplete) {
  const spans = /** @type {Span[]} */ ([]), foreign = /** @type {Passage[]} */ ([]);
  for (const part of parts) {
    const found = part.spans(own), end = { delivered_start: part.end - (isComplete ? 0 : BORDER), delivered_end: 0 };
    let known = part === parts[0] ? 0 : part.start + BORDER;
    for (const { delivered_start, delivered_end } of [...found, end]) {
      if (delivered_start - known >= LEAST_GAP) foreign.push({ start: known, end: delivered_start });
      known = Math.max(known, delivered_end);
    }
    spans.push(...found);
  }
  if (isComplete && isAnother(own, spans)) throw new SyncError("another", "the audio is another episode");
  const isSame = isComplete && spans.length === 1 && !foreign.length && spans[0].own_end - spans[0].own_start > own.duration - SAME_LENGTH;
  return { spans, foreign, is_complete: isComplete, is_same: isSame };
}

/**
 * Find the passages of an episode in audio as a host delivers it. An audio without ads is read no further than its first
 * and its last minute. Rejects with a SyncError.
 * @param {string} audio its address @param {ArrayBuffer | Uint8Array} sidecar
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
