package dev.backpop.legacy.reddit.expected;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a post or a comment should have become. For one thing. */
final class ExpectedContent {
    private static final String NOBODY = "[deleted]";
    private static final String TAKEN = "[removed]";

    private final Map<String, @Nullable Object> record;
    private final Members members;
    private final ExpectedThing.Questions questions;

    ExpectedContent(Map<String, @Nullable Object> record, Members members, ExpectedThing.Questions questions) {
        this.record = record;
        this.members = members;
        this.questions = questions;
    }

    /** Null when there is a record. */
    @Nullable
    Expectation post(String host, Set<String> mapped) {
        if (members.yes("promoted") || members.text("subreddit_id") == null) {
            return new Expectation.Excluded("advertisement");
        }
        String written = members.text("selftext");
        Expectation refused = common(written, mapped.contains("removed"));
        if (refused != null) {
            return refused;
        }
        if (members.yes("is_self")) {
            record.put("post_type", "self");
            record.put("url", null);
            record.put("text", written == null ? "" : written);
        } else {
            record.put("post_type", "link");
            record.put("url", absolute(members.text("url"), host));
            record.put("text", "".equals(written) ? null : written);
        }
        flags("stickied", "locked", "over_18", "quarantine");
        record.put("permalink_slug", ExpectedText.slug(String.valueOf(members.text("title"))));
        if (mapped.contains("plain_text")) {
            boolean self = members.yes("is_self");
            record.put("plain_text", self ? ExpectedText.words(written == null ? "" : written) : null);
        }
        return null;
    }

    private static @Nullable String absolute(@Nullable String url, String host) {
        return url == null || url.isEmpty() || url.charAt(0) != '/' ? url : host.concat(url);
    }

    /** Null when there is a record. */
    @Nullable
    Expectation comment(Set<String> mapped) {
        for (String needed : List.of("link_id", "parent_id", "score")) {
            if (!record.containsKey(needed)) {
                return new Expectation.Unreadable("a comment without " + needed + ", as it stands in a mailbox");
            }
        }
        String written = members.text("body");
        Expectation refused = common(written, mapped.contains("removed"));
        if (refused != null) {
            return refused;
        }
        record.put("text", written);
        record.put("post_id", ExpectedId.ofName("t3", members.text("link_id")));
        String parent = members.text("parent_id");
        if (parent != null && parent.startsWith("t1_")) {
            record.put("parent_id", ExpectedId.ofName("t1", parent));
        } else {
            ExpectedId.ofName("t3", parent);
            record.put("parent_id", null);
        }
        flags("stickied", "locked");
        if (mapped.contains("plain_text")) {
            record.put("plain_text", written == null ? null : ExpectedText.words(written));
        }
        return null;
    }

    private @Nullable Expectation common(@Nullable String written, boolean tellsRemoved) {
        String channel = members.text("subreddit");
        boolean profile = "user".equals(members.text("subreddit_type"));
        if (channel != null && (profile || channel.regionMatches(0, "u_", 0, 2))) {
            return new Expectation.Excluded("profile of a user");
        }
        String author = members.text("author");
        boolean nobody = author == null || author.equals(NOBODY);
        String category = members.text("removed_by_category");
        boolean own = "deleted".equals(category) || "author".equals(category);
        boolean removed = members.given("banned_by") || members.given("removed_by") || (category != null && !own);
        boolean taken = TAKEN.equals(written) && (nobody || removed);
        if ((taken || (tellsRemoved && !removed)) && !members.given("banned_by")) {
            if (channel == null || !questions.moderates(channel)) {
                return new Expectation.Hidden(
                        "no moderator access: what channel " + channel + " removed is not shown to this account");
            }
        }
        removed |= taken;
        record.put("removed", removed);
        record.put("deleted", own || (nobody && NOBODY.equals(written)));
        record.put("author", nobody ? null : author);
        record.put("channel", channel);
        String number = members.text("subreddit_id");
        record.put("channel_id", number == null ? null : (Object) ExpectedId.ofName("t5", number));
        if (members.node("score") == null) {
            record.put("score", members.node("ups"));
        }
        edited();
        return null;
    }

    private void edited() {
        JsonNode edited = members.node("edited");
        BigDecimal when = null;
        boolean ever;
        if (edited == null || edited.isBoolean()) {
            ever = edited != null && edited.booleanValue();
        } else if (edited.isString()
                && Set.of("true", "false").contains(edited.stringValue().toLowerCase(java.util.Locale.ROOT))) {
            ever = edited.stringValue().equalsIgnoreCase("true");
        } else {
            when = members.moment("edited");
            ever = true;
        }
        record.put("edited", ever);
        record.put("edited_on", when);
    }

    private void flags(String... names) {
        for (String name : names) {
            record.put(name, members.yes(name));
        }
    }
}
