/// Mail that other servers bring: whether it is from whom it says.
@NullMarked
package casella.server.incoming;

import org.jspecify.annotations.NullMarked;
