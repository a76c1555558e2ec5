// @ts-check
// Waveforms: bars of loudness on a canvas, and handles over it that a pointer or keys move.

const BAR = 2, GAP = 1; // pixels
const STILL = { mouse: 3, touch: 8 }; // a shorter movement in pixels is no drag

/** The steps by which each key moves a handle. @type {Record<string, number>} */
export const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -1, PageUp: 1 };

/**
 * @typedef {Object} Board a canvas to draw on, in CSS pixels. Scripts cannot read light-dark(), so colours come from the
 * canvas's style: `color` for bars, `caretColor` for highlighted ones, `borderTopColor` for areas, `outlineColor` for lines.
 * @property {CanvasRenderingContext2D} pen
 * @property {CSSStyleDeclaration} style
 * @property {number} width
 * @property {number} height
 */

export class Waveform {
  #canvas;
  #paint;

  /**
   * Draw again when the size of the canvas or the theme changes.
   * @param {HTMLCanvasElement} canvas
   * @param {(board: Board) => void} paint
   */
  constructor(canvas, paint) {
    this.#canvas = canvas;
    this.#paint = paint;
    new ResizeObserver(() => this.draw()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    new MutationObserver(() => this.draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  // The number of bars that fit.
  get bars() { return Math.max(1, Math.floor(this.#canvas.clientWidth / (BAR + GAP))); }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.#canvas, pen = this.#canvas.getContext("2d");
    if (!width || !height || !pen) return;
    const [wide, tall] = [width, height].map((pixels) => Math.round(pixels * devicePixelRatio));
    if (this.#canvas.width !== wide) this.#canvas.width = wide;
    if (this.#canvas.height !== tall) this.#canvas.height = tall;
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.#paint({ pen, style: getComputedStyle(this.#canvas), width, height });
  }
}

/**
 * @param {Board} board
 * @param {number} tall height of the loudest bar
 * @param {(share: number) => number} loudness 0 to 1, at a share of the width
 * @param {(x: number) => boolean} isLit
 */
export function drawBars({ pen, style, width }, tall, loudness, isLit) {
  for (let x = 0; x < width; x += BAR + GAP) {
    const loud = Math.max(2, loudness(x / width) * (tall - 8));
    pen.fillStyle = isLit(x) ? style.caretColor : style.color;
    pen.fillRect(x, (tall - loud) / 2, BAR, loud);
  }
}

/**
 * Return the loudness at a time, 0 to 1; 0 if it is not loaded.
 * @param {Peaks | null} part
 * @param {number} seconds
 */
export function loudnessAt(part, seconds) {
  if (!part) return 0;
  const { from, to, peaks } = part;
  return (peaks[Math.floor(((seconds - from) / (to - from)) * peaks.length)] ?? 0) / 255;
}

/**
 * Put a handle at a position on the waveform, at the edge if it is out of view.
 * @param {HTMLElement} handle
 * @param {number} x
 * @param {number} width of the waveform
 * @param {number} seconds its value
 * @param {string} text of that value
 */
export function placeHandle(handle, x, width, seconds, text) {
  handle.classList.toggle("out", x < -1 || x > width + 1);
  handle.style.setProperty("--x", `${Math.min(Math.max(x, 0), width)}px`);
  handle.setAttribute("aria-valuenow", seconds.toFixed(2));
  handle.setAttribute("aria-valuetext", text);
}

/**
 * Follow a pointer pressed on a waveform until it is released.
 * @param {HTMLElement} box
 * @param {PointerEvent} event
 * @param {(move: PointerEvent) => void} along
 * @param {(moved: boolean) => void} [after] called with whether it was a drag
 */
export function followPointer(box, event, along, after = () => {}) {
  const until = new AbortController(), { signal } = until;
  const still = STILL[event.pointerType === "mouse" ? "mouse" : "touch"];
  let moved = false;
  box.setPointerCapture(event.pointerId);
  box.addEventListener("pointermove", (move) => {
    if (move.pointerId !== event.pointerId) return;
    moved ||= Math.abs(move.clientX - event.clientX) > still;
    if (moved) along(move);
  }, { signal });
  for (const name of ["pointerup", "pointercancel"]) {
    box.addEventListener(name, () => { until.abort(); after(moved); }, { signal });
  }
}
