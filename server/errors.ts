/** Every way a request can be refused: the code that tests and pages use, the HTTP status, and what the learner reads. */

interface Refusal {
  status: number;
  en: string;
  ko: string;
}

const REFUSALS = {
  'not-signed-in': {
    status: 401,
    en: 'This browser is not signed in. Open the link that Drydock printed when it started.',
    ko: '이 브라우저는 로그인되어 있지 않습니다. Drydock이 시작할 때 출력한 링크를 여세요.',
  },
  'bad-input': {
    status: 422,
    en: 'The request was not understood. Reload the page and try again.',
    ko: '요청을 이해하지 못했습니다. 페이지를 새로 고친 뒤 다시 시도하세요.',
  },
  'scenario-not-found': {
    status: 404,
    en: 'There is no such task. It may have been renamed or removed.',
    ko: '그런 과제가 없습니다. 이름이 바뀌었거나 삭제되었을 수 있습니다.',
  },
  'session-not-found': {
    status: 404,
    en: 'This session does not exist any more. Open the task again from the list.',
    ko: '이 세션은 더 이상 없습니다. 목록에서 과제를 다시 여세요.',
  },
  'attempt-not-found': {
    status: 404,
    en: 'There is no such exam attempt.',
    ko: '그런 시험 응시 기록이 없습니다.',
  },
  'attempt-over': {
    status: 409,
    en: 'This exam has ended. What was there at the end has been graded.',
    ko: '이 시험은 끝났습니다. 종료 시점의 상태로 채점했습니다.',
  },
  'exam-not-found': {
    status: 404,
    en: 'There is no such exam any more. Its file may have been renamed or contain a mistake; the Practice page tells.',
    ko: '그런 시험이 더 이상 없습니다. 파일 이름이 바뀌었거나 파일에 오류가 있을 수 있습니다. 연습 페이지에서 확인하세요.',
  },
  'exam-empty': {
    status: 409,
    en: 'There are no tasks to make an exam from. Check the scenario folders named on the Practice page.',
    ko: '시험을 구성할 과제가 없습니다. 연습 페이지에 표시된 시나리오 폴더를 확인하세요.',
  },
  'no-more-hints': {
    status: 409,
    en: 'All hints are shown already.',
    ko: '힌트를 이미 모두 보았습니다.',
  },
  'no-sandbox': {
    status: 503,
    en: 'No terminal can be opened: this machine cannot build the sandbox. Your cluster and files are kept.',
    ko: '터미널을 열 수 없습니다. 이 컴퓨터에서 샌드박스를 만들 수 없습니다. 클러스터와 파일은 보존됩니다.',
  },
  'session-damaged': {
    status: 500,
    en: 'The saved cluster of this task cannot be read. Reset the task to start with a fresh cluster; your files are kept.',
    ko: '이 과제의 저장된 클러스터를 읽을 수 없습니다. 과제를 초기화하면 새 클러스터로 시작합니다. 파일은 보존됩니다.',
  },
  'setup-failed': {
    status: 500,
    en: 'The starting state of this task could not be built. This is a mistake in the task, not yours; its author sees the details.',
    ko: '이 과제의 시작 상태를 만들지 못했습니다. 과제 자체의 오류이며, 작성자가 자세한 내용을 볼 수 있습니다.',
  },
  internal: {
    status: 500,
    en: 'Something went wrong in Drydock. Your work is kept; try again. The terminal that runs Drydock has the details.',
    ko: 'Drydock에서 문제가 발생했습니다. 작업은 보존됩니다. 다시 시도하세요. 자세한 내용은 Drydock을 실행한 터미널에 있습니다.',
  },
} satisfies Record<string, Refusal>;

export type ErrorCode = keyof typeof REFUSALS;

export type Locale = 'en' | 'ko';

/** A refusal with a code. `detail` is for a person who can mend the cause: a path, what to install. It holds no secrets. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    super(options.detail === undefined ? code : `${code}: ${options.detail}`, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.detail = options.detail;
  }
}

/** What a page shows of a refusal. */
export interface UserError {
  code: ErrorCode;
  status: number;
  message: string;
  detail?: string;
}

/**
 * The learner's side of any thrown value; unknown errors say nothing about themselves.
 * Asks for the name instead of the class: Next bundles a second copy of this module, and errors cross over.
 */
export function userError(thrown: unknown, locale: Locale): UserError {
  const known = isAppError(thrown) ? thrown : undefined;
  const code = known?.code ?? 'internal';
  const refusal = REFUSALS[code];
  return {
    code,
    status: refusal.status,
    message: refusal[locale],
    ...(known?.detail === undefined ? {} : { detail: known.detail }),
  };
}

export function isAppError(thrown: unknown): thrown is AppError {
  return thrown instanceof Error && thrown.name === 'AppError' && 'code' in thrown && String(thrown.code) in REFUSALS;
}
