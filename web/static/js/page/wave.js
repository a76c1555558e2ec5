// @ts-check
// The waveform of the whole episode in the player: shows the position and seeks. Ticks at the top are chapters, lines at
// the bottom uncertain passages, areas speech missing from the transcript.

import { clock } from "../ui/durations.js";
import { byId, one } from "../ui/elements.js";
import { isolated } from "../ui/strings.js";
import { Waveform, drawBars, followPointer } from "../ui/waveform.js";

/** Seconds that each key moves. @type {Record<string, number>} */
const STEPS = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -60, PageUp: 60, Home: -Infinity, End: Infinity };
const LOUD = 0.95; // share of the bars below full height

/** @typedef {ReturnType<typeof openWave>} Wave */

/** @param {import("./player.js").Player} player @param {EpisodeData} data */
export function openWave(player, data) {
  const box = byId("wave"), there = one(box, ".there");
  let peaks = /** @type {number[]} */ ([]);
  let levels = /** @type {number[]} */ ([]); // the loudness of each bar, 0 to 1
  let playedTo = -1; // the pixel of the audio position

  const positionNow = () => Math.floor((player.time / data.duration) * box.clientWidth);
  const waveform = new Waveform(one(box, "canvas", HTMLCanvasElement), (board) => {
    const { pen, style, width, height } = board, { chapters, doubtful, missing, duration } = data, { bars } = waveform;
    /** @param {number} milliseconds */
    const at = (milliseconds) => (milliseconds / 1000 / duration) * width;
    if (levels.length !== bars) levels = levelsOf(peaks, bars);
    playedTo = positionNow();
    pen.fillStyle = style.borderTopColor;
    for (const [start, end] of missing) pen.fillRect(at(start), 0, Math.max(2, at(end - start)), height);
    drawBars(board, height, (share) => levels[Math.floor(share * bars)] ?? 0, (x) => x < playedTo);
    pen.fillStyle = style.outlineColor;
    for (const [, start] of chapters) if (start !== null) pen.fillRect(at(start), 0, 1, 6);
    for (const [start, end] of doubtful) pen.fillRect(at(start), height - 2, Math.max(2, at(end - start)), 1);
    pen.fillRect(playedTo, 0, 1, height);
  });
  /** Return the time under a pointer. @param {PointerEvent} event */
  const timeAt = ({ clientX }) => {
    const { left, width } = box.getBoundingClientRect();
    return Math.min(Math.max((clientX - left) / width, 0), 1) * data.duration;
  };

  box.addEventListener("pointerdown", (event) => {
    player.seek(timeAt(event));
    followPointer(box, event, (move) => player.seek(timeAt(move)));
  });
  box.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    player.seek(Math.min(Math.max(0, player.time + step), data.duration));
  });
  // Shows the time and chapter under the pointer.
  box.addEventListener("pointermove", (event) => {
    const time = timeAt(event), { left, width } = box.getBoundingClientRect();
    const chapter = data.chapters.findLast(([, start]) => start !== null && start <= time * 1000);
    there.textContent = chapter ? `${clock(time)} · ${isolated(chapter[0])}` : clock(time);
    there.hidden = false;
    const room = Math.max(0, width - there.offsetWidth), at = event.clientX - left - there.offsetWidth / 2;
    there.style.setProperty("--left", `${Math.round(Math.min(Math.max(at, 0), room))}px`);
  });
  for (const name of ["pointerleave", "pointercancel"]) box.addEventListener(name, () => { there.hidden = true; });

  return {
    /** Show peaks from 0 to 255 over the whole episode; without them the line is flat. @param {number[]} loaded */
    use(loaded) {
      peaks = loaded;
      levels = [];
      waveform.draw();
    },
    // Call after the episode's data changed.
    redraw() { waveform.draw(); },
    show() {
      const now = Math.floor(player.time);
      if (positionNow() !== playedTo) waveform.draw();
      if (box.getAttribute("aria-valuenow") === String(now)) return;
      box.setAttribute("aria-valuenow", String(now));
      box.setAttribute("aria-valuetext", clock(now));
    },
  };
}

/**
 * Return the loudness of equal parts, 0 to 1: the mean square of their peaks. The highest peak alone would be the same
 * wherever somebody speaks; the square sets speech apart from pauses.
 * @param {number[]} peaks
 * @param {number} bars
 */
function levelsOf(peaks, bars) {
  const squares = Array.from({ length: bars }, (_, k) => {
    const part = peaks.slice(Math.floor((k / bars) * peaks.length), Math.ceil(((k + 1) / bars) * peaks.length));
    return part.reduce((sum, peak) => sum + peak ** 2, 0) / (part.length || 1);
  });
  const loud = squares.toSorted((one, other) => one - other)[Math.floor(LOUD * (bars - 1))] || 1;
  return squares.map((square) => Math.min(square / loud, 1));
}
