function upper(_target: unknown, _name: string, slot: PropertyDescriptor) {
  const { value } = slot;
  slot.value = (text: string) => value(text).toUpperCase();
}

class Shouter {
  @upper
  say(text: string): string {
    return `${text}!`;
  }
}

export const shout = (text: string): string => new Shouter().say(text);
