package casella.server.outgoing;

import casella.base.AccountId;
import casella.base.Fault;
import casella.delivery.SendingAllowance.Limits;
import casella.directory.Directory;
import casella.directory.Plan;
import casella.server.config.SubmissionSection;
import java.util.Optional;
import java.util.function.Function;

/// Says how much an owner may send: what the plan says, else the configuration. A directory that does not answer says nothing.
public final class OwnersSending implements Function<AccountId, Limits> {
    private final Directory directory;
    private final SubmissionSection usual;

    public OwnersSending(Directory directory, SubmissionSection usual) {
        this.directory = directory;
        this.usual = usual;
    }

    @Override
    public Limits apply(AccountId account) {
        Optional<Plan> plan = plan(account);
        int hour = plan.map(Plan::recipientsPerHour).filter(most -> most > 0)
                .orElse(usual.recipientsPerHour());
        int day = plan.map(Plan::recipientsPerDay).filter(most -> most > 0)
                .orElse(usual.recipientsPerDay());
        return new Limits(usual.messagesPerMinute(), hour, day);
    }

    private Optional<Plan> plan(AccountId account) {
        try {
            return directory.account(account).flatMap(one -> directory.plan(one.plan()));
        } catch (Fault away) {
            return Optional.empty();
        }
    }
}
