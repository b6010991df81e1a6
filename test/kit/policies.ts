import { readFileSync } from 'node:fs';
import type { Key, S3Server } from './s3.ts';

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What only AWS can ask of a request: without it the real server allows more than AWS would. */
const onlyOnAws = ['s3:if-none-match', 's3:ObjectCreationOperation', 'aws:PrincipalArn'];
/** Statements about how a request comes, not about who may do what. */
const aboutRequests = ['OnlyByHttps', 'NoKeysOfStrangers'];

/** The statements of `docs/policies`, filled in. */
function documentedPolicy(name: string, bucket: string, prefix: string): readonly Statement[] {
  const text = readFileSync(new URL(`../../docs/policies/aws-${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text.replaceAll('BUCKET', bucket).replaceAll('PREFIX', prefix)).Statement;
}

/** What Ceph lets the owner of an object do, granted or not. */
const ofOwners = [
  's3:GetObject',
  's3:GetObjectVersion',
  's3:PutObjectAcl',
  's3:PutObjectRetention',
  's3:DeleteObject',
];

export type Role = 'writer' | 'pruner' | 'reader' | 'restorer';
const roles: readonly Role[] = ['writer', 'pruner', 'reader', 'restorer'];

export async function createRoles(s3: S3Server): Promise<Readonly<Record<Role, Key>>> {
  const keys: [Role, Key][] = [];
  for (const role of roles) keys.push([role, await s3.createUser(role)]);
  return Object.fromEntries(keys) as Record<Role, Key>;
}

/**
 * Sets a bucket up as docs/security.md says. Ceph has bucket policies only, so each role's own is part of it; and whoever puts
 * an object owns it there, so what a role is not granted is denied too (on AWS nobody owns objects but the bucket's owner).
 */
export async function setUpAsDocumented(
  s3: S3Server,
  bucket: string,
  prefix: string,
  without: readonly Role[] = [],
): Promise<void> {
  const arnOf = (role: Role): string => `arn:aws:iam:::user/${role}`;
  const allowed = roles
    .filter((role) => !without.includes(role))
    .flatMap((role) => {
      const own = documentedPolicy(role, bucket, prefix);
      const Principal = { AWS: [arnOf(role)] };
      const granted = own.flatMap(({ Action }) => Action);
      const rest = {
        Sid: `Rest${role}`,
        Effect: 'Deny',
        Principal,
        Action: ofOwners.filter((action) => !granted.includes(action)),
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      };
      return [...own.map((statement) => ({ ...understood(statement), Principal })), rest];
    });
  const denied = documentedPolicy('bucket', bucket, prefix)
    .filter(({ Sid }) => !aboutRequests.includes(Sid))
    .map((statement) => ({ ...understood(statement), Principal: { AWS: roles.map(arnOf) } }));
  await s3.setPolicy(bucket, [...allowed, ...denied]);
}

function understood({ Condition = {}, ...statement }: Statement): Omit<Statement, 'Condition'> | Statement {
  const known = Object.entries(Condition).filter(
    ([, test]) => !Object.keys(test).some((key) => onlyOnAws.includes(key)),
  );
  return known.length === 0 ? statement : { ...statement, Condition: Object.fromEntries(known) };
}
