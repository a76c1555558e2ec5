// The page of a new episode.

import { useAdding } from "./adding.js";
import { useDrops } from "./dropping.js";

useDrops(useAdding(document.getElementById("adding")));
