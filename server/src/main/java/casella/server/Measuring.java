package casella.server;

import casella.base.AccountId;
import casella.base.Admission;
import casella.base.ClientApps;
import casella.base.Clock;
import casella.base.Metrics;
import casella.delivery.DeliveryOutcome;
import casella.delivery.Envelope;
import casella.delivery.Recipient;
import casella.delivery.Trace;
import casella.directory.Directory;
import casella.directory.Resolution;
import casella.directory.SqliteDirectory;
import casella.incident.Desk;
import casella.incident.apps.Apps;
import casella.incident.availability.Availability;
import casella.incident.availability.Cause;
import casella.incident.availability.Conditions;
import casella.incident.availability.Recorder;
import casella.incident.losses.Attempt;
import casella.incident.losses.Attempts;
import casella.smtp.NotTaken;
import casella.store.Accounts;
import casella.store.continuation.Continuations;
import casella.store.continuation.Opening;
import casella.store.deletion.Erasure;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Where availability is measured, and mail that is not taken noticed: at the few places that every protocol passes. [Cause] says what
/// counts.
final class Measuring implements AutoCloseable, Erasure.Place {
    /// Of the place where an erased account's record is.
    static final String NAME = "availability";

    private final Recorder recorder;
    private final Directory directory;
    private final Availability availability;
    private final Attempts attempts;
    private final Apps apps;
    private final Clock clock;

    Measuring(Desk desk, Directory directory, Clock clock, Metrics metrics) {
        this.recorder = new Recorder(desk, clock);
        this.apps = new Apps(desk, clock);
        this.attempts = new Attempts(desk, clock, metrics);
        this.clock = clock;
        this.directory = directory;
        this.availability = new Availability(desk, clock, true);
    }

    /// Returns what reads the record.
    Availability availability() {
        return availability;
    }

    /// Measures log-ins from now on; whom `doors` let in is let in.
    void logIns(SqliteDirectory to, Admission doors) {
        to.admission(admission(doors));
        to.apps(apps);
    }

    /// Returns `doors`, and measures what they answer.
    Admission admission(Admission doors) {
        return new Admission() {
            @Override
            public Answer ask(AccountId account, Door door) {
                Answer answer = doors.ask(account, door);
                switch (answer) {
                    case Answer.In _ -> recorder.worked(account, Cause.HELD);
                    case Answer.NotYet _ -> recorder.failed(account, Cause.HELD);
                }
                return answer;
            }

            @Override
            public boolean holds(AccountId account) {
                return doors.holds(account);
            }
        };
    }

    /// Returns what hears of mail that SMTP did not take.
    NotTaken notTaken() {
        return (sender, recipient, remote, code, reason, message) -> attempts.notTaken(new Attempt(
                clock.now().toEpochMilli(), sender, recipient, null, remote, code, reason, message));
    }

    /// Returns what hears which programs owners use.
    ClientApps apps() {
        return apps;
    }

    /// Measures delivery.
    void delivered(Envelope envelope, List<DeliveryOutcome> outcomes, Supplier<String> messageId) {
        boolean later = false;
        for (int i = 0; i < outcomes.size(); i++) {
            DeliveryOutcome outcome = outcomes.get(i);
            // For what it is, not for the state of ours: nobody misses it.
            if (outcome instanceof DeliveryOutcome.Refused) continue;
            later |= outcome instanceof DeliveryOutcome.TryLater;
            switch (envelope.recipients().get(i)) {
                case Recipient.Local local -> delivered(envelope, local, outcome, messageId);
                case Recipient.Forwarded forwarded -> forwarded.here()
                        .forEach(local -> delivered(envelope, local, outcome, messageId));
                case Recipient.Remote _ -> {} // nobody's here to receive
            }
        }
        // Only mail of our own users hides where they are.
        if (envelope.trace().clientHidden()) recorder.sent(envelope.sender(), !later);
    }

    private void delivered(
            Envelope envelope, Recipient.Local recipient, DeliveryOutcome outcome, Supplier<String> messageId) {
        AccountId account = recipient.account();
        if (outcome.accepted()) {
            recorder.worked(account, Cause.REFUSED);
            attempts.taken(account, envelope.sender(), messageId);
            return;
        }
        attempts.notTaken(attempt(envelope, recipient, outcome, messageId.get()));
        if (outcome instanceof DeliveryOutcome.TryLater) recorder.failed(account, Cause.REFUSED);
    }

    private static Attempt attempt(
            Envelope envelope, Recipient.Local recipient, DeliveryOutcome outcome, String message) {
        int code = 0;
        String reason = "";
        switch (outcome) {
            case DeliveryOutcome.Kept _, DeliveryOutcome.Queued _, DeliveryOutcome.Refused _ ->
                    throw new IllegalArgumentException("nothing was lost");
            case DeliveryOutcome.TryLater _ -> {
                code = 451;
                reason = "Try again later";
            }
            case DeliveryOutcome.OverQuota _ -> {
                code = 452;
                reason = "The mailbox was full";
            }
            case DeliveryOutcome.NoSuchRecipient _, DeliveryOutcome.Disabled _ -> {
                code = 550;
                reason = "The mailbox took no mail";
            }
        }
        Trace trace = envelope.trace();
        String remote = trace.clientHidden() ? "" : trace.peer().getHostAddress();
        return new Attempt(trace.at().toEpochMilli(), envelope.sender(), recipient.address(),
                recipient.account(), remote, code, reason, message);
    }

    /// Measures reading from now on; to be called before the first door is open.
    Measuring reading(Accounts accounts) {
        accounts.reading(new Accounts.Reading() {
            @Override
            public void worked(AccountId account, Of what) {
                recorder.worked(account, cause(what));
            }

            @Override
            public void failed(AccountId account, Of what) {
                recorder.failed(account, cause(what));
            }
        });
        return this;
    }

    /// Measures continuations from now on, and those that there are.
    void continuations(Continuations continuations) {
        continuations.onTurn((opening, begins) -> {
            if (begins) recorder.begin(opening.account(), Cause.CONTINUATION, opening.at().toEpochMilli());
            else recorder.worked(opening.account(), Cause.CONTINUATION);
        });
        for (Opening opening : continuations.list()) {
            recorder.begin(opening.account(), Cause.CONTINUATION, opening.at().toEpochMilli());
        }
    }

    private static Cause cause(Accounts.Reading.Of what) {
        return switch (what) {
            case VIEW -> Cause.CALL;
            case CONTENT -> Cause.CONTENT;
        };
    }

    private Optional<AccountId> owner(String address) {
        return switch (directory.resolve(address)) {
            case Resolution.Local local -> Optional.of(local.account().id());
            case Resolution.Forwarded(_, Resolution.Local own, _) -> Optional.ofNullable(own)
                    .map(local -> local.account().id());
            case Resolution.Disabled(AccountId account) -> Optional.of(account);
            case Resolution.Unknown _, Resolution.NotOurs _ -> Optional.empty();
        };
    }

    /// All doors are open.
    void doorsOpen(Conditions conditions) {
        attempts.start(this::owner);
        apps.start();
        recorder.doorsOpen(conditions, new Recorder.Owners() {
            @Override
            public Optional<AccountId> of(String address) {
                return owner(address);
            }

            @Override
            public boolean exists(AccountId account) {
                return directory.account(account).isPresent();
            }
        });
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean erased(AccountId account) {
        recorder.forget(account);
        attempts.forget(account);
        apps.forget(account);
        return true;
    }

    @Override
    public void close() {
        apps.close();
        attempts.close();
        recorder.close();
    }
}
