importScripts("tides-table.js");

postMessage(self.tideTable);
