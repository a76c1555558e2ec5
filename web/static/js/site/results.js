// @ts-check
// What a search of a show has found, on its page: the episodes as its list has them, some at a time, each with its hits.

import { hitOf } from "../search/hits.js";
import { clock } from "../ui/durations.js";
import { all, one } from "../ui/elements.js";
import { announce, messageOf, t } from "../ui/strings.js";

const AT_A_TIME = 10; // episodes of which words are loaded
const AT_FIRST = 3; // as many as are seen without scrolling, shown while the others are loaded

/**
 * @typedef {import("../search/search.js").Found} Found
 * @typedef {import("../search/hits.js").Hit} Hit
 * @typedef {{found: Found[], parts: import("../search/parts.js").Parts, isLatest: () => boolean}} Shown
 */

export class Results {
  #root;
  #all;
  #title;
  #list;
  #more;
  /** @type {Shown | null} */
  #shown = null;
  #told = ""; // of what was shown last

  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} all the list of all episodes, which gives way
   */
  constructor(root, all) {
    this.#root = root;
    this.#all = all;
    this.#title = one(root, "#found-title");
    this.#list = one(root, "#hits");
    this.#more = one(root, "#more", HTMLButtonElement);
    this.#more.addEventListener("click", () => this.#go());
  }

  /** How many episodes are shown. */
  get count() { return this.#list.childElementCount; }

  /** Shows the list of all again. */
  clear() {
    this.#swap(false);
    this.#tell("", []);
  }

  wait() { this.#root.setAttribute("aria-busy", "true"); }

  /** @param {string} message */
  fail(message) {
    this.#tell(message, []);
    this.#swap(true);
  }

  /**
   * Shows the first of what was found, and as many as are asked for; unless another was sought meanwhile.
   * @param {string} query
   * @param {Shown} shown
   * @param {number} least
   */
  async show(query, shown, least) {
    const first = await this.#rows(shown.found.slice(0, AT_FIRST), shown);
    if (!shown.isLatest()) return;
    this.#shown = shown;
    this.#tell(tallyOf(query, shown.found), first);
    this.#swap(true);
    await this.#add(Math.max(AT_A_TIME, least) - AT_FIRST);
  }

  /**
   * Shows so many more.
   * @param {number} count
   */
  async #add(count) {
    const shown = this.#shown, at = this.count;
    if (!shown) return;
    const rows = await this.#rows(shown.found.slice(at, at + count), shown);
    if (!shown.isLatest() || this.count !== at) return;
    this.#list.append(...rows);
    const left = Math.min(AT_A_TIME, shown.found.length - this.count);
    this.#more.hidden = left <= 0;
    this.#more.textContent = left === 1 ? t("show.next.one") : t("show.next", { n: left });
  }

  async #go() {
    const at = this.count;
    await this.#add(AT_A_TIME);
    all(this.#list, ".found")[at]?.querySelector("a")?.focus({ preventScroll: true });
  }

  /** @param {boolean} found */
  #swap(found) {
    this.#root.hidden = !found;
    this.#all.hidden = found;
    this.#root.removeAttribute("aria-busy");
  }

  /**
   * @param {string} tally
   * @param {HTMLElement[]} rows
   */
  #tell(tally, rows) {
    if (!rows.length) this.#shown = null;
    this.#title.textContent = tally;
    this.#list.replaceChildren(...rows);
    this.#more.hidden = true;
    if (tally !== this.#told) announce(tally);
    this.#told = tally;
  }

  /**
   * @param {Found[]} found
   * @param {Shown} shown
   */
  #rows(found, { parts }) {
    return Promise.all(found.map(async (each) => {
      try {
        return this.#row(each, await Promise.all(each.places.map((place) => hitOf(place, each.episode, parts))));
      } catch (error) {
        return this.#row(each, [], messageOf(error));
      }
    }));
  }

  /**
   * @param {Found} found
   * @param {Hit[]} hits
   * @param {string} [problem]
   */
  #row({ episode, total, apart }, hits, problem) {
    const page = `e/${episode.name}/index.html`;
    const listed = one(this.#all, `.row:has([href="${page}"])`);
    const header = element("header", "", one(listed, ".cover").cloneNode(true), one(listed, ".what").cloneNode(true));
    one(header, ".standing").remove();
    if (total) header.append(element("span", "count", total === 1 ? t("show.hits.one") : t("show.hits", { n: total })));
    const row = element("section", "found", header);
    if (problem) row.append(element("p", "problem", problem));
    if (episode.unread) row.append(element("p", "hint", t("show.unread")));
    if (apart) row.append(element("p", "hint", t("show.apart")));
    if (hits.length) row.append(element("ol", "hits", ...hits.map((hit) => element("li", "", linkOf(hit, page, episode.language)))));
    const more = hits.length && total - hits.length;
    if (more) row.append(element("p", "hint", more === 1 ? t("show.more.one") : t("show.more", { n: more })));
    return row;
  }
}

/**
 * How many hits there are, in how many episodes; where there are none, in how many titles.
 * @param {string} query
 * @param {Found[]} all
 */
function tallyOf(query, all) {
  const found = all.filter(({ inTitle, places }) => inTitle || places.length);
  const total = found.reduce((sum, each) => sum + each.total, 0);
  if (!found.length) return t("show.none", { query });
  if (!total) return found.length === 1 ? t("show.titles.one") : t("show.titles", { n: found.length });
  const hits = total === 1 ? t("show.hits.one") : t("show.hits", { n: total });
  return found.length === 1 ? hits : t("show.tally", { hits, episodes: found.length });
}

/**
 * @param {Hit} hit
 * @param {string} page
 * @param {string} language
 */
function linkOf({ start, speaker, bySpeaker, before, match, after, fragment }, page, language) {
  const words = element("span", "words");
  words.dir = "auto";
  if (language) words.lang = language;
  if (speaker) {
    const name = element("b", "", bySpeaker ? element("mark", "", speaker) : speaker);
    name.dir = "auto";
    words.append(name, " ");
  }
  words.append(before, ...match.map(([text, sought]) => (sought ? element("mark", "", text) : text)), after);
  const link = document.createElement("a");
  link.href = `${page}#${fragment}`;
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
