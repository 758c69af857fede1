/// How an account goes on while neither its engine nor its journal can be read: its folders named and closed,
/// what waits for it in one that is open. And the order that chooses between this and the standby.
@NullMarked
package casella.store.continuation;

import org.jspecify.annotations.NullMarked;
