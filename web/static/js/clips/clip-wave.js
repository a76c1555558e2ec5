// The zoomed waveform of a clip: the sound around it, the words under it, two handles to drag or to move by keys.
//
// Events: "drag" (detail: {side, time}) as a handle is dragged, "drop" when it is let go; "nudge" (detail: {side, by})
// by seconds and "step" (detail: {side, by}) by words, from its keys; "sought" (detail: {side}) when one that is out of
// view gets the focus.

const BAR = 2, GAP = 1, ROWS = 3, ROW = 18; // pixels
const NUDGE = 0.05; // seconds

export class ClipWave extends EventTarget {
  #box;
  #canvas;
  #handles;
  #data;
  #textOf;
  #view = { from: 0, to: 1 };
  #edges = { start: 0, end: 1 };
  #sound = null;
  #playhead = null;

  constructor(box, data, textOf) {
    super();
    this.#box = box;
    this.#canvas = box.querySelector("canvas");
    this.#handles = { start: box.querySelector('[data-side="start"]'), end: box.querySelector('[data-side="end"]') };
    this.#data = data;
    this.#textOf = textOf;
    new ResizeObserver(() => this.#draw()).observe(box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    for (const [side, handle] of Object.entries(this.#handles)) {
      handle.addEventListener("pointerdown", (event) => this.#grab(event, side));
      handle.addEventListener("focus", () => { if (handle.classList.contains("out")) this.#tell("sought", { side }); });
      handle.addEventListener("keydown", (event) => this.#press(event, side));
    }
  }

  get view() { return this.#view; }
  get columns() { return Math.max(1, Math.floor(this.#box.clientWidth / (BAR + GAP))); }

  look(from, to) {
    this.#view = { from, to };
    this.#draw();
  }

  // Peaks, 0 to 255, of the sound between two times.
  use(sound) {
    this.#sound = sound;
    this.#draw();
  }

  set(start, end, told) {
    this.#edges = { start, end };
    for (const [side, handle] of Object.entries(this.#handles)) {
      handle.setAttribute("aria-valuenow", this.#edges[side].toFixed(2));
      handle.setAttribute("aria-valuemax", this.#data.duration.toFixed(2));
      handle.setAttribute("aria-valuetext", told[side]);
    }
    this.#draw();
  }

  play(time) {
    this.#playhead = time;
    this.#draw();
  }

  #at(time) { return ((time - this.#view.from) / (this.#view.to - this.#view.from)) * this.#box.clientWidth; }

  #grab(event, side) {
    event.preventDefault();
    const handle = this.#handles[side];
    handle.focus();
    handle.setPointerCapture(event.pointerId);
    const off = event.clientX - this.#box.getBoundingClientRect().left - this.#at(this.#edges[side]);
    const until = new AbortController();
    handle.addEventListener("pointermove", (move) => {
      const x = move.clientX - this.#box.getBoundingClientRect().left - off;
      const time = this.#view.from + (x / this.#box.clientWidth) * (this.#view.to - this.#view.from);
      this.#tell("drag", { side, time });
    }, { signal: until.signal });
    for (const name of ["pointerup", "pointercancel"]) {
      handle.addEventListener(name, () => { until.abort(); this.#tell("drop", { side }); }, { signal: until.signal });
    }
  }

  #press(event, side) {
    const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -1, PageUp: 1 }[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const words = event.shiftKey || event.key.startsWith("Page");
    this.#tell(words ? "step" : "nudge", { side, by: words ? direction : direction * NUDGE });
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#box;
    if (!width || !height) return;
    const scale = devicePixelRatio;
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const style = getComputedStyle(this.#canvas);
    const pen = this.#canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    const tall = height - ROWS * ROW - 6;
    const [left, right] = [this.#at(this.#edges.start), this.#at(this.#edges.end)];
    pen.fillStyle = style.borderTopColor;
    pen.fillRect(left, 0, right - left, tall);
    for (let x = 0; x < width; x += BAR + GAP) {
      const loud = Math.max(2, this.#loudness(x, width) * (tall - 8));
      pen.fillStyle = x + BAR > left && x < right ? style.caretColor : style.color;
      pen.fillRect(x, (tall - loud) / 2, BAR, loud);
    }
    pen.fillStyle = style.outlineColor;
    if (this.#playhead !== null) pen.fillRect(this.#at(this.#playhead), 0, 1.5, tall);
    this.#write(pen, style, tall + 4);
    for (const [side, handle] of Object.entries(this.#handles)) {
      const x = this.#at(this.#edges[side]);
      handle.classList.toggle("out", x < -1 || x > width + 1);
      handle.style.setProperty("--x", `${Math.min(Math.max(x, 0), width)}px`);
      handle.style.setProperty("--tall", `${tall}px`);
    }
  }

  #loudness(x, width) {
    if (!this.#sound?.peaks.length) return 0;
    const { from, to, peaks } = this.#sound;
    const time = this.#view.from + (x / width) * (this.#view.to - this.#view.from);
    return (peaks[Math.floor(((time - from) / (to - from)) * peaks.length)] ?? 0) / 255;
  }

  // Each word under its sound, on the first row that has room for it; a word that none has is left out.
  #write(pen, style, top) {
    const { starts, ends } = this.#data;
    const reached = new Array(ROWS).fill(-Infinity);
    pen.font = style.font;
    pen.textBaseline = "top";
    for (let i = 0; i < starts.length; i++) {
      if (starts[i] === null || ends[i] / 1000 < this.#view.from || starts[i] / 1000 > this.#view.to) continue;
      const x = this.#at(starts[i] / 1000);
      const row = reached.findIndex((right) => right + 6 <= x);
      const right = x + 3 + pen.measureText(this.#textOf(i)).width;
      if (row < 0 || x < 0 || right > this.#box.clientWidth) continue;
      const middle = (starts[i] + ends[i]) / 2000;
      const inside = middle >= this.#edges.start && middle < this.#edges.end;
      pen.fillStyle = inside ? style.outlineColor : style.color;
      pen.globalAlpha = 0.3;
      pen.fillRect(x, top - 3, 1, row * ROW + 16);
      pen.globalAlpha = 1;
      pen.fillText(this.#textOf(i), x + 3, top + row * ROW + 1);
      reached[row] = right;
    }
  }
}
