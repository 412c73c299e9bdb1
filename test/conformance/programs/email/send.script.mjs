import { mailConfig } from '../../harness/mail.mjs';
import { probeCases } from '../../harness/probes.mjs';

export const config = {
  ...mailConfig([
    { name: 'MAIL' },
    { name: 'ONE', destination_address: 'ann@a.test' },
    { name: 'SOME', allowed_destination_addresses: ['ann@a.test', 'carl@c.test'] },
    { name: 'SENDERS', allowed_sender_addresses: ['bob@b.test'] },
  ]),
  bindings: { OBJECTS: 'Sender' },
  classes: { Sender: { sqlite: true } },
};

export const cases = probeCases({
  messages: 'S8.7.1 send(): messages',
  stream: 'S8.7.1 send(): a message as a stream',
  refused: 'S8.7.1 send(): messages that are refused',
  nothing: 'S8.7.1 send(): what is no message',
  one: 'S8.7.1 send(): destination_address',
  some: 'S8.7.1 send(): allowed_destination_addresses',
  senders: 'S8.7.1 send(): allowed_sender_addresses',
  fields: 'S8.7.1 send(): fields',
  domains: 'S8.7.1 send(): the domain of the id',
  object: 'S8.7.1 send(): from an object',
});
