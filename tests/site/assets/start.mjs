import { mark } from "./parts.mjs";

mark(document.documentElement);
