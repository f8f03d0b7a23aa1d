// Alone, since threads that need nothing else of the host load it.
export { projectRoot } from './project-root.ts';
