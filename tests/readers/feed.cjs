// Podcast Index's way of reading feeds (podcast-partytime): what it finds of the podcast namespace in each item.
// node feed.cjs FILE
process.env.LOGLEVEL = "silent"; // it logs to where the answer goes
const { readFileSync } = require("node:fs");
const { parseFeed } = require("podcast-partytime");

const { title, items } = parseFeed(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify({ title, items: items.map(read) }));

function read({ guid, title, podcastTranscripts = [], podcastChapters = null, podcastSoundbites = [] }) {
  return { guid, title, transcripts: podcastTranscripts, chapters: podcastChapters, soundbites: podcastSoundbites };
}
