package dev.backpop.standin;

import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a post of a published collection, in which every value is a text and markup is escaped, into what the API said of it.
 * The collection has no authors: they are told as the API tells of people who left.
 */
final class FlatPost {
    private static final String SITE = "http://www.reddit.com";
    private static final String[] NUMBERS = {"score", "ups", "downs", "num_comments"};
    private static final String[] NULL_WHEN_EMPTY = {
        "distinguished", "link_flair_text", "link_flair_css_class", "author_flair_css_class"
    };

    private FlatPost() {}

    static ObjectNode data(JsonNode line) {
        ObjectNode data = Json.object();
        line.properties().forEach(field -> {
            if (!field.getKey().equals("id10")) {
                data.put(field.getKey(), unescaped(field.getValue().asString("")));
            }
        });
        for (String number : NUMBERS) {
            data.put(number, Long.parseLong(text(data, number)));
        }
        for (String name : NULL_WHEN_EMPTY) {
            if (text(data, name).isEmpty()) {
                data.putNull(name);
            }
        }
        data.put("is_self", text(data, "is_self").equals("True"));
        data.put("over_18", text(data, "over_18").equals("True"));
        putEdited(data, text(data, "edited"));
        BigDecimal created = new BigDecimal(text(data, "created_utc"));
        data.put("created_utc", created).put("created", GeneratedThings.local(created));
        String permalink = text(data, "permalink");
        data.put("permalink", permalink.startsWith(SITE) ? permalink.substring(SITE.length()) : permalink);
        data.put("author", GeneratedPosts.NOBODY).putNull("author_flair_text");
        data.putNull("approved_by").putNull("banned_by").putNull("likes").putNull("num_reports");
        data.putNull("media")
                .putNull("removal_reason")
                .putNull("report_reasons")
                .putNull("suggested_sort");
        for (String flag : new String[] {
            "clicked", "contest_mode", "hidden", "hide_score", "locked", "quarantine", "saved", "stickied", "visited"
        }) {
            data.put(flag, false);
        }
        data.put("archived", true).put("gilded", 0);
        data.set("mod_reports", Json.array());
        data.set("user_reports", Json.array());
        String selftext = text(data, "selftext");
        data.put("selftext_html", selftext.isEmpty() ? null : GeneratedThings.html(selftext));
        return data;
    }

    /** The channel that a post names; the collection has none of its own. */
    static ObjectNode channel(long id, String name) {
        ObjectNode data = Json.object();
        BigDecimal created = GeneratedThings.seconds(GeneratedThings.FIRST_SECOND);
        data.put("created", GeneratedThings.local(created)).put("created_utc", created);
        data.put("description", "").put("display_name", name).putNull("header_title");
        data.put("id", Fullname.text(id)).put("lang", "en");
        data.put("name", new Fullname(Fullname.CHANNEL, id).toString()).put("over18", false);
        data.put("public_description", "").put("quarantine", false).put("submission_type", "any");
        data.put("submit_text", "").put("subreddit_type", "public").put("subscribers", 1);
        data.putNull("suggested_comment_sort").put("title", name).put("url", "/r/" + name + "/");
        data.put("user_is_banned", false).put("user_is_contributor", false);
        data.put("user_is_moderator", true).put("user_is_muted", false).put("user_is_subscriber", true);
        return data;
    }

    private static void putEdited(ObjectNode data, String edited) {
        switch (edited) {
            case "False" -> data.put("edited", false);
            case "True" -> data.put("edited", true);
            default -> data.put("edited", new BigDecimal(edited));
        }
    }

    private static String text(ObjectNode data, String name) {
        return data.path(name).asString("");
    }

    /** Once: what was escaped twice is still escaped. */
    private static String unescaped(String text) {
        return text.indexOf('&') < 0
                ? text
                : text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }
}
