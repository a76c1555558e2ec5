// @ts-check
// What is sought on the page of a show, which its episodes' ways back lead to again; kept for this visit, since a page
// from a disk does not learn from where it was reached.

import { thisVisit } from "../ui/memory.js";

/** @param {URL} list */
const nameOf = ({ origin, pathname }) => `sought ${origin}${pathname}`;

/** @param {string} query */
export function keepSought(query) {
  const name = nameOf(new URL("index.html", location.href));
  if (query) thisVisit.write(name, query);
  else thisVisit.forget(name);
}

/** @param {HTMLAnchorElement | null} back to the page of the show, if the episode has one */
export function leadBack(back) {
  if (!back) return;
  const list = new URL(back.href), query = thisVisit.read(nameOf(list));
  if (query) list.searchParams.set("q", query);
  back.href = list.href;
}
