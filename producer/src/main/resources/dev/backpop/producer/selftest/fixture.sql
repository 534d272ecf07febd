-- The self-test's two tables in a database of its own: an old one, and what a plan should make of it, by plain SQL.
-- Keys are ten apart, so that there is room for rows that should not be there.
CREATE SCHEMA old_forum;
CREATE TABLE old_forum.reply (
    reply_id bigint PRIMARY KEY,
    in_reply_to bigint,
    author text,
    editor text,
    nickname text,
    remark text,
    body text,
    settings text,
    rate text,
    sent text,
    created timestamp,
    score text,
    amount numeric(12, 4),
    open text,
    tags text,
    meta text,
    file bytea,
    shown text,
    views integer,
    imported text
);
INSERT INTO old_forum.reply
SELECT n * 10, n * 10 - 10, 'ann' || n, 'bob' || n, '', NULL,
    'Reply ' || n || E': "na\u00EFve caf\u00E9" & <b>so on</b>.\nIt is a reply.',
    '{"a": 1, "b": ["x"]}', '1.50', '2020-01-01T10:00:00Z',
    timestamp '2020-01-01 10:11:12.345678' + n * interval '1 day',
    (n % 500)::text, n + 100.2575, CASE WHEN n % 2 = 0 THEN 't' ELSE 'f' END, 'a,b,c',
    '{"a": 1, "n": ' || n || '}', '\x00010203ff'::bytea,
    'Reply *' || n || E'* says:\n\n> so it is.', n, 'by the old importer'
FROM generate_series(1, 720) AS n;

CREATE SCHEMA forum;
CREATE TABLE forum.reply (
    id bigint PRIMARY KEY,
    parent_id bigint,
    author text,
    editor text,
    nickname text,
    remark text,
    body text,
    settings text,
    rate text,
    sent text,
    created_at timestamptz,
    score integer,
    amount numeric(14, 6),
    open boolean,
    tags text[],
    meta jsonb,
    file bytea,
    shown text,
    views integer,
    imported text
);
-- The last three columns differ everywhere, which the plan's rules let pass.
INSERT INTO forum.reply
SELECT reply_id, in_reply_to, author, editor, nickname, remark, body, settings, rate, sent,
    timezone('UTC', created), score::integer, amount, open = 't', regexp_split_to_array(tags, ','),
    meta::jsonb, file, 'Reply ' || reply_id / 10 || ' says: so it is.', views + 3, 'by Backpop'
FROM old_forum.reply;
