/** The page the issuer comes back to in the window of a sign-in. */
import { passSignInToOpener } from '../../../src/sdk/index.js';

passSignInToOpener();
