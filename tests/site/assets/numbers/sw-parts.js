function keep(urls) {
	return caches.open("numbers").then(function (cache) {
		return cache.addAll(urls);
	});
}
