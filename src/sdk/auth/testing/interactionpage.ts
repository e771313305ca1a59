/**
 * The pages a person sees at the provider of the tests.
 */

/** The page that asks the person: a button to allow, one to deny. */
export function interactionPage(
  path: string,
  scopes: readonly string[],
  message: string | undefined
): string {
  const button = (answer: string, name: string): string =>
    `<form method="post" action="${escape(path)}/${answer}"><button>${name}</button></form>`;
  return page(
    'Sign in',
    [
      message === undefined ? '' : `<p role="status">${escape(message)}</p>`,
      `<ul>${scopes.map(scope => `<li>${escape(scope)}</li>`).join('')}</ul>`,
      button('allow', 'Allow'),
      button('deny', 'Deny')
    ].join('')
  );
}

/** The page that shows the code to copy, or why there is none. */
export function codePage(code: string | null, error: string | null): string {
  return page(
    'Authorization code',
    code === null
      ? `<p role="alert">${escape(error ?? 'There is no code.')}</p>`
      : `<label>Code <input readonly value="${escape(code)}"></label>`
  );
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${body}</html>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;');
}
