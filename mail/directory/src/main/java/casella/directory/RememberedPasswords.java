package casella.directory;

import casella.base.AccountId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Passwords that were checked lately, as HMACs under a key made at start and never written down.
///
/// An entry holds for one version of one credential, so a changed password is not known any more, whatever was being
/// checked meanwhile. Looking a MAC up in a table takes a time that tells nothing to whoever lacks the key.
final class RememberedPasswords {
    /// @param version of the credential that was checked
    record Known(boolean right, String label, long version) {}

    private record Mac(long a, long b, long c, long d) {}

    private final byte[] key = new byte[32];
    private final Map<AccountId, Set<Mac>> byAccount = new HashMap<>();
    private final Map<Mac, Held> entries;

    private record Held(AccountId account, Known known) {}

    RememberedPasswords(int entriesMax) {
        new SecureRandom().nextBytes(key);
        entries = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Mac, Held> eldest) {
                if (size() <= entriesMax) return false;
                unlink(eldest.getValue().account(), eldest.getKey());
                return true;
            }
        };
    }

    synchronized Optional<Known> known(AccountId account, byte[] password) {
        Held entry = entries.get(mac(account, password));
        return entry == null ? Optional.empty() : Optional.of(entry.known());
    }

    synchronized void remember(AccountId account, byte[] password, Known known) {
        Mac mac = mac(account, password);
        entries.put(mac, new Held(account, known));
        byAccount.computeIfAbsent(account, _ -> new LinkedHashSet<>()).add(mac);
    }

    synchronized void forget(AccountId account) {
        Set<Mac> macs = byAccount.remove(account);
        if (macs != null) macs.forEach(entries::remove);
    }

    synchronized int size() {
        return entries.size();
    }

    private void unlink(AccountId account, Mac mac) {
        Set<Mac> macs = byAccount.get(account);
        if (macs == null) return;
        macs.remove(mac);
        if (macs.isEmpty()) byAccount.remove(account);
    }

    private Mac mac(AccountId account, byte[] password) {
        byte[] message = ByteBuffer.allocate(8 + password.length).putLong(account.value()).put(password).array();
        ByteBuffer mac = ByteBuffer.wrap(ScramKeys.hmac(key, message));
        return new Mac(mac.getLong(), mac.getLong(), mac.getLong(), mac.getLong());
    }
}
