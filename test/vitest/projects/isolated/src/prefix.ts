export const prefix = (): string => 'real';
