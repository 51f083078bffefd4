// Puts pictures into their places: their addresses are known only from the state that the page carries.
(function () {
	"use strict";
	var state = window.__COURIER_STATE__ || {};
	document.querySelectorAll("img[data-picture]").forEach(function (img) {
		var entry = state["Image:" + img.dataset.picture];
		if (entry) {
			img.src = entry.staticUrl.replace("${formatId}", "603");
		}
	});
	document.querySelectorAll("video[data-posterurl]").forEach(function (video) {
		video.poster = video.dataset.posterurl;
	});
	// Both are on the host of the page, not on that of this script.
	new Worker("/js/tides.js");
	new Image().src = "/assets/ebb.png";
	var permalink = document.querySelector(".permalink");
	if (permalink) {
		fetch("/api/shares/" + permalink.dataset.code + ".json");
	}
	document.documentElement.classList.add("with-script");
})();
