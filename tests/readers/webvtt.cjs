// W3C's parser and validator: the errors of WebVTT files, and their cues with what they show, who says it, and when.
// node webvtt.cjs FILE...
const { readFileSync } = require("node:fs");
const { WebVTTParser } = require("webvtt-parser");

const parser = new WebVTTParser(require("webvtt-parser/html-entities.json"));

console.log(JSON.stringify(process.argv.slice(2).map(read)));

function read(file) {
  const mode = file.endsWith(".chapters.vtt") ? "chapters" : undefined;
  const { errors, cues } = parser.parse(readFileSync(file, "utf8"), mode);
  return { errors, cues: cues.map(({ id, startTime, endTime, tree }) => ({ id, start: startTime, end: endTime, runs: runsOf(tree) })) };
}

/** What a cue shows, cut where the voice changes and at each time of a word. */
function runsOf(tree) {
  const runs = [];
  let time = null;
  (function walk(node, voice) {
    for (const child of node.children ?? []) {
      if (child.type === "text") {
        const goes = runs.length > 0 && time === null && runs.at(-1).voice === voice;
        if (goes) runs.at(-1).text += child.value;
        else runs.push({ text: child.value, voice, time });
        time = null;
      } else if (child.type === "timestamp") {
        time = child.value;
      }
      walk(child, child.name === "v" ? unescaped(child.value) : voice);
    }
  })(tree, null);
  return runs;
}

/** The parser leaves escapes in names of voices as they are. */
function unescaped(name) {
  return name.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
