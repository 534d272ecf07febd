CREATE SCHEMA discussions;
CREATE TABLE discussions.channel (
    id text PRIMARY KEY,
    name varchar(80) NOT NULL,
    title text NOT NULL,
    description text,
    restricted boolean NOT NULL,
    subscribers bigint NOT NULL CHECK (subscribers >= 0),
    owner text,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX channel_name_is_taken ON discussions.channel (lower(name));
CREATE TABLE discussions.post (
    id bigint PRIMARY KEY,
    slug text NOT NULL,
    channel_id text NOT NULL REFERENCES discussions.channel,
    title varchar(300) NOT NULL,
    author text NOT NULL,
    place integer NOT NULL,
    score integer NOT NULL,
    price numeric(6, 2),
    status smallint NOT NULL CONSTRAINT post_status_is_known CHECK (status BETWEEN 0 AND 3),
    restricted boolean NOT NULL,
    body text,
    tags text[] NOT NULL,
    meta jsonb,
    created_at timestamptz NOT NULL,
    edited_at timestamptz
);
CREATE INDEX post_by_channel ON discussions.post (channel_id, created_at);
CREATE TABLE discussions.comment (
    id bigint PRIMARY KEY,
    slug text NOT NULL,
    post_id bigint NOT NULL REFERENCES discussions.post,
    parent_id bigint,
    author text,
    body text NOT NULL CONSTRAINT comment_body_says_something CHECK (body <> ''),
    score integer NOT NULL,
    removed boolean NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX comment_by_post ON discussions.comment (post_id);
