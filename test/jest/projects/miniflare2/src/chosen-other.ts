export const chosen = 'other';
