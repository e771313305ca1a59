import type { IEndpointInfo } from '../../tokens';

/**
 * The endpoints that a search means: every word of it stands somewhere in a
 * name or begins the id. Names that begin with the search come first.
 *
 * @param endpoints - The endpoints, in the order in which they are offered.
 * @param search - What a person typed.
 */
export function filterEndpoints(
  endpoints: readonly IEndpointInfo[],
  search: string
): IEndpointInfo[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = endpoints.filter(({ id, name, registeredName }) => {
    const names = `${name} ${registeredName}`.toLowerCase();
    return words.every(
      word => names.includes(word) || id.toLowerCase().startsWith(word)
    );
  });
  const begins = ({ name }: IEndpointInfo): boolean =>
    words.length > 0 && name.toLowerCase().startsWith(words[0]);
  return [
    ...found.filter(begins),
    ...found.filter(endpoint => !begins(endpoint))
  ];
}
