// Finds in folded texts as the page of an episode does: for each line with a text, its turns and queries, one with the
// places of the hits of each.

import { createInterface } from "node:readline";

import { hitsOf } from "../../web/static/js/page/places.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { folded, turns, queries } = JSON.parse(line);
  const told = turns.map(([speaker, start, end]) => ({ speaker, start, end }));
  console.log(JSON.stringify(queries.map((query) => hitsOf(folded, query, told))));
}
