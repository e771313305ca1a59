/**
 * A person's browser, by scripted requests.
 */

/**
 * Follow the page of a sign-in, allow what it asks, and stop at the address
 * that gets the code.
 */
export async function allow(url: string): Promise<string> {
  const { origin } = new URL(url);
  const cookies = new Map<string, string>();
  let next = new URL(url);
  let method = 'GET';
  while (next.origin === origin && !next.searchParams.has('code')) {
    const response = await fetch(next, {
      method,
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map(pair => pair.join('=')).join('; ')
      }
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name, ...value] = cookie.split(';')[0].split('=');
      cookies.set(name, value.join('='));
    }
    const location = response.headers.get('location');
    if (location !== null) {
      next = new URL(location, next);
      method = 'GET';
    } else if (next.pathname.startsWith('/interaction/')) {
      next = new URL(`${next.pathname}/allow`, next);
      method = 'POST';
    } else {
      throw new Error(`${response.status}: ${await response.text()}`);
    }
  }
  return next.href;
}
