// @ts-check
// What a published page loads once it is needed: by scripts, which leave what they bring under a name, for that is what a
// browser allows to a page from a disk.

import { ReaderError, t } from "../ui/strings.js";

/**
 * What a script of that name has brought.
 * @param {string} name
 */
export const brought = (name) => /** @type {Record<string, any>} */ (/** @type {unknown} */ (globalThis))[name];

/**
 * What the script at `address` brings under that name; it fails where that is not there, or another's.
 * @param {string} address
 * @param {string} name
 */
export function bring(address, name) {
  const script = document.createElement("script");
  script.src = address;
  return new Promise((resolve, reject) => {
    const fail = () => reject(new ReaderError(t("site.incomplete", { file: address.split("?")[0] })));
    script.addEventListener("load", () => (brought(name) ? resolve(brought(name)) : fail()));
    script.addEventListener("error", fail);
    document.head.append(script);
  }).finally(() => script.remove());
}
