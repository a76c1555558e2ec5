// @ts-check
// Addresses, the files that are at them, and what keeps an episode from being shown.

const PATIENCE = 30_000; // milliseconds within which an answer begins and each of its pieces comes

/** @typedef {"data" | "malformed" | "newer" | "nowhere" | "sound" | "jump"} Problem */

// `place` is where in the data.
export class CastError extends Error {
  /**
   * @param {Problem} problem
   * @param {string} [place]
   */
  constructor(problem, place = "") {
    super(`quote-cast: ${problem}${place && ` at ${place}`}`);
    this.problem = problem;
    this.place = place;
  }
}

/**
 * An address that a link may have: of the web, and no script.
 * @param {string | null} address
 */
export function webAddress(address) {
  return address && /^https?:\/\//i.test(address) && resolved(address) ? address : null;
}

/**
 * The whole address of one that is seen from another; null where it is none.
 * @param {string} address
 * @param {string} [base]
 */
export function resolved(address, base) {
  try {
    return new URL(address, base);
  } catch {
    return null;
  }
}

/**
 * The file that an address answers with, and its last address where that led on. Nobody need wait for it without end, nor hold
 * what has none.
 * @param {URL | string} address
 * @param {number} most bytes
 * @param {AbortController} stop by which it is given up
 */
export async function fileAt(address, most, stop) {
  /** @type {<T>(coming: Promise<T>) => Promise<T>} */
  const waitFor = async (coming) => {
    const timer = setTimeout(() => stop.abort(new CastError("data", "no answer")), PATIENCE);
    return coming.finally(() => clearTimeout(timer));
  };
  try {
    const answer = await waitFor(fetch(address, { credentials: "omit", signal: stop.signal }));
    if (!answer.ok) throw new CastError("data", String(answer.status));
    if (Number(answer.headers.get("Content-Length")) > most) throw new CastError("malformed", `more than ${most} bytes`);
    const reader = answer.body?.getReader();
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const pieces = [];
    for (let size = 0; reader;) {
      const { done, value } = await waitFor(reader.read());
      if (done) break;
      size += value.length;
      if (size > most) throw new CastError("malformed", `more than ${most} bytes`);
      pieces.push(value);
    }
    return { file: new Blob(pieces, { type: answer.headers.get("Content-Type") ?? "" }), address: answer.url || String(address) };
  } finally {
    stop.abort(); // what is too much is not asked for any longer
  }
}
