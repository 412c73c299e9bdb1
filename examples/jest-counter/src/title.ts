import type { Env } from './counter';

/** What a counter is called: the name that was given to its path, or what a directory of names says. */
export async function titleOf(pathname: string, env: Env): Promise<string> {
  const known = await env.NAMES.get(pathname);
  if (known !== null) return known;
  const response = await fetch(`https://names.example.com${pathname}`);
  return response.ok ? response.text() : pathname;
}
