package casella.incident.compensation;

import casella.base.AccountId;
import casella.directory.Registrar;
import java.util.List;
import java.util.Set;

/// Where accounts' allowances are kept: the directory.
public interface Allowances {
    /// As [Registrar#allow].
    Set<AccountId> give(List<Registrar.Allowance> some);

    /// As [Registrar#endAllowances].
    void end(String cause, long grant, List<AccountId> accounts);

    static Allowances of(Registrar registrar) {
        return new Allowances() {
            @Override
            public Set<AccountId> give(List<Registrar.Allowance> some) {
                return registrar.allow(some);
            }

            @Override
            public void end(String cause, long grant, List<AccountId> accounts) {
                registrar.endAllowances(cause, grant, accounts);
            }
        };
    }
}
