// W3C's parser and validator: the errors of a WebVTT file, and its cues with their tree of text.
// node webvtt.cjs FILE [chapters]
const { readFileSync } = require("node:fs");
const { WebVTTParser } = require("webvtt-parser");

const [file, mode] = process.argv.slice(2);
const { errors, cues } = new WebVTTParser(require("webvtt-parser/html-entities.json")).parse(readFileSync(file, "utf8"), mode);

console.log(JSON.stringify({ errors, cues: cues.map(read) }));

function read({ id, startTime, endTime, tree }) {
  const found = { id, start: startTime, end: endTime, text: "", voices: [], times: [] };
  (function walk(node, voice) {
    for (const child of node.children ?? []) {
      if (child.type === "text") {
        found.text += child.value;
        if (child.value.trim() && found.voices.at(-1) !== voice) found.voices.push(voice);
      } else if (child.type === "timestamp") {
        found.times.push(child.value);
      }
      walk(child, child.name === "v" ? child.value : voice);
    }
  })(tree, null);
  return found;
}
