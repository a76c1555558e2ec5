// Sandflow's reader of IMSC, which browsers' players use: what it complains of, and what it shows when.
// node imsc.cjs FILE...
const { readFileSync } = require("node:fs");
// Not the whole of it, which wants a browser to draw in.
const { fromXML } = require("imsc/src/main/js/doc.js");
const { generateISD } = require("imsc/src/main/js/isd.js");

const STYLING = "http://www.w3.org/ns/ttml#styling";
console.log(JSON.stringify(process.argv.slice(2).map(read)));

function read(file) {
  const complaints = [];
  const tell = (kind) => (message) => {
    complaints.push(`${kind}: ${message}`);
  };
  const handler = { info: tell("info"), warn: tell("warn"), error: tell("error"), fatal: tell("fatal") };
  const document = fromXML(readFileSync(file, "utf8"), handler);
  const times = document.getMediaTimeEvents();
  const shown = times.map((at, number) => ({
    start: at,
    end: times[number + 1] ?? null,
    lines: generateISD(document, at, handler).contents.flatMap(linesOf),
  }));
  return { complaints, language: document.lang, shown: shown.filter(({ lines }) => lines.length) };
}

/** The lines that an element shows, each a list of runs. */
function linesOf(element) {
  const lines = [[]];
  let direction = null;
  (function walk(node) {
    if (node.kind === "p") direction = node.styleAttrs[`${STYLING} direction`];
    if (node.kind === "br") lines.push([]);
    if (node.kind === "span" && node.text !== undefined && node.text !== null) {
      const colour = node.styleAttrs[`${STYLING} color`];
      const behind = node.styleAttrs[`${STYLING} backgroundColor`];
      lines.at(-1).push({ text: node.text, colour: hex(colour), behind: hex(behind), direction });
    }
    (node.contents ?? []).forEach(walk);
  })(element);
  return lines.filter((runs) => runs.length);
}

function hex([red, green, blue]) {
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
