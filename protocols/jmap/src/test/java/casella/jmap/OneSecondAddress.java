package casella.jmap;

import casella.base.AccountId;
import casella.base.SecondAddresses;
import org.jspecify.annotations.Nullable;

/// Keeps one second address, whose code is always 123456; knows of `.example` addresses alone.
final class OneSecondAddress implements SecondAddresses {
    private @Nullable String address;
    private @Nullable String pending;

    @Override
    public synchronized Kept of(AccountId account) {
        return new Kept(true, address, pending);
    }

    @Override
    public synchronized void begin(AccountId account, String to) {
        if (!to.endsWith(".example")) throw new IllegalArgumentException("address: must be an e-mail address");
        pending = to;
    }

    @Override
    public synchronized boolean confirm(AccountId account, String code) {
        if (pending == null || !code.equals("123456")) return false;
        address = pending;
        pending = null;
        return true;
    }

    @Override
    public synchronized void remove(AccountId account) {
        address = null;
        pending = null;
    }
}
