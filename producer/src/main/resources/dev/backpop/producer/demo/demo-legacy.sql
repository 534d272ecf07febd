-- Rows are made of their ordinals alone, so that every run makes the same ones. demo_slot names the ordinals of the rows
-- that are not ordinary; ${…} are numbers.
CREATE OR REPLACE FUNCTION pg_temp.spread(n bigint, salt integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT ((n * 2654435761 + salt * 40503000) % 4294967296) / 65536 $$;
CREATE OR REPLACE FUNCTION pg_temp.digit36(n bigint, place bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT substr('0123456789abcdefghijklmnopqrstuvwxyz', (n / place % 36)::integer + 1, 1) $$;
CREATE OR REPLACE FUNCTION pg_temp.base36(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT ltrim(pg_temp.digit36(n, 78364164096) || pg_temp.digit36(n, 2176782336) || pg_temp.digit36(n, 60466176)
        || pg_temp.digit36(n, 1679616) || pg_temp.digit36(n, 46656) || pg_temp.digit36(n, 1296)
        || pg_temp.digit36(n, 36) || pg_temp.digit36(n, 1), '0') $$;
CREATE OR REPLACE FUNCTION pg_temp.channel_id(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_temp.base36(n * 104729 % 1299709 + 7) $$;
CREATE OR REPLACE FUNCTION pg_temp.post_id(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT n * 11 + pg_temp.spread(n, 0) % 11 + CASE WHEN n > ${posts} / 2 THEN 4294967296 ELSE 0 END $$;
CREATE OR REPLACE FUNCTION pg_temp.comment_id(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT n * 13 + pg_temp.spread(n, 0) % 13 + CASE WHEN n > ${comments} / 3 THEN 68719476736 ELSE 0 END $$;

-- Texts that copying, escaping, trimming, normalizing or a narrower encoding would change.
CREATE TEMPORARY TABLE demo_text (nth integer PRIMARY KEY, text text NOT NULL) ON COMMIT DROP;
INSERT INTO demo_text VALUES
    (0, E'emoji \U0001F600 and a family \U0001F469\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466'),
    (1, E'astral \U0001D11E clef and \U00020BB7 field'),
    (2, E'control \u0001\u0007\u001B[31m\u007F\u0085 and \t tab'),
    (3, E'not in NFC: cafe\u0301, A\u030Angstro\u0308m, \u212B, \u1112\u1161\u11AB'),
    (4, E'line\r\nbreaks\nof \u2028 all kinds\r'),
    (5, E'&lt;b&gt;&amp;amp; &#x27;html&#x27; <i>twice</i> &nbsp;escaped'),
    (6, E'  white space kept  '),
    (7, E'\\N \\. \\t back\\slashes'),
    (8, E'"quotes" ''single'' `back` $1 %s ${HOME} {0} ?'),
    (9, E'\uFEFFzero\u200Bwidth and \u202Eright to left'),
    (10, E'\u0130stanbul \u0131\u015F\u0131k, Stra\u00DFe, \uFB01n'),
    (11, E'\u0939\u093F\u0928\u094D\u0926\u0940 \u4E2D\u6587 \u0627\u0644\u0639\u0631\u0628\u064A\u0629');

-- Wall clocks of New York: the hour that does not exist, the one that comes twice, and times before 1970.
CREATE TEMPORARY TABLE demo_clock (nth integer PRIMARY KEY, clock timestamp NOT NULL) ON COMMIT DROP;
INSERT INTO demo_clock VALUES
    (0, '2021-03-14 01:59:59.999999'), (1, '2021-03-14 02:30:00'), (2, '2021-03-14 03:00:00'),
    (3, '2021-11-07 00:59:59.999999'), (4, '2021-11-07 01:30:00'), (5, '2021-11-07 02:00:00'),
    (6, '1969-12-31 18:59:59.999999'), (7, '1969-07-20 16:17:40'), (8, '1883-11-18 12:03:57.5'),
    (9, '2038-01-19 03:14:08'), (10, '2000-02-29 00:00:00.000001');

CREATE SCHEMA legacy;
CREATE TABLE legacy.channel (
    id36 text PRIMARY KEY,
    name text,
    "Display Title" text,
    public_description text,
    over18 char(1),
    subscribers text,
    "user" text,
    created timestamp
);
CREATE TABLE legacy.post (
    post_id bigint PRIMARY KEY,
    id36 text NOT NULL,
    channel_id text,
    title text,
    "user" text,
    "order" integer,
    score text,
    "Price USD" numeric,
    status smallint,
    over18 char(1),
    body_html text,
    tags text,
    meta text,
    created timestamp,
    edited_epoch numeric
);
CREATE TABLE legacy.comment (
    comment_id bigint PRIMARY KEY,
    id36 text NOT NULL,
    post_id bigint,
    parent_id bigint,
    "user" text,
    "Body Text" text,
    score integer,
    removed smallint,
    created_epoch bigint
);

INSERT INTO legacy.channel
SELECT pg_temp.channel_id(n),
    CASE WHEN slot.kind = 'CHANNEL_NAME_TAKEN' THEN 'PLANT_' || lpad(taken.ordinal::text, 4, '0')
        ELSE 'Plant_' || lpad(n::text, 4, '0') END,
    CASE WHEN slot.kind = 'CHANNEL_TITLE_NULL' THEN NULL ELSE ugly.text END,
    CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE '<p>' || ugly.text || '</p>' END,
    CASE n % 3 WHEN 0 THEN 't' WHEN 1 THEN 'f' END,
    (pg_temp.spread(n, 1) * 65536)::text,
    CASE WHEN n % 7 = 0 THEN NULL ELSE 'owner_' || n END,
    CASE WHEN n % 4 = 0 THEN clock.clock ELSE timestamp '2008-01-25' + n * interval '17 hours 3.141592 seconds' END
FROM generate_series(1::bigint, ${channels}) AS n
JOIN demo_text ugly ON ugly.nth = n % 12
JOIN demo_clock clock ON clock.nth = n % 11
LEFT JOIN demo_slot slot ON slot.entity = 'channel' AND slot.ordinal = n
LEFT JOIN demo_slot taken ON taken.entity = 'channel' AND taken.kind = 'ALREADY_THERE' AND taken.nth = slot.nth
ORDER BY n;

INSERT INTO legacy.post
SELECT pg_temp.post_id(n),
    pg_temp.base36(pg_temp.post_id(n)),
    CASE WHEN slot.kind = 'POST_CHANNEL_UNKNOWN' THEN 'gone_' || slot.nth
        WHEN slot.kind = 'POST_CHANNEL_REJECTED' THEN
            (SELECT pg_temp.channel_id(c.ordinal) FROM demo_slot c
             WHERE c.kind = 'CHANNEL_NAME_TAKEN' AND c.nth = 1 + slot.nth % ${channelsTaken})
        WHEN slot.kind IN ('ALREADY_THERE', 'PLANTED') THEN
            (SELECT pg_temp.channel_id(c.ordinal) FROM demo_slot c
             WHERE c.entity = 'channel' AND c.kind = 'ALREADY_THERE' AND c.nth = 1 + slot.nth % ${channelsThere})
        ELSE pg_temp.channel_id(home.ordinal + (home_slot.ordinal IS NOT NULL)::integer) END,
    CASE WHEN slot.kind = 'PLANTED' THEN '${plantedTitle}'
        WHEN slot.kind = 'POST_TITLE_TOO_LONG' THEN repeat('long ', 60) || slot.nth
        WHEN n % 97 = 0 THEN repeat(E'\U0001F9EC', 300)
        WHEN n % 3 = 0 THEN ugly.text || ' ' || n
        ELSE 'Post ' || n || ' about plant ' || home.ordinal END,
    CASE WHEN slot.kind = 'POST_AUTHOR_NULL' THEN NULL WHEN n % 11 = 0 THEN '' ELSE 'user_' || pg_temp.spread(n, 2) END,
    (n % 1000)::integer,
    CASE WHEN slot.kind = 'POST_SCORE_NOT_A_NUMBER' THEN 'n/a'
        WHEN n % 13 = 0 THEN ' +' || n % 100 || ' '
        WHEN n % 17 = 0 THEN '-' || n % 100
        ELSE pg_temp.spread(n, 3)::text END,
    CASE WHEN slot.kind = 'POST_PRICE_TOO_GREAT' THEN 12345678.90
        WHEN n % 6 = 0 THEN NULL
        WHEN n % 6 = 1 THEN 0.10
        ELSE round((pg_temp.spread(n, 4) % 999999) / 100.0, 2) END,
    CASE WHEN slot.kind = 'POST_STATUS_UNKNOWN' THEN 9 ELSE n % 4 END,
    CASE n % 3 WHEN 0 THEN 't' WHEN 1 THEN 'f' END,
    CASE n % 10 WHEN 0 THEN NULL WHEN 1 THEN ''
        ELSE '<div class="md"><p>' || ugly.text || '</p>' || repeat('<p>Words &amp; more words.</p>', (n % 12)::integer)
            || '</div>' END,
    CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'soil,sun' ELSE E'caf\u00E9,\U0001F331,,' || n % 20 END,
    CASE WHEN n % 5 = 0 THEN NULL ELSE '{"flair": "' || chr(97 + (n % 26)::integer) || '", "ratio": 0.10, "n": ' || n || '}' END,
    CASE WHEN n % 9 = 0 THEN clock.clock
        ELSE timestamp '2009-06-01' + (n % 150000) * interval '47 minutes 0.000123 seconds' END,
    CASE WHEN n % 8 = 0 THEN -1 - pg_temp.spread(n, 5) + 0.5 WHEN n % 8 = 1 THEN 1636264800 + n % 7200 END
FROM generate_series(1::bigint, ${posts}) AS n
JOIN demo_text ugly ON ugly.nth = pg_temp.spread(n, 6) % 12
JOIN demo_clock clock ON clock.nth = pg_temp.spread(n, 7) % 11
CROSS JOIN LATERAL (SELECT 1 + pg_temp.spread(n, 8) % (${channels} - 1) AS ordinal) home
LEFT JOIN demo_slot home_slot ON home_slot.entity = 'channel' AND home_slot.ordinal = home.ordinal
LEFT JOIN demo_slot slot ON slot.entity = 'post' AND slot.ordinal = n;

INSERT INTO legacy.comment
SELECT pg_temp.comment_id(n),
    pg_temp.base36(pg_temp.comment_id(n)),
    CASE WHEN slot.kind = 'COMMENT_POST_UNKNOWN' THEN 900000000000 + n
        WHEN slot.kind = 'COMMENT_POST_REJECTED' THEN pg_temp.post_id(rejected.ordinal)
        WHEN slot.kind = 'ALREADY_THERE' THEN
            (SELECT pg_temp.post_id(p.ordinal) FROM demo_slot p
             WHERE p.entity = 'post' AND p.kind = 'ALREADY_THERE' AND p.nth = slot.nth)
        ELSE pg_temp.post_id(home.ordinal + (home_slot.ordinal IS NOT NULL)::integer) END,
    CASE WHEN n % 3 = 0 THEN 0 WHEN n % 3 = 1 THEN NULL ELSE pg_temp.comment_id(n - 1) END,
    CASE n % 19 WHEN 0 THEN '[deleted]' WHEN 1 THEN NULL ELSE 'user_' || pg_temp.spread(n, 2) END,
    CASE WHEN slot.kind = 'COMMENT_BODY_NULL' THEN NULL WHEN slot.kind = 'COMMENT_BODY_EMPTY' THEN ''
        WHEN n % 4 = 0 THEN ugly.text ELSE 'Comment ' || n || repeat(' and so on', (n % 20)::integer) END,
    (pg_temp.spread(n, 3) % 2000 - 200)::integer,
    CASE WHEN n % 23 = 0 THEN 1 ELSE 0 END,
    CASE n % 12 WHEN 0 THEN 1615705200 - n % 2 WHEN 1 THEN 1636264800 - n % 2 WHEN 2 THEN -n WHEN 3 THEN 0
        ELSE 1243814400 + n * 1789 % 400000000 END
FROM generate_series(1::bigint, ${comments}) AS n
JOIN demo_text ugly ON ugly.nth = pg_temp.spread(n, 6) % 12
CROSS JOIN LATERAL (SELECT 1 + pg_temp.spread(n, 8) * 65536 % (${posts} - 1) AS ordinal) home
LEFT JOIN demo_slot home_slot ON home_slot.entity = 'post' AND home_slot.ordinal = home.ordinal
LEFT JOIN demo_slot slot ON slot.entity = 'comment' AND slot.ordinal = n
LEFT JOIN (SELECT ordinal, row_number() OVER (ORDER BY ordinal) AS nth FROM demo_slot
           WHERE entity = 'post' AND kind LIKE 'POST\_%') rejected ON rejected.nth = slot.nth;

CREATE INDEX channel_by_name ON legacy.channel (name);
CREATE INDEX post_by_channel ON legacy.post (channel_id, created);
CREATE INDEX comment_by_post ON legacy.comment (post_id);
