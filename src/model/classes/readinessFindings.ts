import type {
  IAccountInfo,
  IClassContent,
  IClassFile,
  IReadinessFinding
} from '../../tokens';

/** How the class file of the folder stands. */
export function classFinding({
  state,
  content,
  problems
}: IClassFile): IReadinessFinding {
  switch (state) {
    case 'accepted':
      return {
        about: 'class',
        state: 'ok',
        text: `The class file "${content?.title ?? ''}" is accepted.`,
        advice: ''
      };
    case 'invalid':
      return {
        about: 'class',
        state: 'problem',
        text: `The class file cannot be used: ${problems.join('; ')}.`,
        advice: 'Ask whoever made it for another.'
      };
    case 'changed':
    case 'new':
      return {
        about: 'class',
        state: 'problem',
        text:
          state === 'new'
            ? 'The class file of this folder is not accepted.'
            : 'The class file of this folder has changed since you accepted it.',
        advice: 'Look at it, then accept it.'
      };
  }
}

/** Whether an endpoint takes tasks now. */
export function endpointFinding(
  name: string,
  status: 'online' | 'offline' | 'unknown'
): IReadinessFinding {
  switch (status) {
    case 'online':
      return {
        about: 'endpoint',
        state: 'ok',
        text: `"${name}" is online.`,
        advice: ''
      };
    case 'offline':
      return {
        about: 'endpoint',
        state: 'problem',
        text: `"${name}" is offline.`,
        advice:
          'Tasks wait until it is back. Ask its owner, or choose "This computer" in the bar of a cell.'
      };
    case 'unknown':
      return {
        about: 'endpoint',
        state: 'unknown',
        text: `Whether "${name}" is online is not known.`,
        advice: 'Try again in a moment.'
      };
  }
}

/** How many tasks the class still allows. */
export function tasksFinding(limit: number, used: number): IReadinessFinding {
  const left = Math.max(0, limit - used);
  return {
    about: 'tasks',
    state: left > 0 ? 'ok' : 'problem',
    text: `${left} of ${limit} tasks are left.`,
    advice: left > 0 ? '' : 'Ask your teacher for more.'
  };
}

/** Whether the kernel's Python is new enough; nothing if that is not asked. */
export function pythonFinding(
  content: IClassContent | null,
  version: string | null
): IReadinessFinding | null {
  const needed = content?.python;
  if (needed === undefined) {
    return null;
  }
  if (version === null) {
    return {
      about: 'python',
      state: 'unknown',
      text: `The notebooks need Python ${needed}; no kernel is running to tell its own.`,
      advice: 'Start the kernel, then check again.'
    };
  }
  return minorOf(version) >= minorOf(needed)
    ? {
        about: 'python',
        state: 'ok',
        text: `The kernel has Python ${version}; ${needed} is enough.`,
        advice: ''
      }
    : {
        about: 'python',
        state: 'problem',
        text: `The kernel has Python ${version}, and the notebooks need ${needed}.`,
        advice: 'Choose another kernel, or install a newer Python.'
      };
}

/** 11 of `3.11.7`. */
function minorOf(version: string): number {
  return Number(version.split('.').at(1) ?? 0);
}

/** As whom a service is used. */
export function accountFinding({
  state,
  problem,
  why
}: IAccountInfo): IReadinessFinding {
  const about = 'account';
  switch (state) {
    case 'signed-in':
      return {
        about,
        state: 'ok',
        text: `You are signed in. ${why}`,
        advice: ''
      };
    case 'not-needed':
      return { about, state: 'ok', text: 'No account is needed.', advice: '' };
    case 'signed-out':
      return {
        about,
        state: 'problem',
        text: 'You are not signed in.',
        advice: 'Sign in: the side panel has the button.'
      };
    case 'problem':
      return {
        about,
        state: 'problem',
        text: problem ?? 'The login cannot be used.',
        advice: 'Sign in again: the side panel has the button.'
      };
  }
}

/**
 * Whether one is in the group of a class.
 *
 * @param isMember - Or why that cannot be told.
 */
export function groupFinding(
  { group, contact }: IClassContent,
  isMember: boolean | string
): IReadinessFinding {
  const about = 'group';
  const name = group?.name ?? group?.id ?? '';
  if (typeof isMember === 'string') {
    return {
      about,
      state: 'unknown',
      text: `Whether you are in the group "${name}" cannot be told from here: ${isMember}`,
      advice: 'Look at https://app.globus.org/groups.'
    };
  }
  return isMember
    ? {
        about,
        state: 'ok',
        text: `You are in the group "${name}".`,
        advice: ''
      }
    : {
        about,
        state: 'problem',
        text: `You are not in the group "${name}", whose members may run the functions of the class.`,
        advice: contact
          ? `Ask to be added: ${contact}.`
          : 'Ask your teacher to add you.'
      };
}
