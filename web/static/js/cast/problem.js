// @ts-check
// What keeps an episode from being shown.

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
