// @ts-check
// Rows of a list that is asked for again and again: those that tell the same as before stay, with all that a reader has
// done in them, and the focus is where it was.

import { all, around } from "./elements.js";

/** @type {WeakMap<HTMLElement, string>} what each row tells */
const TOLD = new WeakMap();

/**
 * Shows `items` in a list, each in a row of its own that has its id. `make` gives a new row, in place of `old` if there
 * is one; `home` gets the focus where no row is left for it.
 * @template {{id: string}} Item
 * @param {HTMLElement} list
 * @param {Item[]} items
 * @param {(item: Item, old: HTMLElement | undefined) => HTMLElement} make
 * @param {HTMLElement} home
 */
export function showRows(list, items, make, home) {
  const there = new Map(all(list, ":scope > [data-id]").map((row) => [row.dataset.id ?? "", row]));
  const focused = /** @type {HTMLElement} */ (document.activeElement), within = list.contains(focused);
  const at = within ? [...there.keys()].indexOf(around(focused, "[data-id]")?.dataset.id ?? "") : -1;
  const rows = items.map((item) => rowOf(item, there.get(item.id), make));
  const staying = new Set(rows);
  for (const row of there.values()) if (!staying.has(row)) row.remove();
  rows.forEach((row, k) => { if (list.children[k] !== row) list.insertBefore(row, list.children[k] ?? null); });
  if (!within || list.contains(document.activeElement)) return;
  const same = focused.isConnected ? focused : focused.id ? document.getElementById(focused.id) : null;
  const next = rows[Math.min(at, rows.length - 1)]?.querySelector("a[href], button, input");
  /** @type {HTMLElement} */ (same ?? next ?? home).focus({ preventScroll: true });
}

/**
 * @template {{id: string}} Item
 * @param {Item} item
 * @param {HTMLElement | undefined} old
 * @param {(item: Item, old: HTMLElement | undefined) => HTMLElement} make
 */
function rowOf(item, old, make) {
  const told = JSON.stringify(item);
  if (old && TOLD.get(old) === told) return old;
  const row = make(item, old);
  row.dataset.id = item.id;
  TOLD.set(row, told);
  return row;
}
