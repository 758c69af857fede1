@NullMarked
package casella.queue;

import org.jspecify.annotations.NullMarked;
