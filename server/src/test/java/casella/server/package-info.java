@NullMarked
package casella.server;

import org.jspecify.annotations.NullMarked;
