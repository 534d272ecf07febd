package dev.backpop.legacy.reddit;

import dev.backpop.plan.From;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The fields that a plan can map from the things of each kind: those derived from a thing, and the server's own. */
final class ThingFields {
    private static final String SECONDS = "epoch_seconds";
    private static final List<String> ALL =
            List.of("id", "fullname", "created_on", "cleaned", "name", "created", "created_utc", "quarantine");
    private static final List<String> OF_BOTH = List.of(
            "channel_id",
            "channel",
            "author",
            "text",
            "score",
            "edited",
            "edited_on",
            "removed",
            "deleted",
            "stickied",
            "locked",
            "plain_text",
            "subreddit",
            "subreddit_id",
            "subreddit_type",
            "subreddit_name_prefixed",
            "ups",
            "downs",
            "archived",
            "gilded",
            "likes",
            "saved",
            "banned_by",
            "approved_by",
            "removal_reason",
            "removed_by",
            "removed_by_category",
            "num_reports",
            "user_reports",
            "mod_reports",
            "report_reasons",
            "distinguished",
            "author_flair_text",
            "author_flair_css_class",
            "author_fullname",
            "permalink");
    private static final List<String> POSTS = List.of(
            "post_type",
            "title",
            "url",
            "num_comments",
            "permalink_slug",
            "selftext",
            "selftext_html",
            "is_self",
            "domain",
            "thumbnail",
            "hidden",
            "hide_score",
            "over_18",
            "spoiler",
            "clicked",
            "visited",
            "link_flair_text",
            "link_flair_css_class",
            "media",
            "media_embed",
            "secure_media",
            "secure_media_embed",
            "suggested_sort",
            "contest_mode",
            "crosspost_parent",
            "crosspost_parent_list",
            "is_video",
            "is_gallery",
            "poll_data",
            "gallery_data",
            "media_metadata",
            "upvote_ratio",
            "view_count",
            "ignore_reports",
            "preview",
            "post_hint");
    private static final List<String> COMMENTS = List.of(
            "post_id",
            "parent_id",
            "body",
            "body_html",
            "link_id",
            "score_hidden",
            "controversiality",
            "collapsed",
            "is_submitter",
            "ignore_reports",
            "depth");
    private static final List<String> CHANNELS = List.of(
            "title",
            "channel_type",
            "allowed_post_types",
            "description",
            "description_html",
            "public_description",
            "public_description_html",
            "submit_text",
            "submit_text_html",
            "over_18",
            "over18",
            "subreddit_type",
            "submission_type",
            "display_name",
            "display_name_prefixed",
            "url",
            "header_title",
            "header_img",
            "header_size",
            "icon_img",
            "icon_size",
            "banner_img",
            "banner_size",
            "key_color",
            "lang",
            "subscribers",
            "accounts_active",
            "comment_score_hide_mins",
            "wiki_enabled",
            "hide_ads",
            "public_traffic",
            "collapse_deleted_comments",
            "suggested_comment_sort",
            "submit_link_label",
            "submit_text_label",
            "allow_images",
            "allow_top",
            "link_type",
            "user_is_moderator",
            "user_is_contributor",
            "user_is_subscriber",
            "user_is_banned",
            "user_is_muted",
            "user_sr_theme_enabled",
            "show_media",
            "show_media_preview",
            "spoilers_enabled",
            "whitelist_status");

    private static final List<String> ROLES =
            List.of("id", "fullname", "name", "channel_id", "channel", "created_on", "cleaned", "date");

    private static final List<String> VOTES = List.of("id", "fullname", "voter_id", "voter", "direction", "channel");

    private ThingFields() {}

    /** What the derived times are; all else is of the type of the column that it goes into. */
    static Map<String, String> types(From.Thing thing) {
        if (thing.isVote()) {
            return Map.of();
        }
        return thing == From.Thing.CHANNELS || thing.isRole()
                ? Map.of("created_on", SECONDS)
                : Map.of("created_on", SECONDS, "edited_on", SECONDS);
    }

    static Set<String> of(From.Thing thing) {
        Set<String> fields = new TreeSet<>(thing.isRole() ? ROLES : thing.isVote() ? VOTES : ALL);
        switch (thing) {
            case POSTS -> {
                fields.addAll(OF_BOTH);
                fields.addAll(POSTS);
            }
            case COMMENTS -> {
                fields.addAll(OF_BOTH);
                fields.addAll(COMMENTS);
            }
            case CHANNELS -> fields.addAll(CHANNELS);
            case MODERATORS, CONTRIBUTORS -> {}
            case POST_VOTES -> fields.add("post_id");
            case COMMENT_VOTES -> fields.add("comment_id");
        }
        return fields;
    }
}
