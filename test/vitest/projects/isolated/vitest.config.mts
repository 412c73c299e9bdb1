import { defineWorkersConfig } from 'holdfast/vitest';

export default defineWorkersConfig({
  test: { poolOptions: { workers: { wrangler: { configPath: './wrangler.toml' } } } },
});
