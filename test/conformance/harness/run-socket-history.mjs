// Runs a history of socket-history.mjs and records what each socket was sent and told.
import { frameBytes } from './raw-socket.mjs';
import { settledMs } from './socket-history.mjs';

/** An idle object is evicted after 10 s (S2.2.3). */
const evictionMs = 13_000;

/**
 * @param {import('./scenario.mjs').Scenario} t
 * @param {number} seed the name of the object
 * @param {ReturnType<typeof import('./socket-history.mjs').socketHistory>} history
 */
export async function runSocketHistory(t, seed, { sockets, phases }) {
  const opened = [];
  for (const plan of sockets) {
    opened.push(
      await t.rawSocket(`/${seed}/${plan.name}?plan=${encodeURIComponent(JSON.stringify(plan))}`),
    );
    await t.pause(settledMs);
  }
  const did = sockets.map(() => []);
  for (const [i, phase] of phases.entries()) {
    if (i > 0) await t.pause(evictionMs);
    for (const { socket, step } of phase) {
      did[socket].push(step.does);
      take(opened[socket], step);
      await t.pause(settledMs);
      if (step.answers) {
        opened[socket].write(Buffer.concat(step.answers.map(frameBytes)));
        await t.pause(settledMs);
      }
      // Who has said goodbye does not wait for ever for an answer; Holdfast would not either (its close time-out).
      if (step.does === 'close' || step.answers) opened[socket].leave('finishes');
    }
  }
  // Also for workerd, which may evict an object at once whose last standard socket has ended.
  await t.pause(evictionMs);
  for (const [i, { events }] of opened.entries()) {
    t.note(`${sockets[i].name} ${JSON.stringify(sockets[i])}`);
    for (const what of did[i]) t.note(`  > ${what}`);
    for (const event of events) t.note(`  ${event}`);
  }
  await t.fetch(`/${seed}/shown`);
}

function take(socket, { does, frames }) {
  if (frames) socket.write(Buffer.concat(frames.map(frameBytes)));
  else if (does === 'half a frame') {
    socket.write(frameBytes({ opcode: 1, payload: 'half' }).subarray(0, 7));
    socket.leave('finishes');
  } else socket.leave(does);
}
