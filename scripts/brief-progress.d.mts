export function briefProgress(name: string): (line: string) => string | undefined;
