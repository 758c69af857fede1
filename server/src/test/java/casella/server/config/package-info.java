@NullMarked
package casella.server.config;

import org.jspecify.annotations.NullMarked;
