/**
 * The function that reports on the hardware of workers.
 */

/**
 * Calls the report of the Python SDK that the worker has.
 *
 * @see globus_compute_sdk/sdk/hardware_report.py
 */
export const HARDWARE_REPORT = {
  name: 'run_hardware_report',
  description: "Reports on the hardware of an endpoint's workers.",
  source: [
    'def run_hardware_report(env=None):',
    '    from globus_compute_sdk.sdk import hardware_report',
    '',
    '    return hardware_report.run_hardware_report(env)',
    ''
  ].join('\n')
} as const;
