import { DurableObject } from "cloudflare:workers";

export class HibernatingChat extends DurableObject {
  async fetch(request) {
    const [client, server] = Object.values(new WebSocketPair());
    // Instead of server.accept(), call:
    this.state.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  // Use standard handler methods for WebSocket events:
  async webSocketMessage(ws, message) {
    ws.send(`Echo: ${message}`);
  }
}
