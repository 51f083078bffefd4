importScripts("sw-parts.js");

self.addEventListener("install", function (event) {
	event.waitUntil(keep(["/numbers/offline.png"]));
});
