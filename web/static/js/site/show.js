// @ts-check
// The page of a published show: what is typed is sought in all its episodes, of which ten are shown at a time. The
// address keeps what is sought, the browser's way back what was shown of it and where.

import { Search } from "../search/search.js";
import { clock } from "../ui/durations.js";
import { all, around, byId, one } from "../ui/elements.js";
import { thisVisit } from "../ui/memory.js";
import { announce, messageOf, ReaderError, t } from "../ui/strings.js";

const PAUSE_MS = 250; // in typing, before it is sought
const PATIENCE_MS = 400; // after which it is told that it is still sought
const AT_A_TIME = 10, AT_FIRST = 3; // episodes of which words are loaded; those of one screen are shown before the others
const HITS = 5, MORE_HITS = 20; // of an episode

/**
 * @typedef {import("../search/search.js").Found} Found
 * @typedef {{query: string, count: number, top: number, link: string | null}} Left what a reader left for a hit
 */

const form = byId("search", HTMLFormElement), input = byId("query", HTMLInputElement);
const root = byId("found"), list = byId("hits"), more = byId("more", HTMLButtonElement), busy = byId("busy");
/** @type {Map<string, Promise<any>>} */
const loaded = new Map();
/** @type {Found[]} */
let found = [];
let shown = 0, latest = 0, pause = 0, patience = 0; // of `found` so many have been looked at
/** @type {Search | null} */
let searching = null;

/** @param {string} address */
function load(address) {
  const known = loaded.get(address) ?? fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)));
  loaded.set(address, known);
  return known.catch(() => {
    loaded.delete(address); // it may be there when it is asked for again
    throw new ReaderError(t("site.incomplete", { file: address.split("?")[0] }));
  });
}

const index = async () => (searching ??= new Search(await load(form.dataset.index ?? ""), load));

/**
 * Seeks what is typed; what is found after a later one was sought is dropped.
 * @param {number} [least] how many episodes to show
 */
async function seek(least = AT_A_TIME) {
  clearTimeout(pause);
  clearTimeout(patience);
  const query = input.value.trim(), number = ++latest;
  keep(query);
  if (!query) return show("");
  patience = window.setTimeout(() => {
    root.hidden = true;
    busy.hidden = false;
    announce(busy.textContent ?? "");
  }, PATIENCE_MS);
  try {
    const all = await (await index()).find(query);
    if (number !== latest) return;
    [found, shown] = [all, 0];
    const rows = await nextRows(AT_FIRST, number);
    if (number !== latest) return;
    byId("found-title").dataset.sought = t("show.sought", { query }); // on paper, where the field is not
    show(rows.length || shown < found.length ? tallyOf(query) : t("show.none", { query }), rows);
    await add(least - rows.length);
  } catch (error) {
    if (number === latest) show(messageOf(error));
  }
}

/**
 * @param {string} tally nothing where the list of all is shown again
 * @param {HTMLElement[]} rows
 */
function show(tally, rows = []) {
  clearTimeout(patience);
  busy.hidden = true;
  root.hidden = !tally;
  byId("all").hidden = !!tally;
  if (byId("found-title").textContent !== tally) announce(tally);
  byId("found-title").textContent = tally;
  list.replaceChildren(...rows);
  more.hidden = true;
}

/** @param {number} count of episodes to show besides */
async function add(count) {
  const number = latest, rows = await nextRows(count, number);
  if (number !== latest) return;
  list.append(...rows);
  if (!list.childElementCount && shown >= found.length) show(t("show.none", { query: input.value.trim() }));
  const left = Math.min(AT_A_TIME, found.length - shown);
  more.hidden = left <= 0;
  more.textContent = left === 1 ? t("show.next.one") : t("show.next", { n: left });
}

/**
 * The rows of the next episodes; of those that lack a phrase after all none, and others are looked at instead.
 * @param {number} count
 * @param {number} number
 */
async function nextRows(count, number) {
  /** @type {HTMLElement[]} */
  const rows = [];
  for (let tries = 0; rows.length < count && shown < found.length && tries < 5 && number === latest; tries++) {
    const next = found.slice(shown, shown += count - rows.length);
    rows.push(...(await Promise.all(next.map(rowOf))).filter((row) => row !== null));
  }
  return rows;
}

/** @param {Found} each */
async function rowOf(each) {
  const { episode: { name, passages: searched }, passages, inTitle, apart } = each;
  const listed = one(byId("all"), `.row:has([href="e/${name}/index.html"])`);
  const header = element("header", "", one(listed, ".cover").cloneNode(true), one(listed, ".what").cloneNode(true));
  one(header, ".standing").remove();
  const row = element("section", "found", header), hits = element("ol", "hits");
  if (searched === null) row.append(element("p", "hint", t("show.unread")));
  if (apart) row.append(element("p", "hint", t("show.apart")));
  if (!passages.length) return row;
  header.append(element("span", "count", countOf(passages.length)));
  const further = element("button", "button further");
  let at = 0;
  /** @param {number} count */
  const grow = async (count) => {
    further.parentNode?.querySelector(":scope > .problem")?.remove();
    try {
      const { hits: some, language } = await (await index()).hits(each, at, at + count);
      at += count;
      hits.append(...some.map((hit) => element("li", "", linkOf(hit, `e/${name}/index.html`, language))));
    } catch (error) {
      row.append(element("p", "problem", messageOf(error)));
    }
    const left = Math.min(MORE_HITS, passages.length - at);
    further.hidden = left <= 0 || !at;
    further.textContent = left === 1 ? t("show.more.one") : t("show.more", { n: left });
  };
  further.addEventListener("click", async () => {
    const before = hits.childElementCount;
    await grow(MORE_HITS);
    hits.children[before]?.querySelector("a")?.focus({ preventScroll: true });
  });
  row.append(hits, further);
  await grow(HITS);
  return hits.childElementCount || inTitle || at < passages.length ? row : null;
}

/** @param {number} n */
const countOf = (n) => (n === 1 ? t("show.hits.one") : t("show.hits", { n }));

/**
 * How many passages there are in how many episodes, and in how many titles alone; of a phrase how many there may be.
 * @param {string} query
 */
function tallyOf(query) {
  const said = found.filter(({ passages }) => passages.length), named = found.filter(({ inTitle, passages }) => inTitle && !passages.length);
  if (!said.length && !named.length) return t("show.none", { query });
  if (!said.length) return named.length === 1 ? t("show.named.one") : t("show.named", { n: named.length });
  const hits = countOf(said.reduce((sum, { passages }) => sum + passages.length, 0));
  const isPhrase = said[0].terms.some(({ words }) => words.length > 1);
  const tally = said.length === 1 ? hits : t("show.tally", { hits, episodes: said.length });
  const told = isPhrase ? t("show.most", { tally }) : tally;
  if (!named.length) return told;
  return named.length === 1 ? t("show.named_too.one", { tally: told }) : t("show.named_too", { tally: told, n: named.length });
}

/**
 * @param {import("../search/search.js").Hit} hit
 * @param {string} page
 * @param {string} language
 */
function linkOf({ start, speaker, bySpeaker, pieces, fragment }, page, language) {
  const words = element("span", "words");
  words.dir = "auto";
  words.lang = language;
  if (speaker) words.append(element("b", "", element("bdi", "", bySpeaker ? element("mark", "", speaker) : speaker)), " ");
  words.append(...pieces.map(([text, sought]) => (sought ? element("mark", "", text) : text)));
  const link = document.createElement("a");
  link.href = page + fragment;
  link.append(element("span", "time", start === null ? "–" : clock(start)), words);
  return link;
}

/**
 * @param {string} name
 * @param {string} kind its class
 * @param {...(Node | string)} content
 */
function element(name, kind, ...content) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  made.append(...content);
  return made;
}

/** @param {string} query */
function keep(query) {
  thisVisit.write(`sought ${new URL("index.html", location.href).pathname}`, query); // for an episode's way back
  const address = new URL(location.href);
  if (query) address.searchParams.set("q", query);
  else address.searchParams.delete("q");
  history.replaceState(history.state, "", address);
}

/** @param {Left | null} left */
async function restore(left) {
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  if (!input.value) return;
  const isSame = left?.query === input.value;
  await seek(isSame ? Math.max(AT_A_TIME, left.count) : AT_A_TIME);
  if (!left || !isSame) return;
  if (left.link) all(list, "a").find((link) => link.getAttribute("href") === left.link)?.focus({ preventScroll: true });
  scrollTo(0, left.top);
}

if (location.protocol === "file:") byId("disk").hidden = false; // from a disk a page may load nothing
else {
  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); seek(); });
  input.addEventListener("focus", () => { index().catch(() => {}); }); // what fails is told once something is sought
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = window.setTimeout(() => seek(), PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !input.value) return;
    input.value = "";
    seek();
  });
  more.addEventListener("click", async () => {
    const at = list.childElementCount;
    await add(AT_A_TIME);
    all(list, ".found")[at]?.querySelector("a")?.focus({ preventScroll: true });
  });
  addEventListener("pagehide", () => {
    const link = around(document.activeElement, "#hits a")?.getAttribute("href") ?? null;
    history.replaceState({ query: input.value, count: list.childElementCount, top: scrollY, link }, "");
  });
  restore(history.state);
}

document.documentElement.classList.add("awake"); // as ui/awake.js does in the server's pages
