/** Labels that tie a job's pods to it. The bare ones are older than the prefixed ones; both are always written. */
export const CONTROLLER_UID = 'batch.kubernetes.io/controller-uid';
export const JOB_NAME = 'batch.kubernetes.io/job-name';
export const OLD_CONTROLLER_UID = 'controller-uid';
export const OLD_JOB_NAME = 'job-name';
