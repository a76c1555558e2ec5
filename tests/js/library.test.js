import "./page.js";

import assert from "node:assert/strict";
import test from "node:test";

import { kindOf } from "../../web/static/js/library/slots.js";
import { sizeOf } from "../../web/static/js/library/upload.js";

test("sizes are in the largest unit that fits, to one decimal", () => {
  const said = [0, 28, 499_900, 1_000_000, 1_260_000, 2_500_000_000].map((bytes) => sizeOf(bytes).replace("\u00a0", " "));
  assert.deepEqual(said, ["0 kB", "0.1 kB", "499.9 kB", "1 MB", "1.3 MB", "2.5 GB"]);
});

test("the slot of a file follows from its name, else its type", () => {
  const kinds = [
    ["talk.MP3", ""], ["talk", "audio/x-own"], ["talk.webm", "video/webm"], ["cover.JPG", "image/jpeg"],
    ["talk.docx", ""], ["notes", "text/plain"], ["talk.srt", "application/x-subrip"], ["talk.zip", "application/zip"], ["notes", ""],
  ].map(([name, type]) => kindOf({ name, type }));
  assert.deepEqual(kinds, ["audio", "audio", "audio", "cover", "transcript", "transcript", "transcript", null, "transcript"]);
});
