package dev.backpop.producer.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rows that the target has before anything is moved. They stand for what an application's dual writes have put there,
 * so they are mapped here by hand and not by the plan. They travel as JSON, because the stores may be two databases.
 */
final class DemoRowsThere {
    private static final Map<String, String> QUERIES = queries();

    private DemoRowsThere() {}

    /**
     * Reads them, in the transaction that made the legacy schema.
     *
     * @return by entity, parents before children, a JSON array of target rows
     */
    static Map<String, String> read(Connection legacy) throws SQLException {
        Map<String, String> there = new LinkedHashMap<>();
        for (Map.Entry<String, String> query : QUERIES.entrySet()) {
            try (Statement statement = legacy.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT json_agg(target_row)::text FROM (" + query.getValue() + ") AS target_row")) {
                rows.next();
                there.put(query.getKey(), rows.getString(1));
            }
        }
        return there;
    }

    static void write(Connection target, Map<String, String> there) throws SQLException {
        for (Map.Entry<String, String> rows : there.entrySet()) {
            String table = DemoSchema.TARGET.name() + "." + rows.getKey();
            try (PreparedStatement insert = target.prepareStatement(
                    "INSERT INTO " + table + " SELECT * FROM json_populate_recordset(NULL::" + table + ", ?::json)")) {
                insert.setString(1, rows.getValue());
                insert.executeUpdate();
            }
        }
    }

    private static Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put("channel", """
                SELECT id36 AS id, name, "Display Title" AS title, public_description AS description,
                       over18 IS NOT DISTINCT FROM 't' AS restricted, subscribers::bigint AS subscribers, "user" AS owner,
                       timezone('America/New_York', created) AS created_at
                FROM legacy.channel
                JOIN pg_temp.demo_slot slot ON id36 = pg_temp.channel_id(slot.ordinal)
                WHERE slot.entity = 'channel' AND slot.kind = 'ALREADY_THERE'
                ORDER BY slot.ordinal""");
        queries.put("post", """
                SELECT post_id AS id, id36 AS slug, channel_id, title, "user" AS author, "order" AS place,
                       score::integer AS score, "Price USD" AS price, status, over18 IS NOT DISTINCT FROM 't' AS restricted,
                       CASE WHEN body_html <> '' THEN body_html END AS body,
                       CASE WHEN tags <> '' THEN regexp_split_to_array(tags, ',') ELSE '{}' END AS tags, meta::jsonb AS meta,
                       timezone('America/New_York', created) AS created_at,
                       timestamptz 'epoch' + edited_epoch::double precision * interval '1 second' AS edited_at
                FROM legacy.post
                JOIN pg_temp.demo_slot slot ON post_id = pg_temp.post_id(slot.ordinal)
                WHERE slot.entity = 'post' AND slot.kind IN ('ALREADY_THERE', 'PLANTED')
                ORDER BY slot.ordinal""");
        queries.put("comment", """
                SELECT comment_id AS id, id36 AS slug, post_id, CASE WHEN parent_id <> 0 THEN parent_id END AS parent_id,
                       CASE WHEN "user" <> '[deleted]' THEN "user" END AS author, "Body Text" AS body, score,
                       removed = 1 AS removed, timestamptz 'epoch' + created_epoch * interval '1 second' AS created_at
                FROM legacy.comment
                JOIN pg_temp.demo_slot slot ON comment_id = pg_temp.comment_id(slot.ordinal)
                WHERE slot.entity = 'comment' AND slot.kind = 'ALREADY_THERE'
                ORDER BY slot.ordinal""");
        return queries;
    }
}
