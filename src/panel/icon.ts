import { LabIcon } from '@jupyterlab/ui-components';

import svgstr from '../../style/icons/compute.svg?raw';

/** The sign of the side panel: work that leaves a cell for several workers. */
export const computeIcon = new LabIcon({
  name: 'jupyterlab-globus-compute:compute',
  svgstr
});
