// @ts-check
// The picture of a stretch of sound: its loudness, the passage in question, the words' edges, where it is heard.

const BAR = 2, GAP = 1; // pixels

/**
 * @typedef {Object} Drawn
 * @property {import("./geometry.js").Bounds} view
 * @property {import("./geometry.js").Bounds | null} asked
 * @property {import("./geometry.js").Placed[]} words
 * @property {Selected | null} chosen
 * @property {Stretch | null} sound
 * @property {number} playhead milliseconds
 * @property {(time: number) => number} at where a time is, in pixels
 */

/**
 * Colours are those of the canvas's own style: scripts cannot read light-dark() itself.
 * @param {HTMLCanvasElement} canvas
 * @param {Drawn} drawn
 */
export function drawWave(canvas, drawn) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return;
  const scale = devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const style = getComputedStyle(canvas);
  const tall = Math.min(height, Number.parseFloat(style.getPropertyValue("--wave")) || height); // a spectrogram lies below
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  const { asked, words, chosen, playhead, at } = drawn;
  const first = words.find(({ word }) => word === chosen?.first), last = words.find(({ word }) => word === (chosen?.last ?? 0) - 1);
  const [left, right] = first && last ? [at(first.start), at(last.end)] : [NaN, NaN];
  if (asked) {
    pen.fillStyle = style.borderTopColor;
    const wide = Math.max(2, at(asked.to) - at(asked.from));
    pen.fillRect(at(asked.from), 0, wide, tall);
    pen.fillStyle = style.caretColor;
    pen.fillRect(at(asked.from), height - 2, wide, 2); // over a spectrogram, which it would hide
  }
  for (let x = 0; x < width; x += BAR + GAP) {
    const loud = Math.max(2, loudness(drawn, x / width) * (tall - 8));
    pen.fillStyle = x + BAR > left && x < right ? style.caretColor : style.color;
    pen.fillRect(x, (tall - loud) / 2, BAR, loud);
  }
  pen.fillStyle = style.color;
  pen.globalAlpha = 0.45;
  for (const { start, end } of words) for (const edge of [start, end]) pen.fillRect(at(edge) - 0.5, 0, 1, height);
  pen.globalAlpha = 1;
  pen.fillStyle = style.caretColor;
  if (first && last) for (const x of [left, right]) pen.fillRect(x - 1, 0, 2, height);
  pen.fillStyle = style.outlineColor;
  pen.fillRect(at(playhead) - 0.75, 0, 1.5, height);
}

/**
 * How loud it is at a share of the view, 0 to 1.
 * @param {Drawn} drawn
 * @param {number} share
 */
function loudness({ view, sound }, share) {
  if (!sound?.peaks.length) return 0;
  const { from, to, peaks } = sound;
  const time = (view.from + share * (view.to - view.from)) / 1000;
  return (peaks[Math.floor(((time - from) / (to - from)) * peaks.length)] ?? 0) / 255;
}
