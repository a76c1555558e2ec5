// @ts-check
// What a search has found.

import { useCovering } from "../ui/covering.js";
import { useSorting } from "./sorting.js";

useSorting();
useCovering();
