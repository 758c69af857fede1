@NullMarked
package casella.directory.sasl;

import org.jspecify.annotations.NullMarked;
