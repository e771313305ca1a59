import type { TranslationBundle } from '@jupyterlab/translation';
import type { IFormComponentProps } from '@jupyterlab/ui-components';

import type { ISchemaProblem } from './schemaCheck';
import { findProblems } from './schemaCheck';

/** How JupyterLab's form asks whether its data is right. */
type FormValidator = IFormComponentProps['validator'];

/**
 * Checks the data of a form, and says beside each field what is wrong.
 *
 * @param trans - Words to use.
 */
export function createFormValidator(trans: TranslationBundle): FormValidator {
  const describe = (found: ISchemaProblem): string =>
    describeProblem(found, trans);
  const checks = {
    isValid: (schema: unknown, data: unknown, root: unknown) =>
      findProblems(schema, data, root).length === 0,
    validateFormData: (data: unknown, schema: unknown) => {
      const problems = findProblems(schema, data);
      return {
        errors: problems.map(found => ({
          name: found.keyword,
          property: found.path.join('.'),
          message: describe(found),
          stack: describe(found)
        })),
        errorSchema: toErrorSchema(problems, describe)
      };
    },
    rawValidation: (schema: unknown, data: unknown) => ({
      errors: findProblems(schema, data)
    })
  };
  // The form's type asks for one more method, which nothing calls any more.
  return checks as unknown as FormValidator;
}

/** Messages in the shape of the data, as the form wants them. */
interface IErrorNode {
  __errors?: string[];
  [name: string]: IErrorNode | string[] | undefined;
}

function toErrorSchema(
  problems: readonly ISchemaProblem[],
  describe: (found: ISchemaProblem) => string
): object {
  const root: IErrorNode = {};
  for (const found of problems) {
    let node = root;
    for (const name of found.path) {
      // A name from outside must not reach what all objects have.
      const next = Object.hasOwn(node, name) ? node[name] : undefined;
      const child: IErrorNode = next && !Array.isArray(next) ? next : {};
      Object.defineProperty(node, name, {
        value: child,
        enumerable: true,
        configurable: true,
        writable: true
      });
      node = child;
    }
    (node.__errors ??= []).push(describe(found));
  }
  return root;
}

function describeProblem(
  { keyword, wanted }: ISchemaProblem,
  trans: TranslationBundle
): string {
  const limit = JSON.stringify(wanted);
  switch (keyword) {
    case 'required':
      return trans.__('is needed');
    case 'type':
      return trans.__('must be: %1', limit.replace(/[[\]"]/g, ''));
    case 'enum':
      return trans.__('must be one of %1', limit);
    case 'minimum':
      return trans.__('must be at least %1', limit);
    case 'maximum':
      return trans.__('must be at most %1', limit);
    case 'exclusiveMinimum':
      return trans.__('must be more than %1', limit);
    case 'exclusiveMaximum':
      return trans.__('must be less than %1', limit);
    case 'minLength':
    case 'minItems':
      return trans.__('is too short');
    case 'maxLength':
    case 'maxItems':
      return trans.__('is too long');
    case 'additionalProperties':
      return trans.__('is not known to the endpoint');
    default:
      return trans.__('is not what the endpoint expects');
  }
}
