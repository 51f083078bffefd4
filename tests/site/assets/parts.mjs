import { stamp } from "./deep.mjs";

export function mark(root) {
	root.dataset.modules = stamp();
}
