export { type PreviewInput, renderPreview } from './render-preview.ts';
