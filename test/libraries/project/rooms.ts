// A room of partyserver whose connections hibernate, and a document of y-partyserver that is saved.
import { type Connection, type ConnectionContext, Server, type WSMessage } from 'partyserver';
import { YServer } from 'y-partyserver';
import { Doc, applyUpdate, encodeStateAsUpdate } from 'yjs';

export class Room extends Server {
  static options = { hibernate: true };

  getConnectionTags(_connection: Connection, { request }: ConnectionContext): string[] {
    return [new URL(request.url).searchParams.get('side') ?? 'none'];
  }

  onConnect(connection: Connection<{ sent: number }>) {
    connection.setState({ sent: 0 });
    connection.send(`welcome to ${this.name}`);
  }

  onMessage(connection: Connection<{ sent: number }>, message: WSMessage) {
    const { sent } = connection.setState({ sent: (connection.state?.sent ?? 0) + 1 })!;
    const left = [...this.getConnections('left')].length;
    this.broadcast(`${message} (${sent} sent, ${left} on the left)`, [connection.id]);
  }
}

export class Editor extends YServer {
  static callbackOptions = { debounceWait: 1, debounceMaxWait: 10, timeout: 1000 };

  async onLoad() {
    const saved = await this.ctx.storage.get<Uint8Array>('document');
    const doc = new Doc();
    if (saved) applyUpdate(doc, saved);
    return doc;
  }

  async onSave() {
    await this.ctx.storage.put('document', encodeStateAsUpdate(this.document));
  }

  async onRequest() {
    const doc = new Doc();
    const saved = await this.ctx.storage.get<Uint8Array>('document');
    if (saved) applyUpdate(doc, saved);
    return new Response(doc.getText('root').toString());
  }
}
