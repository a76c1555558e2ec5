// What Readium's engine, on which Thorium stands, makes of books: title, language, speakers, contents, and what is lit.
// node readium.cjs FILE...
const PARTS = "r2-shared-js/dist/es8-es2017/src";
const { initGlobalConverters_GENERIC, initGlobalConverters_SHARED } = require(`${PARTS}/init-globals`);
const { EpubParsePromise, getMediaOverlay } = require(`${PARTS}/parser/epub`);

initGlobalConverters_SHARED();
initGlobalConverters_GENERIC();

async function read(path) {
  const book = await EpubParsePromise(path);
  const { Title, Language, Narrator, Duration, AccessibilitySummary, AccessibilityFeature, Direction } = book.Metadata;
  const lit = [];
  for (const { Href, MediaOverlays } of book.Spine) {
    if (MediaOverlays) walk(await getMediaOverlay(book, Href), lit);
  }
  book.freeDestroy();
  return {
    title: Title, language: Language, narrators: (Narrator ?? []).map(({ Name }) => Name), duration: Duration ?? 0,
    summary: AccessibilitySummary, features: AccessibilityFeature, direction: Direction ?? null,
    contents: book.TOC.map(({ Href, Title: label }) => [Href, label]), lit,
  };
}

function walk({ Text, AudioClipBegin, AudioClipEnd, Children }, lit) {
  if (AudioClipEnd !== undefined) lit.push([Text, AudioClipBegin, AudioClipEnd]);
  for (const child of Children ?? []) walk(child, lit);
}

(async () => {
  const books = [];
  for (const path of process.argv.slice(2)) books.push(await read(path));
  console.log(JSON.stringify(books));
})();
