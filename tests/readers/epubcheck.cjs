// What epubcheck-ts, a port of the W3C's EPUBCheck, has to say of books: a list for each, of what is worse than advice.
const fs = require("node:fs");
const { EpubCheck } = require("@likecoin/epubcheck-ts");

async function main(paths) {
  const told = [];
  for (const path of paths) {
    const { messages } = await EpubCheck.validate(new Uint8Array(fs.readFileSync(path)));
    const wrong = messages.filter(({ severity }) => severity !== "usage" && severity !== "info");
    told.push(wrong.map(({ id, message, location }) => `${id} ${location?.path ?? ""}: ${message}`));
  }
  console.log(JSON.stringify(told));
}

main(process.argv.slice(2));
