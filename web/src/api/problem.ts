/** A refusal of the API (RFC 9457), or a failure to reach it. */
export class Problem extends Error {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly traceId: string | null;
  readonly fields: Record<string, string[]>;
  readonly facts: Record<string, unknown>;

  constructor(body: Record<string, unknown>, status: number) {
    super(typeof body['detail'] === 'string' ? body['detail'] : '');
    this.status = status;
    this.title = typeof body['title'] === 'string' ? body['title'] : `Status ${status}`;
    this.code = typeof body['type'] === 'string' ? body['type'].replace('urn:facesearch:problem:', '') : '';
    this.traceId = typeof body['traceId'] === 'string' ? body['traceId'] : null;
    this.fields = (body['errors'] as Record<string, string[]> | undefined) ?? {};
    this.facts = body;
  }

  /** An answer's body, parsed where it was JSON. */
  static ofBody(body: unknown, status: number): Problem {
    return body !== null && typeof body === 'object'
      ? new Problem(body as Record<string, unknown>, status)
      : new Problem({ title: `Status ${status}`, detail: 'The server sent an invalid problem document.' }, status);
  }

  static ofText(text: string, status: number): Problem {
    try {
      return Problem.ofBody(JSON.parse(text), status);
    } catch {
      return Problem.ofBody(text, status);
    }
  }

  static unreachable(): Problem {
    return new Problem({
      type: 'unreachable',
      title: 'The server does not answer',
      detail: 'Check that the server is running, then try again. Nothing was lost on this page.',
    }, 0);
  }

  /** Turns anything thrown into a problem; null for a request that the page itself has aborted. */
  static from(thrown: unknown): Problem | null {
    if (thrown instanceof Problem)
      return thrown;
    if (thrown instanceof DOMException && thrown.name === 'AbortError')
      return null;
    return new Problem({ title: 'Something went wrong on this page', detail: String(thrown) }, 0);
  }
}
