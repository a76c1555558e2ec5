// @ts-check
// What this browser remembers for the reader. A browser may refuse it (cookies are blocked, the disk is full): then it
// is remembered as long as the page is open.

class Memory {
  #open;
  /** @type {Map<string, string | null>} what the browser would not take */
  #refused = new Map();

  /** @param {() => Storage} open which throws where the browser remembers nothing */
  constructor(open) {
    this.#open = open;
  }

  /**
   * @param {string} name
   * @returns {string | null}
   */
  read(name) {
    const refused = this.#refused.get(name);
    if (refused !== undefined) return refused;
    try {
      return this.#open().getItem(name);
    } catch {
      return null;
    }
  }

  /**
   * What was written as JSON; null where it is none.
   * @param {string} name
   * @returns {any}
   */
  readJson(name) {
    try {
      return JSON.parse(this.read(name) ?? "null");
    } catch {
      return null;
    }
  }

  /**
   * The names under which something is kept that begin so.
   * @param {string} prefix
   */
  names(prefix) {
    /** @type {string[]} */
    let kept = [];
    try {
      const storage = this.#open();
      kept = Array.from({ length: storage.length }, (_, k) => storage.key(k) ?? "");
    } catch { /* what was refused is all there is */ }
    const names = [...kept.filter((name) => this.#refused.get(name) !== null), ...this.#refused.keys()];
    return [...new Set(names)].filter((name) => name.startsWith(prefix) && this.read(name) !== null);
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  write(name, value) {
    this.#change(name, value, (storage) => storage.setItem(name, value));
  }

  /** @param {string} name */
  forget(name) {
    this.#change(name, null, (storage) => storage.removeItem(name));
  }

  /**
   * @param {string} name
   * @param {string | null} value
   * @param {(storage: Storage) => void} change
   */
  #change(name, value, change) {
    try {
      change(this.#open());
      this.#refused.delete(name);
    } catch {
      this.#refused.set(name, value);
    }
  }
}

export const always = new Memory(() => localStorage); // on all pages, until the reader clears it
export const thisVisit = new Memory(() => sessionStorage); // in this tab, until it is closed
