/**
 * The API key of this browser: in sessionStorage, or in localStorage when the user ticks "Remember it". The page sends
 * it in a header only, never in a URL.
 */
const name = 'facesearch.key';

let key = read();

function read(): string | null {
  return sessionStorage.getItem(name) ?? localStorage.getItem(name);
}

export const session = {
  get key(): string | null {
    return key;
  },

  get remembered(): boolean {
    return localStorage.getItem(name) !== null;
  },

  use(secret: string, remember: boolean): void {
    session.forget();
    key = secret;
    (remember ? localStorage : sessionStorage).setItem(name, secret);
  },

  forget(): void {
    key = null;
    sessionStorage.removeItem(name);
    localStorage.removeItem(name);
  },
};
