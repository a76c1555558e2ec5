// @ts-check
// The browser's storage. If it is refused (cookies blocked, disk full), nothing is remembered.

/**
 * Return the result of `use` on the storage; null if that fails.
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

// For all pages, until the reader clears it.
export const always = {
  read: (/** @type {string} */ name) => attempt((storage) => storage.getItem(name)),
  /** @returns {any} */
  readJson: (/** @type {string} */ name) => attempt((storage) => JSON.parse(storage.getItem(name) ?? "null")),
  /** @returns {string[]} the names with a prefix */
  names: (/** @type {string} */ prefix) =>
    attempt((storage) => Array.from(storage, (_, k) => storage.key(k) ?? "").filter((name) => name.startsWith(prefix))) ?? [],
  write: (/** @type {string} */ name, /** @type {string} */ value) => attempt((storage) => storage.setItem(name, value)),
  forget: (/** @type {string} */ name) => attempt((storage) => storage.removeItem(name)),
};
