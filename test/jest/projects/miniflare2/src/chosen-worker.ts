export const chosen = 'worker';
