document.documentElement.dataset.clock = "on";
