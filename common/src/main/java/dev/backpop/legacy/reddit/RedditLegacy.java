package dev.backpop.legacy.reddit;

import dev.backpop.legacy.Legacy;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.legacy.LegacyHeldException;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.file.expected.ExpectedRecord;
import dev.backpop.legacy.record.FieldNames;
import dev.backpop.legacy.record.RowEncoder;
import dev.backpop.legacy.reddit.api.RedditApi;
import dev.backpop.legacy.reddit.expected.Expectation;
import dev.backpop.legacy.reddit.expected.ExpectedRole;
import dev.backpop.legacy.reddit.expected.ExpectedThing;
import dev.backpop.legacy.reddit.expected.ExpectedVote;
import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.plan.LegacySource;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.row.BinaryEncoder;
import dev.backpop.row.RowShape;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A Reddit server as a legacy store: its ids are walked, because it lists no more than its newest thousand things. Thread-safe;
 * a bounded number of requests is under way at a time, and what a chunk's answers hold is kept in files of the scratch folder
 * while the chunk is worked on.
 */
public final class RedditLegacy implements Legacy {
    private static final String REDDIT = "reddit.com";
    private static final int MOST_CHANNELS = 10_000;

    private final LegacySource.Reddit source;
    private final Flights flights;
    private final ThingReader reader;
    private final Lookups lookups;
    private final Spools spools;
    private final DenseThings posts;
    private final DenseThings channels;
    private final DenseThings comments;
    private final @Nullable Voters voters;
    private final VoterReaders voterReaders;
    private final Map<String, Boolean> moderated = new ConcurrentHashMap<>();

    /**
     * Opens it; nothing is asked yet.
     *
     * @param scratch where answers are kept for a while; made when missing
     */
    public RedditLegacy(LegacySource.Reddit source, RedditApi api, Path scratch) {
        this(source, api, scratch, System::nanoTime);
    }

    RedditLegacy(LegacySource.Reddit source, RedditApi api, Path scratch, LongSupplier nanoTime) {
        this.source = source;
        this.flights = new Flights(source.inFlight());
        this.reader = new ThingReader(api);
        this.lookups = new Lookups(source.lookups());
        this.spools = new Spools(scratch);
        this.posts = DenseThings.posts(reader, flights, nanoTime);
        this.channels =
                DenseThings.channels(reader, flights, new NamedChannels(reader, lookups::channelNames), nanoTime);
        this.comments = DenseThings.comments(reader, flights, nanoTime);
        LegacySource.Jdbc ofVoters = source.voters().source();
        this.voters =
                ofVoters == null ? null : new Voters(ofVoters, source.voters().query());
        this.voterReaders = new VoterReaders(api, source);
    }

    @Override
    public boolean encodes(int oid) {
        return BinaryEncoder.encodes(oid);
    }

    @Override
    public LegacyEntity entity(Entity entity, RowShape shape) {
        if (!(entity.from() instanceof From.Things things)) {
            throw new InvalidInputException("entity " + entity.name()
                    + " does not come from Reddit, but the plan's legacy store is a Reddit server: give from.things");
        }
        From.Thing thing = things.thing();
        Set<String> fields = new TreeSet<>(ThingFields.of(thing));
        if (thing != From.Thing.CHANNELS) {
            fields.addAll(lookups.fields());
        }
        FieldNames names = FieldNames.fields(entity.name(), List.copyOf(fields));
        RowEncoder encoder = RowEncoder.of(entity, ThingFields.types(thing), thing.key(), shape, names);
        Set<String> wanted = new TreeSet<>();
        for (ColumnRule rule : entity.columns()) {
            wanted.add(names.check(rule.expression()));
        }
        checkLookups(thing, wanted, names);
        names.throwProblems();
        return new RedditEntity(
                source(thing, names),
                thing.key().size() > 1,
                shape.key(),
                documents(thing, wanted),
                encoder,
                expected(thing, wanted),
                ExpectedRecord.of(entity, ThingFields.types(thing), shape, List.of()),
                spools);
    }

    private ThingSource source(From.Thing thing, FieldNames names) {
        return switch (thing) {
            case POSTS -> posts;
            case CHANNELS -> channels;
            case COMMENTS -> new CommentThings(posts, reader, flights);
            case MODERATORS, CONTRIBUTORS -> new RoleThings(thing, channels, reader, flights);
            case POST_VOTES -> new VoteThings(thing, posts, votersOf(names), voterReaders, lookups, flights);
            case COMMENT_VOTES -> new VoteThings(thing, comments, votersOf(names), voterReaders, lookups, flights);
        };
    }

    private Documents documents(From.Thing thing, Set<String> wanted) {
        if (thing.isRole()) {
            return new RoleDocument(wanted, lookups);
        }
        return thing.isVote()
                ? new VoteDocument(thing, wanted, lookups)
                : new ThingDocument(thing, wanted, lookups, this::moderates, webAddress());
    }

    private Function<JsonNode, Expectation> expected(From.Thing thing, Set<String> wanted) {
        ExpectedThing.Questions asking = new Asking();
        if (thing.isRole()) {
            return new ExpectedRole(wanted, asking)::of;
        }
        return thing.isVote()
                ? new ExpectedVote(thing, wanted, asking)::of
                : new ExpectedThing(thing, wanted, asking, webAddress())::of;
    }

    private Voters votersOf(FieldNames names) {
        Voters known = voters;
        if (known == null) {
            names.add("votes are read as each voter, so legacy.reddit.voters must say who they are: add"
                    + " voters: { url: …, query: \"SELECT id, username, refresh_token FROM …\" }");
            names.throwProblems();
            throw new IllegalStateException("no voters");
        }
        String problem = known.problem();
        if (problem != null) {
            names.add("legacy.reddit.voters.query must give id, username and refresh_token: " + problem);
            names.throwProblems();
        }
        return known;
    }

    private void checkLookups(From.Thing thing, Set<String> wanted, FieldNames names) {
        if (thing == From.Thing.CHANNELS && lookups.has(Lookups.CHANNEL_NAMES)) {
            checkLookup(Lookups.CHANNEL_NAMES, Set.of(), thing, names);
        }
        if (thing == From.Thing.COMMENT_VOTES && !lookups.has(VoteThings.leftOut(thing))) {
            names.add("a comment that /api/info leaves out is asked for by its post: add legacy.reddit.lookups.queries."
                    + VoteThings.leftOut(thing) + ": \"SELECT post_id FROM comment WHERE id = :id\"");
        }
        for (String field : lookups.fields()) {
            boolean always = (field.equals("channel_id") && thing != From.Thing.CHANNELS)
                    || (field.equals("article") && thing == From.Thing.POSTS)
                    || (thing.isVote() && field.equals(VoteThings.leftOut(thing)));
            if (thing == From.Thing.CHANNELS || (!always && !wanted.contains(field))) {
                continue;
            }
            checkLookup(field, ThingFields.of(thing), thing, names);
        }
    }

    /** @param parameters that it may ask with */
    private void checkLookup(String field, Set<String> parameters, From.Thing thing, FieldNames names) {
        boolean known = true;
        for (String parameter : lookups.parameters(field)) {
            if (!parameters.contains(parameter)) {
                known = false;
                names.add("legacy.reddit.lookups.queries." + field + " asks with ':" + parameter + "', but "
                        + (parameters.isEmpty()
                                ? "it is asked with nothing"
                                : thing.word() + " have no field of that name"));
            }
        }
        if (known) {
            try {
                lookups.probe(field);
            } catch (IllegalArgumentException e) {
                names.add("legacy.reddit.lookups.queries." + field + ": " + e.getMessage());
            }
        }
    }

    private boolean moderates(String channel) {
        if (source.moderates()) {
            return true;
        }
        if (moderated.size() > MOST_CHANNELS) {
            moderated.clear();
        }
        Boolean known = moderated.get(channel);
        if (known == null) {
            known = reader.moderates(channel);
            moderated.put(channel, known);
        }
        return known;
    }

    /** What the independent reading may ask of others: not how to read, only what they say. */
    private final class Asking implements ExpectedThing.Questions {
        @Override
        public boolean moderates(String channel) {
            return RedditLegacy.this.moderates(channel);
        }

        @Override
        public boolean isLookedUp(String field) {
            return lookups.has(field);
        }

        @Override
        public @Nullable String lookUp(String field, Map<String, @Nullable String> fields) {
            return lookups.of(field, fields);
        }
    }

    /** What addresses without a host are relative to: Reddit's programs are asked elsewhere than its pages. */
    private String webAddress() {
        URI url = source.url();
        String host = url.getHost();
        if (host.equals(REDDIT) || host.endsWith("." + REDDIT)) {
            return "https://www." + REDDIT;
        }
        return url.getScheme() + "://" + url.getAuthority();
    }

    /** Asks for the newest posts, which needs a login that works, and nothing else; not again within a minute. */
    @Override
    public void check() {
        try {
            posts.reach();
        } catch (LegacyHeldException e) {
            // Until when is lost with a failure of any other kind.
            LegacyHeldException held = new LegacyHeldException(unserved(e), e.time());
            held.initCause(e);
            throw held;
        } catch (LegacyUnavailableException e) {
            throw new StoreUnreachableException(unserved(e), e);
        }
        lookups.check();
        Voters known = voters;
        if (known != null) {
            known.check();
        }
    }

    private String unserved(LegacyUnavailableException e) {
        return "the Reddit server at " + source.url() + " does not serve: " + e.getMessage()
                + ". Check legacy.reddit.url, token_url and the login in the plan";
    }

    @Override
    public void close() {
        flights.close();
        spools.close();
        lookups.close();
        Voters known = voters;
        if (known != null) {
            known.close();
        }
    }
}
