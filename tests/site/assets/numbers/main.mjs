import { draw } from "charts";
import * as axes from "parts/axes.mjs";

draw(axes.range);
const { finish } = await import("./late.mjs");
const picture = new Image();
picture.src = new URL("point.png", import.meta.url);
await picture.decode().catch(() => {});
const counter = new Worker(new URL("./counter.mjs", import.meta.url), { type: "module" });
counter.onmessage = counter.onerror = () => finish(document.documentElement);
