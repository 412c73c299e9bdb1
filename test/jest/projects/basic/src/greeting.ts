export const greeting = (env: { GREETING: string }) => env.GREETING.toUpperCase();
