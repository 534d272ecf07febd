-- What discussions.yaml has brought from Reddit.
INSERT INTO channel (id, name, title, channel_type, allowed_post_types, created_on, updated_on)
    VALUES (5, 'physics', 'Physics', 'public', 3, '2019-01-01Z', '2019-01-01Z'),
    (6, 'unknown_here', NULL, 'private', 1, '2019-01-01Z', '2019-01-01Z');
INSERT INTO post (id, channel_id, post_type, title, url, text, score, created_on)
    VALUES (1, 5, 'link', 'a link', 'https://example.org', NULL, 3, '2019-01-29Z'), (2, 5, 'article', 'an article', NULL, NULL, 1, '2019-01-29Z');
INSERT INTO comment (id, post_id, parent_id, text, score, created_on)
    SELECT i, 2 - i % 2, CASE WHEN i > 10 THEN i - 10 END, 'x', i % 3, '2019-01-29Z' FROM generate_series(1, 300) AS i;
-- And discussions-roles.yaml: Ann is in the group as well, carol is not.
INSERT INTO reddit_moderator VALUES (5, 77, 1, 'ann', '2019-01-01Z'), (5, 78, 3, 'carol', '2019-01-01Z');
