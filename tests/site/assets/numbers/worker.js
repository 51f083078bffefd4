importScripts("helper.js");
postMessage(add(1, 2));
