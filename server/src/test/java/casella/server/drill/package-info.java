@NullMarked
package casella.server.drill;

import org.jspecify.annotations.NullMarked;
