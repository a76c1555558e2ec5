// @ts-check
// What a search of a show has found, on its page: the episodes as its list has them, some at a time, each with its hits.

import { hitOf } from "../search/hits.js";
import { clock } from "../ui/durations.js";
import { all, byId, one } from "../ui/elements.js";
import { announce, messageOf, t } from "../ui/strings.js";

const AT_A_TIME = 10; // episodes of which words are loaded
const AT_FIRST = 3, HITS_AT_FIRST = 10; // no more than are seen without scrolling, shown while the others are loaded
const MORE_HITS = 20; // of an episode
const PATIENCE_MS = 400; // after which it is told that it is still sought

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
  #busy;
  #patience = 0;
  /** @type {Map<string, number>} how many hits are shown of an episode of which more were asked for */
  #asked = new Map();

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
    this.#busy = byId("busy");
    this.#more.addEventListener("click", () => this.#go());
  }

  /** How many episodes are shown. */
  get count() { return this.#list.childElementCount; }

  /** How many hits are shown of each episode of which more were asked for. */
  get asked() { return [...this.#asked]; }

  /** Shows the list of all again. */
  clear() {
    this.#swap(false);
    this.#tell("", []);
  }

  /** Tells after a while that it is sought, until something is shown; hits of what was sought before are then gone. */
  wait() {
    clearTimeout(this.#patience);
    this.#patience = window.setTimeout(() => {
      this.#root.hidden = true;
      this.#busy.hidden = false;
      announce(this.#busy.textContent ?? "");
    }, PATIENCE_MS);
  }

  /** @param {string} message */
  fail(message) {
    this.#tell(message, []);
    this.#swap(true);
  }

  /**
   * Shows the first of what was found, and as many as were asked for before; unless another was sought meanwhile.
   * @param {string} query
   * @param {Shown} shown
   * @param {number} least episodes
   * @param {[name: string, hits: number][]} asked
   */
  async show(query, shown, least, asked) {
    this.#asked = new Map(asked);
    const first = await this.#rows(firstOf(shown.found), shown);
    if (!shown.isLatest()) return;
    this.#shown = shown;
    this.#title.dataset.sought = t("show.sought", { query }); // on paper, where the field is not
    this.#tell(tallyOf(query, shown.found), first);
    this.#swap(true);
    await this.#add(Math.max(AT_A_TIME, least) - first.length);
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
    clearTimeout(this.#patience);
    this.#busy.hidden = true;
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
        const more = each.next(each.places.length, this.#asked.get(each.episode.name) ?? 0);
        const places = [...each.places, ...more];
        return this.#row(each, parts, await Promise.all(places.map((place) => hitOf(place, each.episode, parts))));
      } catch (error) {
        return this.#row(each, parts, [], messageOf(error));
      }
    }));
  }

  /**
   * @param {Found} found
   * @param {import("../search/parts.js").Parts} parts
   * @param {Hit[]} hits
   * @param {string} [problem]
   */
  #row(found, parts, hits, problem) {
    const { episode, total, apart } = found;
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
    if (hits.length && total > hits.length) row.append(this.#furtherOf(found, parts, row));
    return row;
  }

  /**
   * The button that shows more hits of an episode, below those that are shown.
   * @param {Found} found
   * @param {import("../search/parts.js").Parts} parts
   * @param {HTMLElement} row
   */
  #furtherOf({ episode, total, next }, parts, row) {
    const list = one(row, ".hits"), button = element("button", "button further");
    const tell = () => {
      const left = Math.min(MORE_HITS, total - list.childElementCount);
      button.hidden = left <= 0;
      button.textContent = left === 1 ? t("show.more.one") : t("show.more", { n: left });
    };
    button.addEventListener("click", async () => {
      const at = list.childElementCount;
      row.querySelector(":scope > .problem")?.remove();
      try {
        const hits = await Promise.all(next(at, at + MORE_HITS).map((place) => hitOf(place, episode, parts)));
        if (list.childElementCount !== at) return;
        list.append(...hits.map((hit) => element("li", "", linkOf(hit, `e/${episode.name}/index.html`, episode.language))));
        this.#asked.set(episode.name, list.childElementCount);
        list.children[at]?.querySelector("a")?.focus({ preventScroll: true });
        tell();
      } catch (error) {
        button.before(element("p", "problem", messageOf(error)));
      }
    });
    tell();
    return button;
  }
}

/**
 * The episodes that fill a screen.
 * @param {Found[]} found
 */
function firstOf(found) {
  let count = 0;
  for (let hits = 0; count < Math.min(AT_FIRST, found.length) && hits < HITS_AT_FIRST; count++) hits += found[count].places.length;
  return found.slice(0, count);
}

/**
 * How many hits there are, in how many episodes; where there are none, in how many titles.
 * @param {string} query
 * @param {Found[]} all
 */
function tallyOf(query, all) {
  const said = all.filter(({ places }) => places.length), n = said.length;
  const named = all.filter(({ inTitle, places }) => inTitle && !places.length);
  if (!n) return named.length ? namedTally(named) : t("show.none", { query });
  const total = said.reduce((sum, each) => sum + each.total, 0);
  const hits = total === 1 ? t("show.hits.one") : t("show.hits", { n: total });
  const tally = n === 1 ? hits : t("show.tally", { hits, episodes: n });
  if (!named.length) return tally;
  return named.length === 1 ? t("show.named_too.one", { tally }) : t("show.named_too", { tally, n: named.length });
}

/**
 * How many episodes have it in their title, or in the name of their show.
 * @param {Found[]} named
 */
function namedTally(named) {
  const n = named.length, byShow = named.filter((each) => each.byShow).length;
  if (!byShow) return n === 1 ? t("show.titles.one") : t("show.titles", { n });
  if (byShow < n) return t("show.titles_or_shows", { n });
  return n === 1 ? t("show.shows.one") : t("show.shows", { n });
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
    const name = element("bdi", "", bySpeaker ? element("mark", "", speaker) : speaker); // the gap after it is the words' own
    words.append(element("b", "", name), " ");
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
