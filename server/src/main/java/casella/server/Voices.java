package casella.server;

import casella.base.AccountId;
import casella.base.Admission;
import casella.base.Clock;
import casella.directory.Directory;
import casella.incident.Desk;
import casella.incident.Line;
import casella.incident.complaint.Complaints;
import casella.incident.complaint.MailIntake;
import casella.incident.complaint.Reception;
import casella.incident.news.News;
import casella.incident.voice.Arrived;
import casella.incident.voice.BackAgain;
import casella.incident.voice.Voice;
import casella.queue.LocalQueue;
import casella.server.config.AlertsSection;
import casella.server.config.Config;
import casella.server.incident.IncidentDesk;
import casella.server.incident.MailboxNews;
import casella.server.relay.Relay;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /// Begins to write to second addresses, where that is configured; runs until what it returns is closed.
    ///
    /// @throws IOException if a file that the relay needs cannot be read
    static News news(Config config, Desk desk, IncidentDesk told, Voice voice, Directory directory,
            Storage storage,
            Admission doors, Clock clock) throws IOException {
        News.Post post = null;
        Optional<AlertsSection.Relay> out = config.alerts().relay();
        if (config.incident().secondAddresses() && out.isPresent()) {
            Relay relay = Relay.of(out.get(), config.mail().hostname());
            post = (to, mail) -> relay.send(config.alerts().from(), List.of(to), mail);
        }
        var states = new MailboxNews(doors, account -> storage.accounts().open(account).service());
        return new News(desk, directory, voice, told.notices(), states, told.line(), post, clock).start();
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
