@NullMarked
package casella.server.scanning;

import org.jspecify.annotations.NullMarked;
