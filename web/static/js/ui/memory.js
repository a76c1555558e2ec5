// @ts-check
// What this browser remembers for the reader. A browser that refuses it (cookies are blocked, the disk is full) remembers
// nothing.

/**
 * What `use` returns of the storage; null where that fails.
 * @template T
 * @param {(storage: Storage) => T} use
 */
function attempt(use) {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
}

// On all pages, until the reader clears it.
export const always = {
  read: (/** @type {string} */ name) => attempt((storage) => storage.getItem(name)),
  /** @returns {any} */
  readJson: (/** @type {string} */ name) => attempt((storage) => JSON.parse(storage.getItem(name) ?? "null")),
  /** @returns {string[]} the names that begin so */
  names: (/** @type {string} */ prefix) =>
    attempt((storage) => Array.from(storage, (_, k) => storage.key(k) ?? "").filter((name) => name.startsWith(prefix))) ?? [],
  write: (/** @type {string} */ name, /** @type {string} */ value) => attempt((storage) => storage.setItem(name, value)),
  forget: (/** @type {string} */ name) => attempt((storage) => storage.removeItem(name)),
};
