package dev.backpop.producer.demo;

import dev.backpop.campaign.Reject.Stage;
import java.util.Arrays;
import java.util.List;

/** A kind of row in the demo's legacy tables that the new tables must refuse, and how many of it there are. */
public enum DemoReject {
    CHANNEL_NAME_TAKEN("channel", 2, "23505", Stage.WRITE, "name taken but for its case, by a channel already there"),
    CHANNEL_TITLE_NULL("channel", 3, "23502", Stage.WRITE, "no title"),
    POST_TITLE_TOO_LONG("post", 5, "22001", Stage.WRITE, "title over 300 characters"),
    POST_AUTHOR_NULL("post", 7, "23502", Stage.WRITE, "no author"),
    POST_STATUS_UNKNOWN("post", 4, "23514", Stage.WRITE, "status outside the CHECK"),
    POST_SCORE_NOT_A_NUMBER("post", 6, "22P02", Stage.FETCH, "score 'n/a', which is no integer"),
    POST_PRICE_TOO_GREAT("post", 3, "22003", Stage.WRITE, "price too great for numeric(6,2)"),
    POST_CHANNEL_REJECTED("post", 6, "23503", Stage.WRITE, "in a channel that was rejected"),
    POST_CHANNEL_UNKNOWN("post", 2, "23503", Stage.WRITE, "in a channel that does not exist"),
    /** One comment on every rejected post. */
    COMMENT_POST_REJECTED("comment", 33, "23503", Stage.WRITE, "on a post that was rejected"),
    COMMENT_POST_UNKNOWN("comment", 9, "23503", Stage.WRITE, "on a post that does not exist"),
    COMMENT_BODY_NULL("comment", 4, "23502", Stage.WRITE, "no body"),
    COMMENT_BODY_EMPTY("comment", 2, "23514", Stage.WRITE, "empty body, against the CHECK");

    private final String entity;
    private final int count;
    private final String sqlState;
    private final Stage stage;
    private final String reason;

    DemoReject(String entity, int count, String sqlState, Stage stage, String reason) {
        this.entity = entity;
        this.count = count;
        this.sqlState = sqlState;
        this.stage = stage;
        this.reason = reason;
    }

    /** The kinds of one entity, in the order in which they are seeded. */
    public static List<DemoReject> of(String entity) {
        return Arrays.stream(values())
                .filter(reject -> reject.entity.equals(entity))
                .toList();
    }

    public String entity() {
        return entity;
    }

    /** How many such rows there are, whatever the size of the demo. */
    public int count() {
        return count;
    }

    /** What the database that refuses the row answers. */
    public String sqlState() {
        return sqlState;
    }

    /** {@code FETCH} when the legacy database refuses it while mapping, which also makes it unverifiable. */
    public Stage stage() {
        return stage;
    }

    /** For people. */
    public String reason() {
        return reason;
    }
}
