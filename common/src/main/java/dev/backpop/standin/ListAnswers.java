package dev.backpop.standin;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers that are lists, newest first, of which nobody gets to see more than a thousand; and channels by name. Thread-safe. */
final class ListAnswers {
    private static final int MOST_IN_ALL = 1_000;
    private static final int PAGE = 25;
    private static final int MOST_IN_A_PAGE = 100;

    private final Things things;
    private final ThingAnswers answers;

    ListAnswers(Things things, ThingAnswers answers) {
        this.things = things;
        this.answers = answers;
    }

    Reply posts(Call call, String user) {
        return list(call, user, Fullname.POST, things.posts());
    }

    Reply comments(Call call, String user) {
        return list(call, user, Fullname.COMMENT, things.newestComments());
    }

    Reply channels(Call call, String user) {
        return list(call, user, Fullname.CHANNEL, things.channels());
    }

    Reply postsOf(Call call, String user, String channel) {
        return ofChannel(channel, id -> list(call, user, Fullname.POST, things.postsOf(id)));
    }

    Reply about(String channel) {
        return ofChannel(channel, id -> {
            ObjectNode data = things.channel(id);
            return data == null ? Reply.notFound() : Reply.found(Json.thing(Fullname.CHANNEL, data));
        });
    }

    /** Without pages, for moderators only. The account is the first. */
    Reply moderators(Call call, String channel, String account) {
        return ofModerated(channel, id -> {
            List<String> names = new ArrayList<>(List.of(account));
            names.addAll(things.moderators(id));
            String wanted = call.parameter("user", "");
            if (!wanted.isEmpty()) {
                names.removeIf(name -> !name.equalsIgnoreCase(wanted));
            }
            return users(names, null, true);
        });
    }

    /** A cursor that is in no page gives an empty one. */
    Reply contributors(Call call, String channel) {
        return ofModerated(channel, id -> {
            List<String> names = things.contributors(id);
            List<String> ids =
                    names.stream().map(name -> Fullname.person(name).toString()).toList();
            String after = call.parameter("after");
            int first = after == null ? 0 : ids.indexOf(after) + 1;
            if (after != null && first == 0) {
                return users(List.of(), null, false);
            }
            int end = Math.min(names.size(), first + call.number("limit", PAGE, 1, MOST_IN_A_PAGE));
            return users(names.subList(first, end), end < names.size() ? ids.get(end - 1) : null, false);
        });
    }

    private static Reply users(List<String> names, @Nullable String after, boolean moderators) {
        ArrayNode children = Json.array();
        for (String name : names) {
            ObjectNode child = Json.object().put("date", GeneratedThings.seconds(GeneratedThings.FIRST_SECOND));
            child.put("name", name).put("id", Fullname.person(name).toString());
            if (moderators) {
                child.set("mod_permissions", Json.array().add("all"));
            }
            children.add(child);
        }
        ObjectNode data = Json.object();
        data.set("children", children);
        if (after != null) {
            data.put("after", after);
        }
        return Reply.found(Json.thing("UserList", data));
    }

    /** An unknown channel is looked for; a closed one is forbidden. */
    private Reply ofChannel(String name, Function<Long, Reply> answer) {
        Long id = things.channelNamed(name);
        if (id == null) {
            return Reply.redirect("/subreddits/search?q=" + URLEncoder.encode(name, StandardCharsets.UTF_8));
        }
        return things.isClosed(id) ? Reply.forbidden() : answer.apply(id);
    }

    private Reply ofModerated(String name, Function<Long, Reply> answer) {
        return ofChannel(name, id -> {
            ObjectNode data = things.channel(id);
            return data != null && data.path("user_is_moderator").asBoolean(false)
                    ? answer.apply(id)
                    : Reply.forbidden();
        });
    }

    /** A cursor that is in no page gives an empty one. */
    private Reply list(Call call, String user, String kind, LongStream all) {
        List<Fullname> names =
                all.limit(MOST_IN_ALL).mapToObj(id -> new Fullname(kind, id)).toList();
        int limit = call.number("limit", PAGE, 1, MOST_IN_A_PAGE);
        String before = call.parameter("before");
        String after = call.parameter("after");
        ArrayNode children = Json.array();
        if (before != null) {
            int end = names.indexOf(Fullname.parse(before));
            int first = end;
            while (first > 0 && children.size() < limit) {
                first--;
                ObjectNode data = answers.listed(names.get(first));
                if (data != null) {
                    children.insert(0, Json.thing(kind, answers.viewed(data, user)));
                }
            }
            return page(children, first > 0, end >= 0);
        }
        int next = after == null ? 0 : names.indexOf(Fullname.parse(after)) + 1;
        if (after != null && next == 0) {
            return page(children, false, false);
        }
        boolean hasBefore = next > 0;
        while (next < names.size() && children.size() < limit) {
            ObjectNode data = answers.listed(names.get(next));
            if (data != null) {
                children.add(Json.thing(kind, answers.viewed(data, user)));
            }
            next++;
        }
        return page(children, hasBefore, next < names.size());
    }

    private static Reply page(ArrayNode children, boolean hasBefore, boolean hasAfter) {
        if (children.isEmpty()) {
            return Reply.found(Json.listing(children, null, null));
        }
        String first = children.get(0).path("data").path("name").asString("");
        String last =
                children.get(children.size() - 1).path("data").path("name").asString("");
        return Reply.found(Json.listing(children, hasBefore ? first : null, hasAfter ? last : null));
    }
}
