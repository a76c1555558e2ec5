// @ts-check
// The caption view: the current cue in large type, with its speaker and the spoken word highlighted.

import { around, byId, one } from "../ui/elements.js";
import { always } from "../ui/memory.js";
import { ReaderError, announce, t } from "../ui/strings.js";

const SIZES = [0.75, 1, 1.3, 1.7, 2.2];

/** @typedef {ReturnType<typeof openCaptions>} Captions */

/** @param {import("./transcript.js").Transcript} transcript */
export function openCaptions(transcript) {
  const panel = byId("captions"), button = byId("captions-button");
  const box = one(panel, ".caption");
  let load = /** @type {() => Cue[] | Promise<Cue[]>} */ (() => []);
  let cues = /** @type {Cue[] | null} */ (null);
  let shown = /** @type {Cue | string | null | undefined} */ (undefined); // undefined until a cue is shown
  let now = 0, instead = "", asked = 0; // `asked` counts requests and changes, so that an outdated answer is ignored

  /** Show the cue at `seconds`, or a note instead. @param {number} seconds @param {string} note */
  const show = (seconds, note) => {
    [now, instead] = [seconds, note];
    if (panel.hidden || !cues) return;
    const last = cues.findLast(({ start }) => start <= seconds * 1000), cue = last && seconds * 1000 < last.end ? last : null;
    if ((note || cue) !== shown) box.replaceChildren(...(note ? [note] : rowsOf(cue?.lines ?? [])));
    shown = note || cue;
    box.lang = note ? document.documentElement.lang : transcript.data.language;
    const before = box.querySelector(".lit"), word = box.querySelector(`[data-word="${transcript.lit}"]`);
    if (before === word) return;
    before?.classList.remove("lit");
    word?.classList.add("lit");
  };
  const read = async () => {
    try {
      const ask = ++asked, known = cues ?? await load();
      if (ask !== asked) return;
      cues = known;
      shown = undefined;
      show(now, instead);
    } catch (error) {
      box.textContent = error instanceof ReaderError ? error.message : t("captions.none");
      announce(box.textContent);
    }
  };
  const toggle = () => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-pressed", String(!panel.hidden));
    always.write("captions", String(!panel.hidden));
    if (!panel.hidden) read();
  };
  // Applies the size that the reader chose on any page.
  const applySize = () => {
    const size = Number(always.read("caption-size") ?? 1);
    panel.style.setProperty("--caption-size", String(SIZES[size] ?? 1));
    return size;
  };

  applySize();
  button.addEventListener("click", toggle);
  panel.addEventListener("click", (event) => {
    const tool = around(event, "[data-caption]")?.dataset.caption, size = applySize();
    if (tool === "close") { toggle(); button.focus(); }
    if (tool === "smaller") always.write("caption-size", String(Math.max(size - 1, 0)));
    if (tool === "larger") always.write("caption-size", String(Math.min(size + 1, SIZES.length - 1)));
    applySize();
  });
  return {
    show,
    toggle,
    /**
     * Load cues with `ask` when the view is first opened, or now if the reader left it open.
     * @param {typeof load} ask
     */
    use(ask) {
      load = ask;
      if (always.read("captions") === "true") toggle();
    },
    // Call after words changed: loads the cues again, now if the view is open.
    changed() {
      cues = null;
      asked += 1;
      if (!panel.hidden) read();
    },
  };
}

/** @param {CueLine[]} lines */
function rowsOf(lines) {
  let speaker = /** @type {string | null} */ (null);
  return lines.map((line) => {
    const row = document.createElement("div");
    if (line.speaker && line.speaker !== speaker) {
      speaker = line.speaker;
      row.append(Object.assign(document.createElement("span"), { className: "speaker", textContent: speaker }));
    }
    if (line.lead) row.append(`${line.lead} `);
    for (const [text, word] of line.words) {
      const trimmed = text.trimStart(), span = Object.assign(document.createElement("span"), { textContent: trimmed });
      if (word !== null) span.dataset.word = String(word);
      row.append(text.slice(0, text.length - trimmed.length), span); // leading spaces stay outside the highlighted box
    }
    return row;
  });
}
