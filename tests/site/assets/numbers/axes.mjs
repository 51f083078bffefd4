export const range = [0, 4];
