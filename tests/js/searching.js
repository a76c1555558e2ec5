// Searches the index of a published show as its page does: for each line with a folder and queries, one with what each of
// them has found and loaded.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { runInThisContext } from "node:vm";

import { hitOf } from "../../web/static/js/search/hits.js";
import { Parts } from "../../web/static/js/search/parts.js";
import { search } from "../../web/static/js/search/search.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { folder, index, queries } = JSON.parse(line);
  const loaded = [];
  const bring = async (address) => {
    loaded.push(address);
    runInThisContext(readFileSync(`${folder}/${address.split("?")[0]}`, "utf8"));
    return globalThis[address];
  };
  const parts = new Parts(await bring(index), bring);
  const told = [];
  for (const query of queries) {
    const found = await search(query, parts);
    const rows = found.map(async ({ episode, inTitle, byShow, total, apart, places }) => {
      const hits = await Promise.all(places.map((place) => hitOf(place, episode, parts)));
      return { episode: episode.name, inTitle, byShow, total, apart, hits };
    });
    const reachable = found.map(({ places, total, next }) => {
      const all = [...places, ...next(places.length, places.length + 1), ...next(places.length + 1, total)];
      return [new Set(all.map((place) => JSON.stringify(place))).size, all.length, total];
    });
    told.push({ found: await Promise.all(rows), loaded: loaded.splice(0), reachable });
  }
  console.log(JSON.stringify(told));
}
