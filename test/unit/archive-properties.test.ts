import { expect, test } from 'vitest';
import { propertiesIn } from '../../src/engines/postgres/archive-properties.ts';

const made = (sql: string, to = 'new "one"') => {
  const { properties, unread } = propertiesIn(sql);
  return { statements: properties.map(({ statement }) => statement(to)), unread };
};

test('what pg_restore says of a database becomes that of another one', () => {
  const sql = `--
-- PostgreSQL database dump
--

\\restrict x'y"z

SET statement_timeout = 0;
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

--
-- Name: it's; Type: DATABASE; Schema: -; Owner: app
--

CREATE DATABASE "it's" WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE = 'C';
ALTER DATABASE "it's" OWNER TO app;

\\unrestrict x'y"z
\\connect -reuse-previous=on "dbname='it\\\\'s'"

COMMENT ON DATABASE "it's" IS 'It''s; "the" \\ shop';
ALTER DATABASE "it's" CONNECTION LIMIT = 7;
ALTER DATABASE "it's" SET search_path TO 'tenant', 'Odd, "one"', 'public';
ALTER DATABASE "it's" SET "TimeZone" TO 'Asia/Tokyo';
ALTER DATABASE "it's" SET "my.own" TO E'a''b;\\\\c';
ALTER ROLE "Odd ""role""" IN DATABASE "it's" SET statement_timeout TO '5000';
REVOKE CONNECT,TEMPORARY ON DATABASE "it's" FROM PUBLIC;
SET SESSION AUTHORIZATION app;
GRANT CONNECT ON DATABASE "it's" TO web WITH GRANT OPTION;
RESET SESSION AUTHORIZATION;
`;
  expect(made(sql)).toEqual({
    statements: [
      'ALTER DATABASE "new ""one""" OWNER TO "app"; ALTER DATABASE "new ""one""" CONNECTION LIMIT -1;',
      `COMMENT ON DATABASE "new ""one""" IS E'It''s; "the" \\\\ shop';`,
      'ALTER DATABASE "new ""one""" CONNECTION LIMIT 7;',
      `ALTER DATABASE "new ""one""" SET "search_path" TO 'tenant', 'Odd, "one"', 'public';`,
      `ALTER DATABASE "new ""one""" SET "TimeZone" TO 'Asia/Tokyo';`,
      `ALTER DATABASE "new ""one""" SET "my.own" TO E'a''b;\\\\c';`,
      `ALTER ROLE "Odd ""role""" IN DATABASE "new ""one""" SET "statement_timeout" TO '5000';`,
      'REVOKE CONNECT,TEMPORARY ON DATABASE "new ""one""" FROM PUBLIC;',
      'GRANT CONNECT ON DATABASE "new ""one""" TO "web" WITH GRANT OPTION;',
    ],
    unread: [],
  });
});

test('the value of a setting of an app is not shown', () => {
  const { properties } = propertiesIn(
    `ALTER DATABASE a SET "app.key" TO 'secret';\nALTER DATABASE a SET work_mem TO '7MB';`,
  );
  expect(properties.map(({ shown }) => shown('a'))).toEqual([
    'ALTER DATABASE "a" SET "app.key" TO …;',
    `ALTER DATABASE "a" SET "work_mem" TO '7MB';`,
  ]);
});

test('backslashes of a server that took them for escapes are read as such', () => {
  const sql = "SET standard_conforming_strings = off;\nCOMMENT ON DATABASE a IS 'a\\\\b';";
  expect(made(sql, 'b').statements).toEqual([`COMMENT ON DATABASE "b" IS E'a\\\\b';`]);
});

test.each([
  'DROP DATABASE other;',
  'ALTER DATABASE a IS_TEMPLATE = true;',
  "ALTER ROLE app SET search_path TO 'x';",
  "ALTER ROLE app PASSWORD 'x';",
  "ALTER SYSTEM SET work_mem TO '1MB';",
  'ALTER DATABASE a RENAME TO b;',
  'GRANT admin TO app;',
  'GRANT ALL ON DATABASE a, other TO app;',
  'GRANT SELECT ON TABLE a TO app;',
  "ALTER DATABASE a SET x TO 'y' DROP DATABASE other;",
  "ALTER DATABASE a SET x TO (SELECT 'y');",
  "COMMENT ON DATABASE a IS 'gone\uFFFD';",
  "COMMENT ON DATABASE a IS 'no end",
  `GRANT ALL ON DATABASE a TO "no end;`,
])('nothing else is made of an archive: %s', (statement) => {
  expect(made(statement)).toEqual({ statements: [], unread: [statement] });
});

test('what is in a name or a text can not leave it', () => {
  const sql = `GRANT ALL ON DATABASE "a"";DROP DATABASE x;--" TO "b""; DROP DATABASE x;--";
COMMENT ON DATABASE a IS '''; DROP DATABASE x; --';
`;
  expect(made(sql, 'n"; DROP DATABASE y; --')).toEqual({
    statements: [
      'GRANT ALL ON DATABASE "n""; DROP DATABASE y; --" TO "b""; DROP DATABASE x;--";',
      `COMMENT ON DATABASE "n""; DROP DATABASE y; --" IS '''; DROP DATABASE x; --';`,
    ],
    unread: [],
  });
});

test('a long text without an end takes no long time', () => {
  for (const part of ['"', "'", "E'", "E'\\", 'a ', "E'' ", '""', "''"]) {
    expect(propertiesIn(`COMMENT ON DATABASE a IS ${part.repeat(60_000)}`).properties).toEqual([]);
  }
}, 10_000);
