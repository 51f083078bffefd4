export { draw } from "./scale.mjs";
