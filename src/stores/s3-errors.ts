import { CancelledError, HoldfastError, StoreError } from '../core/errors.ts';

/** What was being done, for a sentence and for what it takes to be allowed. */
export type Operation = 'put' | 'get' | 'stat' | 'list' | 'remove';

/** What each operation needs: on AWS, and as a capability of a Backblaze B2 key. */
const permissions: Readonly<Record<Operation, readonly [doing: string, aws: string, b2: string]>> = {
  put: ['writing', 's3:PutObject', 'writeFiles'],
  get: ['reading', 's3:GetObject', 'readFiles'],
  stat: ['looking up', 's3:GetObject', 'readFiles'],
  list: ['listing', 's3:ListBucket', 'listFiles'],
  remove: ['deleting', 's3:DeleteObject', 'deleteFiles'],
};

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly Code?: string;
  readonly code?: string;
  readonly $metadata?: {
    readonly httpStatusCode?: number;
    readonly requestId?: string;
    readonly attempts?: number;
  };
}

interface Translation {
  readonly codes: readonly string[];
  readonly code: string;
  readonly why: string;
  readonly input?: string;
  readonly hint: string;
}

const translations: readonly Translation[] = [
  {
    codes: ['NoSuchBucket'],
    code: 'store.no-bucket',
    why: 'there is no such bucket',
    input: 'store',
    hint: 'Correct the bucket in `store`, or create it; check `s3-endpoint` and `s3-region` too.',
  },
  {
    codes: ['InvalidAccessKeyId', 'UnrecognizedClientException'],
    code: 'store.key-unknown',
    why: 'it does not know the access key',
    input: 's3-access-key-id',
    hint: 'Check `s3-access-key-id` and that `s3-endpoint` is the one that the key belongs to.',
  },
  {
    codes: ['SignatureDoesNotMatch', 'InvalidSignature'],
    code: 'store.secret-wrong',
    why: 'the secret key is wrong',
    input: 's3-secret-access-key',
    hint: 'Set `s3-secret-access-key` to the secret that belongs to the access key.',
  },
  {
    codes: [
      'PermanentRedirect',
      'AuthorizationHeaderMalformed',
      'IllegalLocationConstraintException',
      'MovedPermanently',
      '301',
    ],
    code: 'store.region',
    why: 'the bucket is in another region',
    input: 's3-region',
    hint: 'Set `s3-region` to the region of the bucket.',
  },
  {
    codes: ['RequestTimeTooSkewed', 'RequestExpired'],
    code: 'store.clock',
    why: 'the clock of this machine is wrong',
    hint: 'Set the clock; the store allows a difference of 15 minutes.',
  },
  {
    codes: ['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired'],
    code: 'store.expired',
    why: 'the credentials have expired',
    hint: 'Let the role last longer than the backup takes (`role-duration-seconds`).',
  },
  {
    codes: ['CredentialsProviderError'],
    code: 'store.no-credentials',
    why: 'no credentials were found',
    input: 's3-access-key-id',
    hint: 'Set `s3-access-key-id` and `s3-secret-access-key`, or give the job an AWS role.',
  },
  {
    codes: ['QuotaExceeded', 'EntityTooLarge', 'InsufficientStorage', 'StorageCapExceeded', '507'],
    code: 'store.full',
    why: 'it takes no more data (quota)',
    hint: "Raise the bucket's quota, or prune.",
  },
  {
    codes: ['ENOTFOUND', 'EAI_AGAIN'],
    code: 'store.dns',
    why: 'the name of its endpoint has no address',
    input: 's3-endpoint',
    hint: 'Correct `s3-endpoint`.',
  },
  {
    codes: ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'],
    code: 'store.unreachable',
    why: 'its endpoint can not be reached',
    input: 's3-endpoint',
    hint: 'Correct `s3-endpoint`, or see whether the store is up.',
  },
  {
    codes: [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'CERT_HAS_EXPIRED',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ],
    code: 'store.certificate',
    why: 'its certificate is not valid',
    input: 's3-endpoint',
    hint: 'Use the name that the certificate is for; for a private CA set NODE_EXTRA_CA_CERTS to its file.',
  },
];

/** What the content threw that was being put: told as it is, for it is no failure of the store. */
export class SourceFailure extends Error {
  constructor(override readonly cause: unknown) {
    super('the source failed');
  }
}

/** The one place where what the SDK throws becomes a sentence. Never prints a key or a signature. */
export function s3Error(label: string, operation: Operation, key: string, cause: unknown): HoldfastError {
  if (cause instanceof HoldfastError) return cause;
  const error = (cause ?? {}) as SdkError;
  if (error.name === 'AbortError') return new CancelledError();
  const [doing, aws, b2] = permissions[operation];
  const what = `${doing[0]?.toUpperCase()}${doing.slice(1)} ${key === '' ? label : `${key} in ${label}`} failed`;
  const codes = codesOf(error);
  const known = translations.find((translation) => translation.codes.some((code) => codes.includes(code)));
  if (known !== undefined) {
    const { code, why, input, hint } = known;
    return new StoreError(`${what}: ${why} (${describe(error)}).`, { code, input, hint, cause });
  }
  if (codes.includes('AccessDenied') || codes.includes('403')) {
    return new StoreError(`${what}: the key may not do that (${describe(error)}).`, {
      code: 'store.denied',
      input: 's3-access-key-id',
      hint: `Allow the key ${aws} on the bucket (on Backblaze B2 the capability ${b2}).`,
      cause,
    });
  }
  return new StoreError(`${what}: ${describe(error)}.`, {
    code: 'store.failed',
    hint: 'Try again later; if it repeats, look at the status page of the storage provider.',
    cause,
  });
}

/** Every name that one error has: S3's code, Node's, the HTTP status. */
export function codesOf(cause: unknown): string[] {
  const error = (cause ?? {}) as SdkError & {
    readonly cause?: unknown;
    readonly errors?: readonly unknown[];
  };
  const own = [error.Code, error.code, error.name, error.$metadata?.httpStatusCode?.toString()];
  const inner = [...(error.errors ?? []), ...(error.cause instanceof Error ? [error.cause] : [])];
  return [...own.filter((code) => code !== undefined), ...inner.flatMap(codesOf)];
}

/** `SlowDown, HTTP 503, after 8 attempts, request tx00…`: some stores send no message at all. */
function describe(error: SdkError): string {
  const { httpStatusCode, requestId, attempts } = error.$metadata ?? {};
  const name = [error.Code, error.code, error.name].find(
    (text) => text && text !== 'Error' && text !== 'UnknownError',
  );
  const said =
    error.message && error.message !== 'UnknownError' && error.message !== name ? error.message : undefined;
  return [
    name ?? said ?? 'no reason given',
    name === undefined ? undefined : said,
    httpStatusCode === undefined ? undefined : `HTTP ${httpStatusCode}`,
    attempts !== undefined && attempts > 1 ? `after ${attempts} attempts` : undefined,
    requestId === undefined ? undefined : `request ${requestId}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}
