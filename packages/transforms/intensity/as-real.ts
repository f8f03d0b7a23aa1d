/** The map that makes float32 of any type and changes no value. */
export const AS_REAL = { kind: 'scale', factor: 1, offset: 0 } as const;
