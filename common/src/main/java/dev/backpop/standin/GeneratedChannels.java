package dev.backpop.standin;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Channels as a function of their number. Immutable. */
final class GeneratedChannels {
    private static final Pattern NAME = Pattern.compile("(?:u_person|channel)_([1-9][0-9]{0,8})");
    private static final double PROFILES = 0.02;
    private static final String[] SUBMISSIONS = {"any", "any", "link", "self"};

    private final GeneratedOptions options;
    private final Chance kinds;
    private final Chance chance;
    private final Texts texts;

    GeneratedChannels(GeneratedOptions options) {
        this.options = options;
        Chance root = new Chance(options.seed()).of("channel");
        kinds = root.of("kind");
        chance = root.of("other");
        texts = new Texts(root, options.plain());
    }

    boolean exists(long id) {
        return id >= 1 && id <= options.channels();
    }

    boolean isClosed(long id) {
        return !options.plain() && kinds.share(id) < options.closed();
    }

    private boolean isProfile(long id) {
        return !options.plain() && !isClosed(id) && kinds.share(id) < options.closed() + PROFILES;
    }

    boolean isModerated(long id) {
        return !isClosed(id) && !isProfile(id) && (options.plain() || chance.share(id) < options.moderated());
    }

    String name(long id) {
        if (isProfile(id)) {
            return "u_person_" + id;
        }
        return (id % 7 == 0 ? "Channel_" : "channel_") + id;
    }

    @Nullable
    Long named(String name) {
        Matcher matcher = NAME.matcher(name.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return null;
        }
        long id = Long.parseLong(matcher.group(1));
        return exists(id) && name(id).equalsIgnoreCase(name) ? id : null;
    }

    String type(long id) {
        if (isClosed(id)) {
            return "private";
        }
        if (isProfile(id)) {
            return "user";
        }
        int draw = chance.below(20, ~id);
        return draw < 14 ? "public" : draw < 17 ? "restricted" : "private";
    }

    List<String> moderators(long id) {
        return people(id * 1_000 + 900, chance.below(4, id + 2));
    }

    List<String> contributors(long id) {
        return people(id * 1_000, chance.below(id % 10 == 0 ? 250 : 20, id + 1));
    }

    private List<String> people(long first, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("person_" + (1 + chance.below(5_000, first + i)));
        }
        return names.stream().distinct().toList();
    }

    ObjectNode data(long id) {
        String name = name(id);
        BigDecimal created = GeneratedThings.seconds(GeneratedThings.FIRST_SECOND + id);
        boolean moderated = isModerated(id);
        ObjectNode data = Json.object();
        data.putNull("accounts_active");
        data.put("banner_img", "").putNull("banner_size");
        data.put("collapse_deleted_comments", false).put("comment_score_hide_mins", 0);
        data.put("created", GeneratedThings.local(created)).put("created_utc", created);
        String description = texts.text(id, 120);
        data.put("description", description).put("description_html", GeneratedThings.html(description));
        data.put("display_name", name);
        data.putNull("header_img").putNull("header_size").putNull("header_title");
        data.put("hide_ads", false).put("icon_img", "").putNull("icon_size");
        data.put("id", Fullname.text(id)).put("lang", "en");
        data.put("name", new Fullname(Fullname.CHANNEL, id).toString());
        data.put("over18", !options.plain() && chance.below(40, id) == 1);
        String shortText = texts.text(~id, 60);
        data.put("public_description", shortText).put("public_description_html", GeneratedThings.html(shortText));
        data.put("public_traffic", false).put("quarantine", false);
        data.put("show_media", false).put("show_media_preview", true);
        data.put("submission_type", SUBMISSIONS[chance.below(SUBMISSIONS.length, id)]);
        data.putNull("submit_link_label").put("submit_text", "").putNull("submit_text_html");
        data.putNull("submit_text_label");
        data.put("subreddit_type", type(id)).put("subscribers", chance.below(10_000, id));
        data.putNull("suggested_comment_sort");
        data.put("title", GeneratedThings.cut(texts.text(id * 2, 9), 100)).put("url", "/r/" + name + "/");
        data.put("user_is_banned", false).put("user_is_contributor", moderated);
        data.put("user_is_moderator", moderated).put("user_is_muted", false).put("user_is_subscriber", true);
        data.put("user_sr_theme_enabled", true).put("wiki_enabled", false);
        return data;
    }
}
