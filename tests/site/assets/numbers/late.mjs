export function finish(root) {
	root.dataset.modules = "done";
}
