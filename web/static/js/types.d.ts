// What scripts know of each other's data, for the checker alone: no browser loads this.
// Times of words are milliseconds, null where nobody says the word; all other times are seconds. Words are half-open.

/** What `web/page` tells of an episode. */
interface EpisodeData {
  duration: number;
  language: string;
  hash: string;
  /** What the transcript's file is called. */
  file: string;
  title: string | null;
  show: string | null;
  url: string | null;
  starts: (number | null)[];
  ends: (number | null)[];
  /** The two offsets of each word in code points: names for words, nothing to count with. */
  chars: number[];
  paragraphs: number[];
  /** The first word of each sentence and the one after its last. */
  sentences: number[];
  turns: [first: number, last: number, speaker: string | null, kind: string][];
  chapters: [title: string, start: number][];
  doubtful: [start: number, end: number][];
  missing: [start: number, end: number][];
  /** Of the server's page alone: whether it can be corrected, how many changes it shows, and the reader's name, null where nobody asked. */
  editable?: boolean;
  history?: number;
  who?: string | null;
}

/** A change of an episode, as its history tells it; `what` has small arguments besides. */
interface Change { id: number; who: string; when: string; what: { kind: string } & Record<string, unknown> }

/** Turns that are rendered again, as `web/correcting/turns.py` lists them: from turn `at` on, `drop` give way to these. */
interface NewTurns {
  at: number;
  drop: number;
  /** None if the turns look as before. */
  html: string | null;
  /** Of their words. */
  starts: (number | null)[];
  ends: (number | null)[];
  chars: number[];
  /** By how much the characters and the segments after them move. */
  chars_by: number;
  segments_by: number;
}

/** What the server says of a correction, or of what others changed. */
interface Answer {
  history: number;
  change: Change | null;
  turns: NewTurns | null;
  data: Partial<EpisodeData>;
  /** The page's heading and its list of chapters, as HTML; null if they look as before. */
  overview: { heading: string; chapters: string } | null;
  job: Job | null;
  undoable: boolean;
  redoable: boolean;
  /** Words beside the correction that were said before it, and are not now: the page counts them. */
  silenced?: number;
}

/** After how many changes a page is, and of which version of the transcript. */
interface State { history: number; version: string }

interface Paragraph { kind: string; speaker: string | null; text: string }

/** A paragraph with its segments, as `web/page/paragraph.py` describes it. */
interface Part extends Paragraph {
  first: number;
  stop: number;
  char_start: number;
  start: number | null;
  end: number | null;
}

/** Paragraphs in a row, or a place between two, in a state of the transcript. */
interface Passage extends State { first: number; stop: number; paragraphs: Part[] }

interface CueLine { speaker: string | null; lead: string | null; words: [text: string, word: number | null][] }

/** Times in milliseconds. */
interface Cue { start: number; end: number; lines: CueLine[] }

/** A saved quote; `first` and `last` are null if its words are lost, `row` is HTML. */
interface SavedQuote { id: string; first: number | null; last: number | null; text: string; row: string }

/** From word `at` on, `drop` words gave way to `put` others. */
interface NewWords { at: number; drop: number; put: number }

type Words = [first: number, last: number];

interface Selected { first: number; last: number }

interface Job {
  id: string;
  kind: string;
  episode: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  stage: string;
  done: number;
  total: number | null;
  seconds_left: number | null;
  /** Of all its stages, from 0 to 1. */
  run_done: number | null;
  run_seconds_left: number | null;
  message: string;
  /** Its state in a sentence. */
  status: string;
  warnings: string[];
  /** The warning if the job removed a review. */
  review_removed: string | null;
  /** Paths within the episode's folder. */
  outputs: string[];
  poor: boolean;
}

/** What to look at before a clip is published. */

/** An edge of a clip. */
type Side = "start" | "end";

/** What was chosen of an audiogram's look; what was not is as in the show's last one, `auto` as it comes. */
interface StyleChoices {
  colour?: string;
  accent?: string;
  font?: string;
  cover?: string;
  end_card?: boolean;
}

/** A clip that is asked for: its words, cut where the server finds best unless it has edges of its own. */
interface Export extends StyleChoices {
  first: number;
  last: number;
  start?: number;
  end?: number;
  /** An audiogram's; a clip of sound has none. */
  shape: string | null;
  format?: string;
  lufs?: number | null;
  tighten?: boolean;
  /** The wording of an audiogram, where it is the reader's own. */
  text?: string | null;
  listen?: boolean;
}

/** The style of an audiogram, as `style_facts` of web/clips/styles.py describes it. */
interface ShownStyle {
  colour: string | null;
  accent: string | null;
  font: string | null;
  cover: string | null;
  end_card: boolean;
  drawn: [colour: string, accent: string];
  fonts: string[];
  remembered: boolean;
  own_cover: boolean;
  /** Null is what only the server's memory has. */
  choices: { [name in keyof StyleChoices]-?: StyleChoices[name] | null };
}

/** What the server makes of it before it is made. */
interface ClipPreview {
  text: string;
  start: number;
  end: number;
  duration: number;
  /** How an audiogram breaks it into lines and screens. */
  wording: string | null;
  /** An audiogram's. */
  style: ShownStyle | null;
  /** What to check before it is exported, as HTML. */
  to_check: string;
}

/** A clip that was made; what nobody has noted of it is null. */
interface Clip {
  id: string;
  name: string;
  video: boolean;
  text: string | null;
  /** Where it was cut. */
  start: number | null;
  end: number | null;
  /** Its row of the list, and what to check before it is published, as HTML. */
  row: string;
  to_check: string;
}

/** The loudest moments, 0 to 255, of equal parts of the sound between two times. */
interface Peaks { from: number; to: number; peaks: number[] }

type FileKind = "audio" | "transcript" | "cover";

/** What the server says of a file that was sent: the last three of a recording alone, null where it does not say. */
interface Received {
  name: string;
  /** How long a recording is, and how large any file. */
  about: string;
  title?: string | null;
  show?: string | null;
  date?: string | null;
}

/** A transcript as it was understood, in HTML, and what it says of the episode. */
interface TranscriptPreview {
  html: string;
  /** The fields for the speakers' names. */
  names: string;
  language: string | null;
  title: string | null;
  show: string | null;
  /** What stands over the text, and may be the title. */
  headline: string | null;
}

/** A passage to look at, as `web/review/queue.py` tells it. */
interface ReviewItem {
  kind: "misplaced" | "otherwise" | "unfound" | "untranscribed" | "unsaid" | "draft" | "norm";
  start: number;
  end: number;
  /** Null where the text has none. */
  words: Words | null;
  /** Why it is asked, in sentences. */
  reasons: string[];
  /** Seconds. */
  work: number;
  /** What is printed, where something else is said. */
  printed: string | null;
  /** The recognised words, where they are known. */
  recognised: string | null;
  /** A caption's lines. */
  shown: string | null;
}

interface ReviewedBy { who: string; when: string; share: number }

/** What is left to look at, and what was looked at; `speech` and `pinned` are the first word of each run and the one after its last. */
interface Review {
  items: ReviewItem[];
  counts: Record<ReviewItem["kind"], number>;
  work: number;
  speech: number[];
  pinned: number[];
  /** Of paragraphs that people wrote or saved in the editor. */
  written: number[];
  review: ReviewedBy | null;
}
