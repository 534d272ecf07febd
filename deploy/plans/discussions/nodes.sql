-- The trees of comments, computed. To be run after schema.sql, in the same schema; may be run again. PostgreSQL 13 or newer.

BEGIN;

-- A number in base 62 by the characters 0-9A-Za-z, with four of them; NULL from 62^4 on, for which a step has no room.
CREATE OR REPLACE FUNCTION comment_step(number bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN number BETWEEN 0 AND 14776335 THEN
        substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', (number / 238328)::int + 1, 1)
        || substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', (number / 3844 % 62)::int + 1, 1)
        || substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', (number / 62 % 62)::int + 1, 1)
        || substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', (number % 62)::int + 1, 1)
    END
$$;

-- The path of a post's root: the post's number. One step for numbers below 61 * 62^3, which are 14,538,008; greater ones have
-- three, of which the first begins with z, so that no root is the beginning of another one's path.
CREATE OR REPLACE FUNCTION comment_root_path(post_id bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN post_id < 14538008 THEN comment_step(post_id) ELSE
        'z' || substr(comment_step(post_id / 218340105584896), 2)
        || comment_step(post_id / 14776336 % 14776336)
        || comment_step(post_id % 14776336)
    END
$$;

-- Every node of a post's tree with its path in each order: new by the time of creation, the last first; old the other way
-- round; best by score, the greatest first. Siblings that are equal follow their numbers. Level by level, each by an index, so
-- that depth costs no more than the paths' own length.
CREATE OR REPLACE FUNCTION comment_tree(post bigint)
RETURNS TABLE (
    id bigint, comment_id bigint, depth integer, numchild integer, created_on timestamptz, score bigint,
    path_new text, path_old text, path_best text)
LANGUAGE sql STABLE ROWS 100 COST 10000 AS $$
    WITH RECURSIVE root AS (
        SELECT comment_root_path(post) AS path
    ), tree AS (
        (
            SELECT NULL::bigint AS comment_id, 1 AS depth, NULL::timestamptz AS created_on, NULL::bigint AS score,
                root.path AS path_new, root.path AS path_old, root.path AS path_best
            FROM root
            UNION ALL
            SELECT c.id, 2, c.created_on, c.score,
                root.path || comment_step(row_number() OVER (ORDER BY c.created_on DESC, c.id)),
                root.path || comment_step(row_number() OVER (ORDER BY c.created_on, c.id)),
                root.path || comment_step(row_number() OVER (ORDER BY c.score DESC, c.id))
            FROM comment c CROSS JOIN root
            WHERE c.post_id = post AND c.parent_id IS NULL
        )
        UNION ALL
        SELECT child.id, tree.depth + 1, child.created_on, child.score,
            tree.path_new || child.step_new, tree.path_old || child.step_old, tree.path_best || child.step_best
        FROM tree CROSS JOIN LATERAL (
            SELECT c.id, c.created_on, c.score,
                comment_step(row_number() OVER (ORDER BY c.created_on DESC, c.id)) AS step_new,
                comment_step(row_number() OVER (ORDER BY c.created_on, c.id)) AS step_old,
                comment_step(row_number() OVER (ORDER BY c.score DESC, c.id)) AS step_best
            FROM comment c
            WHERE c.post_id = post AND c.parent_id = tree.comment_id
        ) AS child
    )
    SELECT coalesce(tree.comment_id, -post), tree.comment_id, tree.depth,
        (CASE WHEN tree.comment_id IS NULL
            THEN (SELECT count(*) FROM comment c WHERE c.post_id = post AND c.parent_id IS NULL)
            ELSE (SELECT count(*) FROM comment c WHERE c.post_id = post AND c.parent_id = tree.comment_id)
        END)::integer,
        tree.created_on, tree.score, tree.path_new, tree.path_old, tree.path_best
    FROM tree
$$;

-- All trees. The function stands among the columns and not behind FROM, so that a condition on post_id is a condition on the
-- posts and nothing but their trees is computed, once each, whatever else is asked of the nodes. The order within is that of the
-- primary key, so that who wants the first thousand nodes in order of posts and numbers has no more trees computed than these.
CREATE OR REPLACE VIEW comment_trees AS
    SELECT post_id, (node).*
    FROM (SELECT post.id AS post_id, comment_tree(post.id) AS node FROM post ORDER BY post.id) AS every;

-- For the application: makes a post's nodes anew in all three orders, within the caller's transaction. Whoever does so for the
-- same post meanwhile waits, so that the later one sees what the earlier one wrote.
CREATE OR REPLACE FUNCTION comment_nodes_rebuild(post bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM post p WHERE p.id = post FOR NO KEY UPDATE;
    DELETE FROM comment_node_new WHERE post_id = post;
    DELETE FROM comment_node_old WHERE post_id = post;
    DELETE FROM comment_node_best WHERE post_id = post;
    WITH tree AS MATERIALIZED (
        SELECT * FROM comment_tree(post) WHERE EXISTS (SELECT FROM post p WHERE p.id = post)
    ), new AS (
        INSERT INTO comment_node_new (id, post_id, comment_id, path, depth, numchild, created_on)
        SELECT id, post, comment_id, path_new, depth, numchild, created_on FROM tree
    ), old AS (
        INSERT INTO comment_node_old (id, post_id, comment_id, path, depth, numchild, created_on)
        SELECT id, post, comment_id, path_old, depth, numchild, created_on FROM tree
    )
    INSERT INTO comment_node_best (id, post_id, comment_id, path, depth, numchild, score)
    SELECT id, post, comment_id, path_best, depth, numchild, score FROM tree;
END
$$;

-- A backfill writes the nodes of a large post in several transactions. When a comment has come since the tree was first
-- written, a node that is written now may get a path that another one of its post still has: that one gives way, to a path of
-- its own without a place, until it is written itself. Only in sessions of Backpop: for everybody else a path that is taken is
-- an error. Of a row's triggers the first in order of their names is fired first, and this one must be before that which
-- checks whether a path is unique, whose name begins with a U.
CREATE OR REPLACE FUNCTION comment_node_gives_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE %I.%I SET path = ''~'' || id WHERE path = $1 AND id <> $2', TG_TABLE_SCHEMA, TG_TABLE_NAME)
        USING NEW.path, NEW.id;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    node text;
BEGIN
    FOREACH node IN ARRAY ARRAY['comment_node_new', 'comment_node_old', 'comment_node_best'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS "A path has one node" ON %I', node);
        EXECUTE format(
            'CREATE TRIGGER "A path has one node" AFTER INSERT OR UPDATE OF path ON %I FOR EACH ROW WHEN (NEW.path !~ ''^~'' '
            'AND coalesce(current_setting(''backpop.session'', true), '''') <> '''') EXECUTE FUNCTION comment_node_gives_way()', node);
    END LOOP;
END
$$;

COMMIT;
