import { DurableObject } from "cloudflare:workers";

export class Note extends DurableObject {
  async saveText(text) {
    await this.state.storage.put("text", text);
    return text;
  }

  async getText() {
    return (await this.state.storage.get("text")) || "";
  }
}
