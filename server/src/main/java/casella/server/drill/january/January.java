package casella.server.drill.january;

import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Fault;
import casella.server.Launch;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.drill.Measured;
import casella.server.drill.NodeClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Re-enacts January 2023: a provider's mailboxes are moved to a new storage that blocks all access past a number of objects
/// which nobody knows of, and its owners read and get mail all the while.
///
/// ```text
/// burn-in    the new storage is tried before anybody is on it; the threshold is found, and nobody is moved
/// halted     no burn-in: the storage blocks in the middle of the move, and the ladder halts by itself
/// forced     forced through: everybody is moved, and the engine lies on it too, when it blocks
/// ```
///
/// Beside the third, the same happens to a system that has this one storage and nothing else. All that Casella does here is
/// done by its own parts, in a server and a folder of its own; what is told the storage is where it blocks, and when it is
/// mended.
public final class January {
    /// The name that commands use.
    public static final String WORD = "january-2023";
    public static final String ABOUT = "Mailboxes are moved to a storage that blocks past a hidden number of objects: found by a"
            + " burn-in, halted by the ladder, forced through; beside it a system with one storage. In a server and a folder of"
            + " its own: it needs no server and touches none.";

    /// Kept by the measurements of one system.
    private static final int SAMPLES_MAX = 2_000_000;
    private static final long LOOK_MILLIS = 250;
    /// Mail is a little late at the threshold: so that the picture shows what was before.
    private static final int BEFORE_SECONDS = 6;
    private static final long BURNED_KIB = 2;
    private static final long LEAST = 5;
    /// Two seconds are long for a storage that answers in milliseconds.
    private static final String ANSWER = "2s";
    private static final String KIND = "pack";
    private static final String ALL = "100%";

    /// Is told how far it is.
    @FunctionalInterface
    public interface Told {
        /// @param share 0 to 1
        void at(double share, String words);
    }

    private final Setting setting;
    private final Path folder;
    private final Told told;
    private final Clock clock = Clock.system();
    private final Owners owners;
    private final NewStorage storage = new NewStorage();
    private final Measured measured = new Measured(clock, SAMPLES_MAX);
    private final List<Act> acts = new ArrayList<>();
    private Blocked casella = Blocked.NEVER;
    private Blocked one = Blocked.NEVER;

    /// @param folder of its own; what is in it afterwards may go
    public January(Setting setting, Path folder, Told told) {
        this.setting = setting;
        this.folder = folder;
        this.told = told;
        this.owners = new Owners(setting.accounts(), setting.watched());
    }

    /// When a storage blocked.
    ///
    /// @param from milliseconds since measuring of that system began; -1 when it did not
    /// @param until when it served again
    public record Blocked(long from, long until) {
        static final Blocked NEVER = new Blocked(-1, -1);
    }

    /// Runs all of it and returns what was found.
    ///
    /// @throws Launch.StartFailed if the server cannot start
    /// @throws IOException if mail is not taken before anything is wrong
    /// @throws Fault.Unavailable if a step did not happen in its time
    public Reenacted run() throws Launch.StartFailed, IOException {
        Instant begun = clock.now();
        told.at(0, "a provider is set up");
        try (var provider = Provider.start(folder.resolve("data"), storage);
                var only = new OneStorage(folder.resolve("one"), owners, SAMPLES_MAX)) {
            provider.enter(setting.accounts());
            var senders = new Senders(provider);
            senders.fill(setting.mails(), owners::had, share -> told.at(0.02 + 0.08 * share, "its owners get their mail"));
            List<Thread> threads = begin(provider, senders);
            try {
                burnIn(provider);
                halted(provider);
                forced(provider, only);
            } finally {
                measured.end();
                only.end();
                storage.release();
                Senders.joined(threads);
            }
            told.at(0.95, "everything is counted");
            return counted(provider, only, begun);
        }
    }

    private List<Thread> begin(Provider provider, Senders senders) {
        var threads = new ArrayList<Thread>();
        var in = new CountDownLatch(setting.watched());
        owners.watchers().forEach(owner -> threads.add(Thread.ofVirtual().name("january.owner-" + owner)
                .start(new Watcher(provider, owner, setting.everyMillis(), measured, in))));
        if (!waits(0.1, "all owners are logged in", () -> in.getCount() == 0)) {
            measured.end();
            throw new Fault.Unavailable("Owners cannot log in", Map.of("owners", in.getCount()));
        }
        threads.addAll(senders.begin(owners, setting.perSecond(), measured));
        threads.add(Thread.ofVirtual().name("january.look").start(() -> {
            do provider.look();
            while (!measured.rested(LOOK_MILLIS));
        }));
        return threads;
    }

    private void act(String word, String title, Function<Long, String> play) {
        long from = measured.now();
        measured.moment(title);
        String said = play.apply(from);
        boolean held = !said.startsWith("NOT SO");
        measured.moment(said);
        acts.add(new Act(word, title, held, said, from, measured.now()));
    }

    private static String said(boolean held, String words) {
        return held ? words : "NOT SO: " + words;
    }

    private void burnIn(Provider provider) {
        act("burn-in", "The new storage is burned in before anybody is on it", _ -> {
            String name = add(provider, "found", setting.mails() + setting.mails() / 4);
            long projected = 2 * setting.mails();
            Outcome burned = provider.order(
                    new Order.VaultBurnIn(name, projected, projected * BURNED_KIB + "KiB", (long) setting.accounts(), ANSWER),
                    _ -> {}, share -> told.at(0.1 + 0.15 * share, "burn-in of the new storage"));
            boolean found = burned instanceof Outcome.Found(ObjectNode facts)
                    && !facts.path("thresholds").isEmpty();
            String sentence = burned instanceof Outcome.Found(ObjectNode facts)
                    ? facts.path("sentence").asString("") : burned.toString();
            boolean refused = start(provider, name, false) instanceof Outcome.Refused(String why) && why.contains("burn-in failed");
            storage.release();
            provider.done(new Order.VaultRemove(name));
            return said(found && refused, sentence + (refused ? "; nobody is moved to it" : "; it may be moved to"));
        });
    }

    private String add(Provider provider, String name, long threshold) {
        storage.limit(threshold);
        provider.done(new Order.VaultAdd(name, KIND, null, null, null, false));
        return name;
    }

    private Outcome start(Provider provider, String name, boolean without) {
        return provider.order(new Order.VaultStart(name, setting.soak().toSeconds() + "s", LEAST, without));
    }

    private void halted(Provider provider) {
        act("halted", "Without a burn-in: mailboxes are moved in stages", _ -> {
            String name = add(provider, "halted", setting.mails() / 2);
            start(provider, name, true);
            JsonNode now = until(provider, name, 0.25, one -> one.path("state").asString("").equals("halted"));
            String why = now.path("stage").asString("") + ": " + now.path("why").asString("");
            boolean blocked = storage.blocked();
            // At once, while it answers nobody: the old vault has everything.
            provider.done(new Order.VaultRollback(name, null));
            storage.release();
            provider.done(new Order.VaultRemove(name));
            return said(blocked, "the ladder halted by itself at " + why + "; taken back at once");
        });
    }

    /// Waits until the vault on its way stands as is wanted. A machine that is busy with other things may do too little in so
    /// short a stage: that is no judgement, and it goes on.
    private JsonNode until(Provider provider, String name, double share, Predicate<JsonNode> wanted) {
        Deadline within = Deadline.in(setting.patience());
        while (true) {
            Outcome shown = provider.order(new Order.VaultShow(name));
            ObjectNode now = switch (shown) {
                case Outcome.Done(ObjectNode facts) -> facts;
                case Outcome.Found(ObjectNode facts) -> facts;
                case Outcome.Refused(String why) -> throw new Fault.Unavailable(why, Map.of("vault", name));
                case Outcome.NotReachable(String why) -> throw new Fault.Unavailable(why, Map.of("vault", name));
            };
            boolean missing = now.path("why").asString("").startsWith("missing data");
            if (missing) provider.done(new Order.VaultContinue(name, false));
            else if (wanted.test(now)) return now;
            if (within.over()) {
                throw new Fault.Unavailable("The migration did not come to where it was to",
                        Map.of("vault", name, "stage", now.path("stage").asString(""), "state",
                                now.path("state").asString(""), "why", now.path("why").asString("")));
            }
            told.at(share, "stage " + now.path("stage").asString(""));
            Senders.pause(LOOK_MILLIS);
        }
    }

    private void forced(Provider provider, OneStorage only) {
        act("forced", "Forced through, the engine on the same storage", from -> {
            String name = add(provider, "forced", Long.MAX_VALUE);
            start(provider, name, true);
            provider.done(new Order.VaultContinue(name, true));
            only.fill(setting.mails());
            until(provider, name, 0.45, now -> now.path("stage").asString("").equals(ALL)
                    && now.path("moved").path("whole").asBoolean(false));
            measured.moment("everybody is on the new storage");
            only.begin(setting.perSecond(), setting.everyMillis());
            long more = (long) BEFORE_SECONDS * setting.perSecond();
            storage.limit(storage.objects() + more);
            only.limit(more);
            block(only);
            if (setting.ordered()) bringBack(provider);
            boolean back = waits(0.85, "all owners are with their engine", () -> provider.look() == 0)
                    && waits(0.85, "no mail waits", provider::emptied)
                    && waits(0.85, "no vault is owed anything", provider::paid);
            provider.done(new Order.VaultRollback(name, null));
            // The owners read on for a little, without it.
            Senders.pause(3 * setting.everyMillis());
            return said(back && casella.from() > from, "the new storage and the engine answered nobody for %d s; then all came back"
                    .formatted((casella.until() - casella.from()) / 1_000));
        });
    }

    /// Waits until both storages block, has each blocked for its time, and mends it.
    private void block(OneStorage only) {
        Deadline within = Deadline.in(setting.patience());
        long most = setting.blocked().toMillis();
        while (casella.until() < 0 || one.until() < 0) {
            if (within.over() && (casella.from() < 0 || one.from() < 0)) {
                throw new Fault.Unavailable("The storage does not block", Map.of("objects", storage.objects()));
            }
            long now = measured.now();
            long other = only.measured().now();
            if (casella.from() < 0 && storage.blocked()) {
                storage.withEngine(setting.blocked().plusMinutes(1));
                measured.moment("the new storage blocks: " + storage.objects() + " objects");
                casella = new Blocked(now, -1);
            }
            if (one.from() < 0 && only.blocked()) one = new Blocked(other, -1);
            if (casella.from() >= 0 && casella.until() < 0 && now - casella.from() >= most) {
                storage.release();
                measured.moment("the new storage is mended");
                casella = new Blocked(casella.from(), now);
            }
            if (one.from() >= 0 && one.until() < 0 && other - one.from() >= most) {
                only.release();
                one = new Blocked(one.from(), other);
            }
            double share = casella.from() < 0 ? 0 : Math.min(1, (now - casella.from()) / (double) most);
            told.at(0.5 + 0.3 * share, "the new storage and the engine answer nobody");
            Senders.pause(20);
        }
    }

    /// As soon as the engine counts again.
    private void bringBack(Provider provider) {
        if (!waits(0.85, "the engine is healthy", provider::engineWell)) return;
        measured.moment("the operators bring everybody back");
        provider.order(new Order.StandbyReturn(null));
    }

    private boolean waits(double share, String words, BooleanSupplier wanted) {
        Deadline within = Deadline.in(setting.patience().plus(Duration.ofMinutes(1)));
        while (!within.over()) {
            if (wanted.getAsBoolean()) {
                measured.moment(words);
                return true;
            }
            told.at(share, "until " + words);
            Senders.pause(LOOK_MILLIS);
        }
        measured.moment("NOT SO: " + words);
        return false;
    }

    /// Counts what is in every account, once all is there that was accepted.
    private Reenacted counted(Provider provider, OneStorage only, Instant begun) throws IOException {
        Map<Integer, Map<String, Integer>> expected = expected();
        long lost = 0;
        long duplicated = 0;
        for (int owner : owners.watchers().toArray()) {
            Map<String, Integer> there = subjects(provider, owner);
            for (String subject : expected.getOrDefault(owner, Map.of()).keySet()) {
                if (!there.containsKey(subject)) lost++;
            }
            for (int times : there.values()) duplicated += times - 1;
        }
        var emails = new AtomicLong();
        var wrong = new AtomicLong();
        provider.order(new Order.Verify(null), row -> {
            emails.addAndGet(row.path("emails").asLong(0));
            if (!row.path("problems").isEmpty() || row.has("why")) wrong.incrementAndGet();
        }, share -> told.at(0.95 + 0.05 * share, "every mail is verified"));
        return new Reenacted(setting, begun, measured, only.measured(), casella, one, List.copyOf(acts),
                new Reenacted.Counted(setting.mails() + measured.accepted.size(), emails.get(), lost, duplicated,
                        wrong.get()));
    }

    /// Returns the subjects that each owner must have.
    private Map<Integer, Map<String, Integer>> expected() {
        var all = new HashMap<Integer, Map<String, Integer>>();
        for (long number = 0; number < setting.mails(); number++) {
            all.computeIfAbsent(owners.had(number), _ -> new HashMap<>()).put(Mail.subject(number), 1);
        }
        for (String subject : measured.accepted.keySet()) {
            all.computeIfAbsent(owners.gets(Mail.number(subject)), _ -> new HashMap<>()).put(subject, 1);
        }
        return all;
    }

    private static Map<String, Integer> subjects(Provider provider, int owner) throws IOException {
        var counts = new HashMap<String, Integer>();
        try (var client = new NodeClient(provider, "imap", Mail.address(owner))) {
            for (String subject : client.inbox().subjects().values()) counts.merge(subject, 1, Integer::sum);
        }
        return counts;
    }
}
