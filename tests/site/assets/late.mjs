export const level = "low";
