-- The application's own tables from before, as far as the plans read them, and a few rows with what is known to be wrong in them.
CREATE TABLE auth_user (id serial PRIMARY KEY, username varchar(150) NOT NULL UNIQUE);
CREATE TABLE auth_user_groups (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES auth_user, group_id int NOT NULL);
CREATE TABLE django_content_type (id serial PRIMARY KEY, app_label varchar(100) NOT NULL, model varchar(100) NOT NULL);
CREATE TABLE widgets_widgetlist (id serial PRIMARY KEY);
CREATE TABLE channels_channel (id serial PRIMARY KEY, name varchar(100) NOT NULL UNIQUE, title varchar(100),
    membership_is_managed boolean NOT NULL, avatar varchar(100), avatar_small varchar(100), avatar_medium varchar(100),
    banner varchar(100), ga_tracking_id varchar(24), widget_list_id int REFERENCES widgets_widgetlist, about jsonb,
    allowed_post_types bigint, channel_type varchar(20), moderator_notifications boolean NOT NULL,
    created_on timestamptz NOT NULL, updated_on timestamptz NOT NULL);
CREATE TABLE channels_channelgrouprole (id serial PRIMARY KEY, channel_id int NOT NULL, group_id int NOT NULL,
    role varchar(48) NOT NULL, created_on timestamptz NOT NULL, updated_on timestamptz NOT NULL);
CREATE TABLE channels_channelsubscription (id serial PRIMARY KEY, channel_id int NOT NULL, user_id int NOT NULL,
    created_on timestamptz NOT NULL, updated_on timestamptz NOT NULL);
CREATE TABLE channels_channelinvitation (id serial PRIMARY KEY, channel_id int NOT NULL, inviter_id int NOT NULL,
    user_id int, email varchar(254) NOT NULL, redeemed boolean NOT NULL, created_on timestamptz NOT NULL,
    updated_on timestamptz NOT NULL);
CREATE TABLE channels_linkmeta (id serial PRIMARY KEY, url varchar(2048) NOT NULL UNIQUE, thumbnail varchar(2048),
    created_on timestamptz NOT NULL, updated_on timestamptz NOT NULL);
CREATE TABLE channels_post (id serial PRIMARY KEY, channel_id int NOT NULL, author_id int, link_meta_id int,
    post_id bigint NOT NULL UNIQUE, post_type varchar(10), title varchar(300), text text, preview_text text, url varchar(2048),
    score bigint, num_comments bigint, edited boolean, removed boolean, deleted boolean,
    exclude_from_frontpage_emails boolean NOT NULL, created_on timestamptz NOT NULL, updated_on timestamptz NOT NULL);
CREATE TABLE channels_article (id serial PRIMARY KEY, author_id int NOT NULL, post_id int NOT NULL UNIQUE,
    cover_image varchar(100), content json NOT NULL, created_on timestamptz NOT NULL, updated_on timestamptz NOT NULL);
CREATE TABLE channels_comment (id serial PRIMARY KEY, post_id int NOT NULL, author_id int, comment_id bigint NOT NULL UNIQUE,
    parent_id bigint, text text, score bigint, edited boolean, removed boolean, deleted boolean,
    created_on timestamptz NOT NULL, updated_on timestamptz NOT NULL);
CREATE TABLE channels_subscription (id serial PRIMARY KEY, user_id int NOT NULL, post_id bigint NOT NULL, comment_id bigint,
    created_on timestamptz NOT NULL, updated_on timestamptz NOT NULL, UNIQUE (user_id, post_id, comment_id));
CREATE TABLE channels_spamcheckresult (id serial PRIMARY KEY, content_type_id int NOT NULL, object_id int NOT NULL,
    user_ip inet, user_agent text, checks jsonb NOT NULL, is_spam boolean NOT NULL, created_on timestamptz NOT NULL,
    updated_on timestamptz NOT NULL);

INSERT INTO auth_user (username) VALUES ('Ann'), ('bob'), ('carol');
INSERT INTO auth_user_groups (user_id, group_id) VALUES (1, 1), (2, 1), (2, 2), (3, 3);
INSERT INTO django_content_type (app_label, model) VALUES ('channels', 'post'), ('channels', 'comment'), ('auth', 'user');
INSERT INTO widgets_widgetlist VALUES (1);
-- Its name is spelled otherwise than on Reddit.
INSERT INTO channels_channel (name, title, membership_is_managed, widget_list_id, about, allowed_post_types, moderator_notifications,
    created_on, updated_on) VALUES ('Physics', 'Physics', true, 1, '[{"a": 1}]', 7, true, '2019-01-01Z', '2019-01-02Z');
INSERT INTO channels_channelgrouprole (channel_id, group_id, role, created_on, updated_on)
    VALUES (1, 1, 'moderators', now(), now()), (1, 2, 'contributors', now(), now());
INSERT INTO channels_channelsubscription (channel_id, user_id, created_on, updated_on)
    VALUES (1, 1, now(), now()), (1, 3, now(), now());
INSERT INTO channels_channelinvitation (channel_id, inviter_id, user_id, email, redeemed, created_on, updated_on)
    VALUES (1, 1, 2, 'bob@example.org', true, now(), now()), (1, 1, NULL, 'dan@example.org', false, now(), now());
INSERT INTO channels_linkmeta (url, thumbnail, created_on, updated_on) VALUES ('https://example.org', NULL, now(), now());
INSERT INTO channels_post (id, channel_id, link_meta_id, post_id, exclude_from_frontpage_emails, created_on, updated_on)
    VALUES (7, 1, 1, 1, true, now(), now()), (8, 1, NULL, 2, false, now(), now());
INSERT INTO channels_comment (id, post_id, comment_id, text, created_on, updated_on) VALUES (9, 7, 1, 'x', now(), now());
INSERT INTO channels_article (author_id, post_id, content, created_on, updated_on) VALUES (1, 8, '[ "text" ]', now(), now());
-- The second is the first once more, which the constraint does not see; the last is of a post that never came.
INSERT INTO channels_subscription (user_id, post_id, comment_id, created_on, updated_on) VALUES (1, 1, NULL, now(), now()),
    (1, 1, NULL, now(), now()), (1, 1, 1, now(), now()), (2, 1, NULL, now(), now()), (3, 99, NULL, now(), now());
INSERT INTO channels_spamcheckresult (content_type_id, object_id, user_ip, checks, is_spam, created_on, updated_on)
    VALUES (1, 7, '10.0.0.1', '{}', true, now(), now()), (2, 9, NULL, '[1]', false, now(), now());
