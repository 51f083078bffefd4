// What scripts without modules do: some addresses stand here, two are put together.
(function () {
	"use strict";
	var root = document.documentElement;
	var pending = 5;
	function done() {
		pending -= 1;
		if (pending === 0) {
			root.dataset.plain = "done";
		}
	}
	function show(url) {
		var image = new Image();
		image.onload = image.onerror = done;
		image.src = url;
	}
	show("/numbers/pin.png");
	show("/numbers/day-" + new Date(0).getUTCDay() + ".png");
	fetch("/numbers/level.json").then(done, done);
	fetch("/numbers/" + ["tide", "table"].join("-") + ".json").then(done, done);
	var worker = new Worker("/numbers/worker.js");
	worker.onmessage = worker.onerror = function () {
		navigator.serviceWorker.register("/numbers/sw.js").then(function (registration) {
			registration.installing.addEventListener("statechange", done, { once: true });
		}, done);
	};
})();
