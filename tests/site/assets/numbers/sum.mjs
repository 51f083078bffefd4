export const sum = (all) => all.reduce((a, b) => a + b, 0);
