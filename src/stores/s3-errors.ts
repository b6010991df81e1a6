import { CancelledError, HoldfastError, StoreError } from '../core/errors.ts';

/** What was being done, for a sentence and for what it takes to be allowed. */
export type Operation =
  | 'put'
  | 'get'
  | 'stat'
  | 'list'
  | 'remove'
  | 'lock'
  | 'examine'
  | 'uploads'
  | 'abandon';

/** What each operation needs: on AWS, and as a capability of a Backblaze B2 key. */
const permissions: Readonly<Record<Operation, readonly [doing: string, aws: string, b2: string]>> = {
  put: ['writing', 's3:PutObject', 'writeFiles'],
  get: ['reading', 's3:GetObject', 'readFiles'],
  stat: ['looking up', 's3:GetObject', 'readFiles'],
  list: ['listing', 's3:ListBucket', 'listFiles'],
  uploads: ['listing the unfinished uploads of', 's3:ListBucketMultipartUploads', 'listFiles'],
  abandon: ['aborting the upload of', 's3:AbortMultipartUpload', 'writeFiles'],
  remove: ['deleting', 's3:DeleteObject', 'deleteFiles'],
  lock: [
    'locking',
    's3:PutObjectRetention, s3:GetObjectRetention and s3:GetBucketObjectLockConfiguration',
    'writeFileRetentions, readFileRetentions and readBucketRetentions',
  ],
  examine: ['examining', 's3:GetBucketVersioning', 'readBuckets'],
};

/** The store does not have the operation. */
export const notKnown: readonly string[] = ['NotImplemented', '501', 'MethodNotAllowed', '405'];

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
  /** Where the SDK has no code for it. */
  readonly says?: RegExp;
  readonly code: string;
  readonly why: string;
  readonly input?: string;
  readonly hint: string;
  /** The store's own words are left out: some repeat what they were given, and that may be a key. */
  readonly quiet?: boolean;
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
    quiet: true,
  },
  {
    codes: ['SignatureDoesNotMatch', 'InvalidSignature'],
    code: 'store.secret-wrong',
    why: 'the secret key is wrong',
    input: 's3-secret-access-key',
    hint: 'Set `s3-secret-access-key` to the secret that belongs to the access key.',
    quiet: true,
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
    codes: [],
    says: /^Region is missing/,
    code: 'store.no-region',
    why: 'nobody says which region its bucket is in',
    input: 's3-region',
    hint: 'Set `s3-region`; for another provider than AWS set `s3-endpoint` too.',
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
  {
    codes: ['EPROTO'],
    code: 'store.tls',
    why: 'its endpoint does not speak HTTPS',
    input: 's3-endpoint',
    hint: 'Correct the port in `s3-endpoint`.',
    quiet: true,
  },
  {
    codes: ['TemporaryRedirect', '302', '303', '307', '308'],
    code: 'store.redirect',
    why: 'its endpoint points to another one, which is not followed',
    input: 's3-endpoint',
    hint: "Set `s3-endpoint` (for AWS `s3-region`) to the bucket's own.",
  },
  {
    codes: ['NotFound'],
    says: /XML parse error|Deserialization error/,
    code: 'store.not-s3',
    why: 'what answers there does not speak S3',
    input: 's3-endpoint',
    hint: "Set `s3-endpoint` to the provider's address for S3, without bucket or path.",
    quiet: true,
  },
  {
    codes: ['NoListing'],
    code: 'store.not-s3',
    why: 'what answers there gives something else than a listing',
    input: 's3-endpoint',
    hint: "Set `s3-endpoint` to the provider's address for S3, without bucket or path; where it is right, run it again later.",
    quiet: true,
  },
  {
    codes: ['SlowDown', 'ServiceUnavailable', 'TooManyRequests', 'TooManyRequestsException', '429'],
    code: 'store.throttled',
    why: 'it is too busy',
    hint: 'Run it again later; a schedule that avoids the full hour meets fewer others.',
  },
  {
    codes: ['ECONNRESET', 'EPIPE'],
    code: 'store.connection',
    why: 'the connection broke again and again',
    hint: 'Run it again; if it repeats, look for a firewall or proxy between here and the store.',
  },
  {
    codes: ['TimeoutError', 'NoAnswer', 'ETIMEDOUT'],
    code: 'store.silent',
    why: 'it does not answer',
    hint: 'Run it again; if it repeats, check `s3-endpoint` and what is between here and the store.',
  },
];

/** What the content threw that was being put: told as it is, for it is no failure of the store. */
export class SourceFailure extends Error {}

/** The one place where what the SDK throws becomes a sentence. Never prints a key or a signature. */
export function s3Error(label: string, operation: Operation, key: string, cause: unknown): Error {
  if (cause instanceof SourceFailure) return cause.cause as Error;
  if (cause instanceof HoldfastError) return cause;
  const error = (cause ?? {}) as SdkError;
  if (error.name === 'AbortError') return new CancelledError();
  const [doing, aws, b2] = permissions[operation];
  const what = `${doing[0]?.toUpperCase()}${doing.slice(1)} ${key === '' ? label : `${key} in ${label}`} failed`;
  const known = translationOf(error);
  if (known !== undefined) {
    const { code, why, input, hint, quiet = false } = known;
    return new StoreError(`${what}: ${why} (${describe(error, quiet)}).`, { code, input, hint, cause });
  }
  if (isDenied(error)) {
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

function translationOf(error: SdkError): Translation | undefined {
  const codes = codesOf(error);
  return translations.find(
    ({ codes: its, says }) => its.some((code) => codes.includes(code)) || says?.test(error.message),
  );
}

/** The key lacks the right. Other failures have the status 403 too: a wrong secret, a wrong clock. */
export function isDenied(cause: unknown): boolean {
  const error = (cause ?? {}) as SdkError;
  const codes = codesOf(error);
  return (codes.includes('AccessDenied') || codes.includes('403')) && translationOf(error) === undefined;
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

/** How often the request was sent that ended so. */
export function attemptsOf(cause: unknown): number {
  return ((cause ?? {}) as SdkError).$metadata?.attempts ?? 1;
}

/** `SlowDown, HTTP 503, after 8 attempts, request tx00…`: some stores send no message at all. */
function describe(error: SdkError, quiet = false): string {
  const { httpStatusCode, requestId, attempts } = error.$metadata ?? {};
  const name = [error.Code, error.code, error.name].find((text) => text && !meaningless.has(text));
  const said = quiet || meaningless.has(error.message) || error.message === name ? '' : error.message;
  const parts = [
    name,
    said,
    httpStatusCode === undefined ? '' : `HTTP ${httpStatusCode}`,
    attempts !== undefined && attempts > 1 ? `after ${attempts} attempts` : '',
    requestId === undefined ? '' : `request ${requestId}`,
  ];
  return parts.filter((part) => part).join(', ') || 'no reason given';
}

/** What the SDK says when the store said nothing. */
const meaningless: ReadonlySet<string> = new Set(['Error', 'Unknown', 'UnknownError', '']);
