import { createClient, type Client } from './generated/client/index.js';

export * from './generated/index.js';

/**
 * A client for the calls of this package: `searchFaces({ client, body: { file } })`.
 *
 * @param server the server's URL: `http://localhost:8000`
 * @param apiKey sent with every call; leave it out for a server in Development
 */
export const connect = (server: string, apiKey?: string): Client =>
  createClient({ baseUrl: server.replace(/\/$/, ''), auth: apiKey });
