const late = await import("./late.mjs");
document.documentElement.dataset.tide = late.level;
document.documentElement.style.setProperty("--flag", `url("${new URL("../brand/flag.png", import.meta.url)}")`);
new Image().src = new URL("../brand/flag.png", import.meta.url).href;
