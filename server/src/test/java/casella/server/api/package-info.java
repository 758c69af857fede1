@NullMarked
package casella.server.api;

import org.jspecify.annotations.NullMarked;
