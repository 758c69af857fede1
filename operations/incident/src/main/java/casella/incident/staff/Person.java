package casella.incident.staff;

import java.time.Instant;
import java.util.Set;

/// Somebody who works here.
///
/// @param name with which they log in: 2 to 32 of `a-z0-9.-`
/// @param since when they were entered
public record Person(String name, Set<Role> roles, Instant since) {
    public Person {
        roles = Set.copyOf(roles);
    }
}
