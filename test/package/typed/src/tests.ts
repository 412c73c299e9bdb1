// A test of it.
import { createTestKit } from 'holdfast/test';
import { cloudflareTest } from 'holdfast/vitest';
const kit = await createTestKit<Env>();
const count: number = await kit.env.COUNTER.getByName('a').increment(1);
export { cloudflareTest, count };
