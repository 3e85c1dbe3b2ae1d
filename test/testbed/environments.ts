import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const CACHE = join(HERE, '../../.cache');

/** The environment that everything else builds on: JupyterHub 5.5, JupyterLab, dask-gateway. */
export const BASE_REQUIREMENTS = join(HERE, 'requirements.txt');

/**
 * Environments beside it, each the base with some packages of its own in front: pairs of JupyterHub and KubeSpawner that
 * were released together, and the notebook servers of users' images. `requirements/<name>.txt` pins what differs.
 */
export const OVERLAYS = ['hub-4.1', 'hub-5.2', 'hub-5.5', 'hub-6.1', 'notebook-7', 'notebook-6'] as const;
export type Overlay = (typeof OVERLAYS)[number];

export function overlayRequirements(overlay: Overlay): string {
  return join(HERE, 'requirements', `${overlay}.txt`);
}

/** Path of a Python environment, the base when none is named; it changes with the pinned packages. */
export function venvFolder(overlay: Overlay | null = null): string {
  const base = join(CACHE, `venv-${digest(BASE_REQUIREMENTS)}`);
  return overlay === null ? base : `${base}-${overlay}-${digest(overlayRequirements(overlay))}`;
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
}
