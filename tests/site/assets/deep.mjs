export function stamp() {
	return "yes";
}
