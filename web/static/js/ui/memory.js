// @ts-check
// What this browser remembers for the reader. A browser that refuses it (cookies are blocked, the disk is full) remembers
// nothing.

class Memory {
  #open;

  /** @param {() => Storage} open which throws where the browser remembers nothing */
  constructor(open) {
    this.#open = open;
  }

  /** @param {string} name */
  read(name) { return this.#try((storage) => storage.getItem(name)); }

  /**
   * What was written as JSON; null where it is none.
   * @param {string} name
   * @returns {any}
   */
  readJson(name) { return this.#try((storage) => JSON.parse(storage.getItem(name) ?? "null")); }

  /**
   * The names that begin with a prefix.
   * @param {string} prefix
   */
  names(prefix) {
    const names = this.#try((storage) => Array.from(storage, (_, k) => storage.key(k) ?? "")) ?? [];
    return names.filter((name) => name.startsWith(prefix));
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  write(name, value) { this.#try((storage) => storage.setItem(name, value)); }

  /** @param {string} name */
  forget(name) { this.#try((storage) => storage.removeItem(name)); }

  /**
   * What `use` returns of the storage; null where that fails.
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
