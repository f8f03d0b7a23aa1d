export { renderPreview } from './render-preview.ts';
export type { SceneInput } from './scene.ts';
