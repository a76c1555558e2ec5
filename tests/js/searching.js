// Searches a published show as its page does: for each input line with a folder and queries, prints a line with what each
// query found and loaded.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { Search } from "../../web/static/js/site/search.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { folder, index, queries } = JSON.parse(line);
  const loaded = [];
  const load = async (address) => {
    loaded.push(address.split("?")[0]);
    return JSON.parse(readFileSync(`${folder}/${address.split("?")[0]}`, "utf8"));
  };
  const search = new Search(await load(index), load);
  const results = [];
  for (const query of queries) {
    const found = await search.find(query);
    const rows = found.map(async (each) => {
      const { hits } = each.passages.length ? await search.hits(each, 20) : { hits: [] };
      const { episode: { name, passages }, inTitle } = each;
      return { episode: name, inTitle, total: each.passages.length, searched: passages !== null, hits };
    });
    results.push({ found: await Promise.all(rows), loaded: loaded.splice(0) });
  }
  console.log(JSON.stringify(results));
}
