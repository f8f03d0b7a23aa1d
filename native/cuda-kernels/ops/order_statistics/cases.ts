export const cases: never[] = [];
