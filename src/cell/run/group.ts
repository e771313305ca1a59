import type { IAccounts } from '../../tokens';
import { RefusedError } from '../explain';
import { isUuid } from '../magic/magicValues';

/**
 * The id of the group that `--group` names.
 *
 * @param given - A UUID, taken as it is, or the name of one of the person's
 * groups; capitals count only where names differ by nothing else.
 * @throws RefusedError when no group or several have that name.
 * @throws what {@link IAccounts.groups} throws.
 */
export async function findGroup(
  accounts: Pick<IAccounts, 'groups'>,
  service: string,
  given: string | null
): Promise<string | null> {
  if (given === null) {
    return null;
  }
  if (isUuid(given)) {
    return given.toLowerCase();
  }
  const groups = await accounts.groups(service);
  const wanted = given.trim();
  const same = groups.filter(({ name }) => name === wanted);
  const alike = groups.filter(
    ({ name }) => name.toLowerCase() === wanted.toLowerCase()
  );
  const found = same.length > 0 ? same : alike;
  if (found.length === 1) {
    return found[0].id;
  }
  if (found.length > 1) {
    const ids = found.map(({ id, name }) => `${name} (${id})`).join(', ');
    throw new RefusedError(
      `--group: ${found.length} of your groups are called "${wanted}": ${ids}. Give the id of the one you mean.`
    );
  }
  const names = groups.map(({ name }) => name).join(', ');
  throw new RefusedError(
    `--group: you are in no group called "${wanted}". ` +
      (names === '' ? 'You are in no group.' : `Your groups: ${names}.`)
  );
}
