// The addon is a package of its own, whose import map cannot reach outside its folder: this is where
// its `#errors` points.
export * from '../../../packages/errors/index.ts';
