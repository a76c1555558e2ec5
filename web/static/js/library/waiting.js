// @ts-check
// An episode without word times: the job that makes them, until the page can be read.

import { followWork, useAlignButtons } from "./working.js";

followWork(() => location.reload());
useAlignButtons();
