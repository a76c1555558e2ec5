// The page of a new episode.

import { useAdding } from "./adding.js";
import { useDrops } from "../ui/dropping.js";

useDrops(useAdding(document.getElementById("adding")));
