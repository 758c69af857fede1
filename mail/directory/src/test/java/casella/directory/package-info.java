@NullMarked
package casella.directory;

import org.jspecify.annotations.NullMarked;
