@NullMarked
package casella.server.control;

import org.jspecify.annotations.NullMarked;
