type LoadCodec = (options: { print(): void; printErr(): void }) => Promise<Record<string, unknown>>;

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const load: LoadCodec;
  export default load;
}
declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const load: LoadCodec;
  export default load;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const load: LoadCodec;
  export default load;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const load: LoadCodec;
  export default load;
}
