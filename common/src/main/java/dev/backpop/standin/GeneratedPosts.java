package dev.backpop.standin;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Posts as a function of their number. Immutable. */
final class GeneratedPosts {
    static final String NOBODY = "[deleted]";
    private static final String REMOVED = "[removed]";
    private static final int PEOPLE = 5_000;
    private static final int LONGEST_TITLE = 300;
    private static final int LONGEST_TEXT = 40_000;

    private enum Form {
        SELF,
        LINK,
        GALLERY,
        CROSS_POST,
        AD
    }

    private final GeneratedOptions options;
    private final GeneratedChannels channels;
    private final Chance existence;
    private final Chance states;
    private final Chance forms;
    private final Chance chance;
    private final Texts titles;
    private final Texts bodies;

    GeneratedPosts(GeneratedOptions options, GeneratedChannels channels) {
        this.options = options;
        this.channels = channels;
        Chance root = new Chance(options.seed()).of("post");
        existence = root.of("existence");
        states = root.of("state");
        forms = root.of("form");
        chance = root.of("other");
        titles = new Texts(root.of("title"), options.plain());
        bodies = new Texts(root.of("body"), options.plain());
    }

    boolean exists(long id) {
        return id >= 1 && id <= options.posts() && existence.share(id) < options.density();
    }

    long channel(long id) {
        return 1L + chance.of("channel").below(options.channels(), id);
    }

    ThingState state(long id) {
        return options.plain() ? ThingState.SHOWN : ThingState.of(states.share(id));
    }

    boolean isAd(long id) {
        return form(id) == Form.AD;
    }

    private Form form(long id) {
        double draw = forms.share(id);
        if (draw < 0.45) {
            return Form.SELF;
        }
        if (options.plain() || draw < 0.97) {
            return Form.LINK;
        }
        return draw < 0.98 ? Form.GALLERY : draw < 0.99 ? Form.CROSS_POST : Form.AD;
    }

    long second(long id) {
        return GeneratedThings.FIRST_SECOND + id * 20;
    }

    private boolean draws(String what, int oneOf, long id) {
        return !options.plain() && chance.of(what).below(oneOf, id) == 0;
    }

    ObjectNode data(long id, int comments) {
        Form form = form(id);
        ThingState state = state(id);
        long channel = channel(id);
        boolean moderated = channels.isModerated(channel);
        boolean isTaken = state == ThingState.REMOVED || state == ThingState.SPAM;
        boolean isHidden = isTaken && !moderated;
        String title = GeneratedThings.cut(titles.text(id, 14), LONGEST_TITLE);
        String permalink =
                "/r/" + channels.name(channel) + "/comments/" + Fullname.text(id) + "/" + Texts.slug(title) + "/";
        String selftext = form == Form.SELF ? body(id, state, isHidden) : "";
        ObjectNode data = Json.object();
        data.putNull("approved_by").put("archived", draws("archived", 3, id));
        data.put("author", author(id, state, isHidden));
        data.putNull("author_flair_css_class").putNull("author_flair_text");
        putBannedBy(data, state, moderated, id);
        data.put("clicked", false).put("contest_mode", false);
        BigDecimal created = GeneratedThings.seconds(second(id));
        data.put("created", GeneratedThings.local(created)).put("created_utc", created);
        data.put("distinguished", draws("distinguished", 100, id) ? "moderator" : null);
        data.put("domain", form == Form.SELF ? "self." + channels.name(channel) : "example.org")
                .put("downs", 0);
        putEdited(data, chance.of("edited"), second(id), id, options.plain());
        data.put("gilded", 0).put("hidden", false).put("hide_score", draws("hide_score", 50, id));
        data.put("id", Fullname.text(id)).put("is_self", form == Form.SELF).putNull("likes");
        data.putNull("link_flair_css_class").putNull("link_flair_text");
        data.put("locked", draws("locked", 200, id)).putNull("media").set("media_embed", Json.object());
        data.set("mod_reports", Json.array());
        data.put("name", new Fullname(Fullname.POST, id).toString()).put("num_comments", comments);
        data.put("num_reports", moderated ? Integer.valueOf(0) : null).put("over_18", draws("over_18", 40, id));
        data.put("permalink", permalink).put("quarantine", draws("quarantine", 300, id));
        data.putNull("removal_reason").putNull("report_reasons").put("saved", false);
        int score = 1 + (chance.of("score").below(40, id) == 0 ? chance.below(5_000, id) : chance.below(30, id));
        data.put("score", score).putNull("secure_media").set("secure_media_embed", Json.object());
        data.put("selftext", selftext);
        data.put("selftext_html", selftext.isEmpty() ? null : GeneratedThings.html(selftext));
        data.put("stickied", draws("stickied", 300, id));
        data.put("subreddit", channels.name(channel));
        data.put("subreddit_id", new Fullname(Fullname.CHANNEL, channel).toString())
                .putNull("suggested_sort");
        data.put("thumbnail", form == Form.SELF ? "self" : "")
                .put("title", title)
                .put("ups", score);
        data.put("upvote_ratio", BigDecimal.valueOf(98, 2));
        data.put("url", url(id, form, permalink));
        data.set("user_reports", Json.array());
        data.put("visited", false);
        putForm(data, form, id);
        return data;
    }

    private static void putForm(ObjectNode data, Form form, long id) {
        if (form == Form.AD) {
            data.put("promoted", true);
            data.remove("subreddit");
            data.remove("subreddit_id");
        } else if (form == Form.GALLERY) {
            data.put("is_gallery", true);
        } else if (form == Form.CROSS_POST) {
            long original = id / 2 + 1;
            ArrayNode parents = Json.array();
            ObjectNode parent = Json.object().put("id", Fullname.text(original));
            parents.add(parent.put("name", new Fullname(Fullname.POST, original).toString()));
            data.set("crosspost_parent_list", parents);
            data.put("crosspost_parent", new Fullname(Fullname.POST, original).toString());
        }
    }

    private String author(long id, ThingState state, boolean isHidden) {
        return state == ThingState.DELETED || isHidden || draws("author left", 20, id) ? NOBODY : person(chance, id);
    }

    static String person(Chance chance, long id) {
        return "person_" + (1 + chance.of("author").below(PEOPLE, id));
    }

    private String body(long id, ThingState state, boolean isHidden) {
        if (state == ThingState.DELETED) {
            return NOBODY;
        }
        if (isHidden) {
            return REMOVED;
        }
        if (draws("empty", 30, id)) {
            return "";
        }
        if (draws("long", 2_000, id)) {
            return "long ".repeat(LONGEST_TEXT / 5);
        }
        return bodies.text(id, 80);
    }

    private String url(long id, Form form, String permalink) {
        return switch (form) {
            case SELF -> "http://reddit.local" + permalink;
            case GALLERY -> "https://www.reddit.com/gallery/" + Fullname.text(id);
            case CROSS_POST ->
                "/r/" + channels.name(channel(id / 2 + 1)) + "/comments/" + Fullname.text(id / 2 + 1) + "/original/";
            case LINK, AD ->
                "https://example.org/page?number=" + id + "&from=list"
                        + (draws("long address", 500, id) ? "&more=" + "x".repeat(3_000) : "");
        };
    }

    /** A moderator is told who removed it, or true for the spam filter. */
    static void putBannedBy(ObjectNode data, ThingState state, boolean moderated, long id) {
        if (moderated && state == ThingState.REMOVED) {
            data.put("banned_by", "moderator_" + id % 10);
        } else if (moderated && state == ThingState.SPAM) {
            data.put("banned_by", true);
        } else {
            data.putNull("banned_by");
        }
    }

    /** A time, or true where it was so long ago that the time was not kept. */
    static void putEdited(ObjectNode data, Chance chance, long second, long id, boolean plain) {
        int draw = chance.below(50, id);
        if (draw == 0 && !plain) {
            data.put("edited", true);
        } else if (draw < 5) {
            data.put("edited", GeneratedThings.seconds(second + 60 + draw));
        } else {
            data.put("edited", false);
        }
    }

    static @Nullable String hiddenBody(ThingState state, boolean isHidden) {
        return state == ThingState.DELETED ? NOBODY : isHidden ? REMOVED : null;
    }
}
