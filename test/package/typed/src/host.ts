// A program of Node that has its objects inside.
import { createRuntime } from 'holdfast';
import { Counter } from './index';
const runtime = await createRuntime({ durableObjects: { COUNTER: Counter } });
const count: number = await runtime.env.COUNTER.getByName('a').increment(1);
// @ts-expect-error it takes a number
await runtime.env.COUNTER.getByName('a').increment('1');
export { count };
