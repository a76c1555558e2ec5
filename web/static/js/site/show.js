// @ts-check
// The page of a published show: searches all its episodes while the reader types, and shows ten at a time. The address
// holds the query.

import { clock } from "../ui/durations.js";
import { all, byId, one } from "../ui/elements.js";
import { announce, messageOf, ReaderError, t } from "../ui/strings.js";
import { Search } from "./search.js";

const PAUSE_MS = 250; // after typing, before the search
const AT_A_TIME = 10; // episodes loaded at a time
const HITS = 10; // shown of an episode, whose page has its own search

/** @typedef {import("./search.js").Found} Found */

const form = byId("search", HTMLFormElement), input = byId("query", HTMLInputElement);
const root = byId("found"), list = byId("hits"), more = byId("more", HTMLButtonElement), busy = byId("busy");
/** @type {Map<string, Promise<any>>} */
const loaded = new Map();
/** @type {Found[]} */
let found = [];
let shown = 0, latest = 0, pause = 0; // how many of `found` were loaded
/** @type {Search | null} */
let searching = null;

/** @param {string} address */
function load(address) {
  const known = loaded.get(address) ?? fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)));
  loaded.set(address, known);
  return known.catch(() => {
    loaded.delete(address); // the next request tries again
    throw new ReaderError(t("site.incomplete", { file: address.split("?")[0] }));
  });
}

const index = async () => (searching ??= new Search(await load(form.dataset.index ?? ""), load));

// Searches for the typed query; drops the results of an outdated one.
async function seek() {
  clearTimeout(pause);
  const query = input.value.trim(), number = ++latest, address = new URL(location.href);
  if (query) address.searchParams.set("q", query);
  else address.searchParams.delete("q");
  history.replaceState(null, "", address);
  busy.hidden = !query;
  show("");
  if (!query) return;
  try {
    const all = await (await index()).find(query);
    if (number !== latest) return;
    [found, shown] = [all, 0];
    show(tally());
    await add();
  } catch (error) {
    if (number === latest) show(messageOf(error));
  }
  if (number === latest) busy.hidden = true;
}

/** @param {string} title empty to show the list of all episodes again */
function show(title) {
  root.hidden = !title;
  byId("all").hidden = !!input.value.trim();
  if (title) announce(title);
  byId("found-title").textContent = title;
  list.replaceChildren();
  more.hidden = true;
}

// Shows the next episodes, each when its data is loaded; skips those without the phrase.
async function add() {
  const number = latest, before = list.childElementCount;
  while (shown < found.length && list.childElementCount < before + AT_A_TIME) {
    const rows = found.slice(shown, shown += AT_A_TIME - (list.childElementCount - before)).map(rowOf);
    for (const coming of rows) {
      const row = await coming;
      if (number !== latest) return;
      if (row) list.append(row);
      busy.hidden = true;
    }
  }
  if (!list.childElementCount) show(t("show.none", { query: input.value.trim() }));
  const left = Math.min(AT_A_TIME, found.length - shown);
  more.hidden = left <= 0;
  more.textContent = left === 1 ? t("show.next.one") : t("show.next", { n: left });
}

/** Return the row of an episode; null if the phrase is not in it. @param {Found} each */
async function rowOf(each) {
  const { episode: { name, passages: searched }, passages, inTitle } = each;
  const listed = one(byId("all"), `.row:has([href="e/${name}/index.html"])`);
  const header = element("header", "", one(listed, ".cover").cloneNode(true), one(listed, ".what").cloneNode(true));
  one(header, ".review-status").remove();
  const row = element("section", "found", header), hits = element("ol", "hits");
  if (searched === null) row.append(element("p", "hint", t("show.unread")));
  if (!passages.length) return row;
  header.append(element("span", "count", countOf(passages.length)));
  row.append(hits);
  try {
    const { hits: some, language } = await (await index()).hits(each, HITS);
    hits.append(...some.map((hit) => element("li", "", linkOf(hit, `e/${name}/index.html`, language))));
  } catch (error) {
    row.append(element("p", "problem", messageOf(error)));
  }
  return row.querySelector(".hits li, .problem") || inTitle || HITS < passages.length ? row : null;
}

/** @param {number} n */
const countOf = (n) => (n === 1 ? t("show.hits.one") : t("show.hits", { n }));

// Counts the candidate passages and their episodes, or the matching titles.
function tally() {
  const withHits = found.filter(({ passages }) => passages.length), n = found.filter(({ inTitle }) => inTitle).length;
  if (!withHits.length) return n ? t(n === 1 ? "show.named.one" : "show.named", { n }) : t("show.none", { query: input.value.trim() });
  const hits = countOf(withHits.reduce((sum, { passages }) => sum + passages.length, 0));
  const count = withHits.length === 1 ? hits : t("show.tally", { hits, episodes: withHits.length });
  return withHits[0].terms.some(({ words }) => words.length > 1) ? t("show.most", { tally: count }) : count;
}

/** @type {(hit: import("./search.js").Hit, page: string, language: string) => HTMLElement} */
function linkOf({ start, speaker, bySpeaker, pieces, fragment }, page, language) {
  const words = element("span", "words"), link = document.createElement("a");
  words.dir = "auto";
  words.lang = language;
  if (speaker) words.append(element("b", "", element("bdi", "", bySpeaker ? element("mark", "", speaker) : speaker)), " ");
  words.append(...pieces.map(([text, sought]) => (sought ? element("mark", "", text) : text)));
  link.href = page + fragment;
  link.append(element("span", "time", start === null ? "–" : clock(start)), words);
  return link;
}

/** @type {(name: string, kind: string, ...content: (Node | string)[]) => HTMLElement} */
function element(name, kind, ...content) {
  const node = document.createElement(name);
  if (kind) node.className = kind;
  node.append(...content);
  return node;
}

if (location.protocol === "file:") byId("disk").hidden = false; // browsers load no data from a disk
else {
  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); seek(); });
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = window.setTimeout(seek, PAUSE_MS);
  });
  more.addEventListener("click", async () => {
    const at = list.childElementCount;
    await add();
    all(list, ".found")[at]?.querySelector("a")?.focus({ preventScroll: true });
  });
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  if (input.value) seek();
}

document.documentElement.classList.add("awake"); // like ui/awake.js on the server's pages
