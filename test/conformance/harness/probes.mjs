// probeCases: one case per probe of a program, as a plain request to `/<probe>`.

/**
 * @param {Record<string, string>} names probe -> case name
 * @returns {import('./scenario.mjs').Case[]}
 */
export function probeCases(names) {
  return Object.entries(names).map(([probe, name]) => ({ name, request: { path: `/${probe}` } }));
}
