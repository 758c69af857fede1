package casella.jmap;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.OwnRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What owners are shown of their accounts; a test sets it. Of an account without a count nothing can be counted now.
final class OwnPages implements OwnRecord {
    final Map<AccountId, List<Absence>> absences = new ConcurrentHashMap<>();
    final Map<AccountId, List<Attempt>> attempts = new ConcurrentHashMap<>();
    final Map<AccountId, Reckoned> reckoned = new ConcurrentHashMap<>();

    @Override
    public List<Absence> absences(AccountId account) {
        return absences.getOrDefault(account, List.of());
    }

    @Override
    public List<Attempt> attempts(AccountId account) {
        return attempts.getOrDefault(account, List.of());
    }

    @Override
    public Reckoned reckoned(AccountId account) {
        Reckoned counted = reckoned.get(account);
        if (counted == null) throw new Fault.Unavailable("No vault answers", Map.of());
        return counted;
    }
}
