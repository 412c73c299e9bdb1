export default async (): Promise<string> => (await fetch('http://example.com/')).text();
