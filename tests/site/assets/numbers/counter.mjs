import { sum } from "./sum.mjs";

postMessage(sum([1, 2]));
