// An episode without word times: the job that makes them, until the page can be read.

import { useAlignButtons } from "./aligning.js";
import { followWork } from "./working.js";

followWork(() => location.reload());
useAlignButtons();
