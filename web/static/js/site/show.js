// @ts-check
// The page of a published show: what is typed is sought in all its episodes, in an index that is loaded as far as that
// needs it. The address keeps what is sought, the browser's way back what was shown of it and where.

import { readQuery } from "../page/query.js";
import { Parts } from "../search/parts.js";
import { search, withoutBegun } from "../search/search.js";
import { all, around, byId } from "../ui/elements.js";
import { messageOf, t } from "../ui/strings.js";
import { bring } from "./bringing.js";
import { Results } from "./results.js";
import { keepSought } from "./sought.js";

const PAUSE_MS = 100; // in typing, before it is sought
const LONG_PAUSE_MS = 900; // before a word that has hardly begun is sought as a whole one

/**
 * What a reader left for a hit.
 * @typedef {{query: string, count: number, asked?: [name: string, hits: number][], top: number, link: string | null}} Left
 */

const form = byId("search", HTMLFormElement), input = byId("query", HTMLInputElement);
const results = new Results(byId("found"), byId("all"));
/** @type {Promise<Parts> | null} */
let parts = null;
let latest = 0, pause = 0;

/** @param {string} address */
const load = (address) => bring(address, address);

function index() {
  if (parts) return parts;
  parts = load(form.dataset.index ?? "").then((head) => new Parts(head, load));
  parts.catch(() => { parts = null; }); // it may be there when it is asked for again
  t("show.hits", { n: 0 }); // the first number that a browser writes takes it long, which is now while it waits
  return parts;
}

/**
 * Seeks what is typed now, as much of it as is given; what is found after a later one was sought is dropped.
 * @param {string} [typed]
 * @param {Left | null} [left] to be shown again
 */
async function seek(typed = input.value, left = null) {
  clearTimeout(pause);
  const query = typed.trim(), number = ++latest;
  const isLatest = () => number === latest;
  keep(input.value.trim());
  if (!readQuery(query).terms.length) return results.clear(); // as while a first mark of quotation is typed
  results.wait();
  try {
    const known = await index();
    await results.show(query, { found: await search(query, known), parts: known, isLatest }, left?.count ?? 0, left?.asked ?? []);
  } catch (error) {
    if (isLatest()) results.fail(messageOf(error));
  }
}

/** Seeks what is being typed: without a last word that has hardly begun, until nothing more is typed for a while. */
function seekTyped() {
  const typed = input.value, begun = withoutBegun(typed);
  if (begun === typed) return seek();
  if (begun.trim()) seek(begun);
  else {
    latest++; // what was sought before is not what is typed
    results.wait();
  }
  pause = window.setTimeout(seek, LONG_PAUSE_MS);
}

/** @param {string} query */
function keep(query) {
  keepSought(query);
  const address = new URL(location.href);
  if (query) address.searchParams.set("q", query);
  else address.searchParams.delete("q");
  try {
    history.replaceState(history.state, "", address);
  } catch {
    // A browser may let no page from a disk have another address; the way back works without.
  }
}

addEventListener("pagehide", () => {
  const link = around(document.activeElement, "#hits a")?.getAttribute("href") ?? null;
  /** @type {Left} */
  const left = { query: input.value, count: results.count, asked: results.asked, top: scrollY, link };
  history.replaceState(left, "");
});

/** @param {Left | null} left */
async function restore(left) {
  input.value = new URLSearchParams(location.search).get("q") ?? left?.query ?? "";
  if (!input.value) return;
  const isSame = left?.query === input.value;
  await seek(input.value, isSame ? left : null);
  if (!left || !isSame) return;
  if (left.link) all(byId("hits"), "a").find((link) => link.getAttribute("href") === left.link)?.focus({ preventScroll: true });
  scrollTo(0, left.top);
}

form.hidden = false;
form.addEventListener("submit", (event) => { event.preventDefault(); seek(); });
input.addEventListener("focus", () => { index().catch(() => {}); }); // what fails is told once something is sought
input.addEventListener("input", () => {
  clearTimeout(pause);
  pause = window.setTimeout(seekTyped, PAUSE_MS);
});
input.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !input.value) return;
  input.value = "";
  seek();
});
restore(history.state);

document.documentElement.classList.add("awake"); // as ui/awake.js does in the server's pages
