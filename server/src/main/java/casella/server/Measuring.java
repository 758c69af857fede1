package casella.server;

import casella.base.AccountId;
import casella.base.Admission;
import casella.base.Clock;
import casella.delivery.Delivery;
import casella.delivery.DeliveryOutcome;
import casella.delivery.Envelope;
import casella.directory.Account;
import casella.directory.Directory;
import casella.directory.Resolution;
import casella.incident.Desk;
import casella.incident.availability.Availability;
import casella.incident.availability.Cause;
import casella.incident.availability.Conditions;
import casella.incident.availability.Recorder;
import casella.store.Accounts;
import casella.store.continuation.Continuations;
import casella.store.continuation.Opening;
import casella.store.deletion.Erasure;
import java.util.List;
import java.util.Optional;

/// Where availability is measured: at the few places that every protocol passes. [Cause] says what counts.
final class Measuring implements AutoCloseable, Erasure.Place {
    /// Of the place where an erased account's record is.
    static final String NAME = "availability";

    private final Recorder recorder;
    private final Directory directory;
    private final Availability availability;

    Measuring(Desk desk, Directory directory, Clock clock) {
        this.recorder = new Recorder(desk, clock);
        this.directory = directory;
        this.availability = new Availability(desk, clock, true);
    }

    /// Returns what reads the record.
    Availability availability() {
        return availability;
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

    /// Measures delivery.
    void delivered(Envelope envelope, List<DeliveryOutcome> outcomes) {
        boolean later = false;
        for (int i = 0; i < outcomes.size(); i++) {
            AccountId account = envelope.recipients().get(i).account();
            DeliveryOutcome outcome = outcomes.get(i);
            if (outcome.accepted()) recorder.worked(account, Cause.REFUSED);
            if (!(outcome instanceof DeliveryOutcome.TryLater)) continue;
            later = true;
            recorder.failed(account, Cause.REFUSED);
        }
        // Only mail of our own users hides where they are.
        if (envelope.trace().clientHidden()) recorder.sent(envelope.sender(), !later);
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

    /// All doors are open.
    void doorsOpen(Conditions conditions) {
        recorder.doorsOpen(conditions, new Recorder.Owners() {
            @Override
            public Optional<AccountId> of(String address) {
                return directory.resolve(address) instanceof Resolution.Local local
                        ? Optional.of(local.account()).map(Account::id) : Optional.empty();
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
        return true;
    }

    @Override
    public void close() {
        recorder.close();
    }
}
