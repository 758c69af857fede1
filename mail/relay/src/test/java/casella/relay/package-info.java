@NullMarked
package casella.relay;

import org.jspecify.annotations.NullMarked;
