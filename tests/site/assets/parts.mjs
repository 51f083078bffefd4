export function mark(root) {
	root.dataset.modules = "yes";
}
