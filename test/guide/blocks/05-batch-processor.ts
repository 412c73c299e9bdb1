import { DurableObject } from "cloudflare:workers";

export class BatchProcessor extends DurableObject {
  async fetch(request) {
    // On first request, schedule an alarm 10 seconds from now.
    if (!(await this.state.storage.getAlarm())) {
      this.state.storage.setAlarm(Date.now() + 10 * 1000);
    }
    // Accept work (for example, queue a job)
    return new Response("Queued");
  }

  // Called when the alarm fires:
  async alarm() {
    // Process the queued jobs...
    console.log("Alarm fired: processing queued jobs.");
  }
}
