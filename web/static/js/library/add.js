// @ts-check
// The page of a new episode.

import { useDrops } from "../ui/dropping.js";
import { byId } from "../ui/elements.js";
import { useAdding } from "./adding.js";

useDrops(useAdding(byId("adding", HTMLFormElement)));
