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
    return this.#refused.get(name) ?? this.#try((storage) => storage.getItem(name)) ?? null;
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
    const kept = this.#try((storage) => Array.from(storage, (_, k) => storage.key(k) ?? "")) ?? [];
    return [...new Set([...kept, ...this.#refused.keys()])].filter((name) => name.startsWith(prefix) && this.read(name) !== null);
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  write(name, value) {
    this.#refused.delete(name);
    if (this.#try((storage) => { storage.setItem(name, value); return true; }) === null) this.#refused.set(name, value);
  }

  /** @param {string} name */
  forget(name) {
    this.#refused.delete(name);
    this.#try((storage) => storage.removeItem(name));
  }

  /**
   * What `use` returns of the storage; null where the browser refuses it.
   * @template T
   * @param {(storage: Storage) => T} use
   */
  #try(use) {
    try {
      return use(this.#open());
    } catch {
      return null;
    }
  }
}

export const always = new Memory(() => localStorage); // on all pages, until the reader clears it
export const thisVisit = new Memory(() => sessionStorage); // in this tab, until it is closed
