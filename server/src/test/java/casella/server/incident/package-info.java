@NullMarked
package casella.server.incident;

import org.jspecify.annotations.NullMarked;
