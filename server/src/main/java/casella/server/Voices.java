package casella.server;

import casella.base.AccountId;
import casella.base.Clock;
import casella.directory.Directory;
import casella.incident.Desk;
import casella.incident.Line;
import casella.incident.complaint.Complaints;
import casella.incident.complaint.MailIntake;
import casella.incident.complaint.Reception;
import casella.incident.voice.Arrived;
import casella.incident.voice.BackAgain;
import casella.incident.voice.Voice;
import casella.queue.LocalQueue;
import casella.server.config.Config;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What brands say to owners by themselves: that a mailbox is back, that a complaint came.
final class Voices {
    private static final Duration LOOK = Duration.ofSeconds(5);

    private Voices() {}

    /// Begins to watch who has less than always; runs until what it returns is closed.
    static BackAgain start(Config config, Desk desk, Voice voice, Storage storage, LocalQueue queue,
            Clock clock) {
        var arrived = new Arrived(storage.accounts(), account -> !queue.of(account).isEmpty());
        Duration after = config.incident().backMessageAfter();
        return new BackAgain(desk, reduced(storage), arrived, voice, after, clock).start();
    }

    /// Begins to take complaints that come by mail, and to tell who complained; runs until what it returns is closed.
    static Reception reception(Config config, Complaints complaints, Voice voice, Directory directory,
            Storage storage,
            Line line, Clock clock) {
        var intake = new MailIntake(complaints, storage.accounts(), directory,
                storage.dialTone().continuations()::has, clock);
        return new Reception(complaints, intake, config.incident().complaintMailboxes(), voice, line, clock)
                .start(LOOK);
    }

    private static BackAgain.Reduced reduced(Storage storage) {
        return new BackAgain.Reduced() {
            @Override
            public Map<AccountId, Instant> folders() {
                Map<AccountId, Instant> all = new HashMap<>();
                storage.dialTone().continuations().list().forEach(one -> all.put(one.account(), one.at()));
                return all;
            }

            @Override
            public @Nullable Instant contents() {
                return storage.contentsAway();
            }

            @Override
            public List<AccountId> accounts(@Nullable AccountId after, int limit) {
                return storage.accounts().faced(after, limit);
            }

            @Override
            public boolean well() {
                return storage.well();
            }
        };
    }
}
